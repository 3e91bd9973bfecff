import { cell } from '../core/text/cell.ts';
import { formatNumbers } from '../core/text/number.ts';
import { countOf } from '../core/text/size.ts';
import type { Cell, Column } from '../core/text/table.ts';
import { exitCodes } from '../protocol/names.ts';
import type { VerbInput } from './verb.ts';

/** `runrecord query`: what SQL answers over the views of docs/schema.md. */
export async function act({ deps, output, operands }: VerbInput): Promise<number> {
  const records = await deps.openRecords();
  try {
    const rows = records.query(operands[0] ?? '');
    if (output.json) {
      await output.printJson(rows);
      return exitCodes.done;
    }
    const names = Object.keys(rows[0] ?? {});
    const parts = names.map((name) =>
      layOut(
        name,
        rows.map((row) => row[name]),
      ),
    );
    const lines = rows.map((_, at) => parts.map((part) => part.cells[at] as Cell));
    if (rows.length > 0)
      await output.print(
        output.table(
          parts.map((part) => part.column),
          lines,
        ),
      );
    output.say(`${countOf(rows.length, 'row')}.`);
    return exitCodes.done;
  } finally {
    records.close();
  }
}

/** SQL asks for values: they are shown as they are, only numbers are written alike. */
function layOut(name: string, values: unknown[]): { column: Column; cells: Cell[] } {
  const header = cell(name).text;
  if (values.every((value) => value === null || typeof value === 'number')) {
    const texts = formatNumbers(values as (number | null)[]);
    return { column: { header, align: 'right' }, cells: texts.map((text) => cell(text)) };
  }
  return { column: { header }, cells: values.map((value) => cell(show(value))) };
}

function show(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Uint8Array ? `${value.length} bytes` : String(value);
}

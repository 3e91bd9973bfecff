import { countOf } from '../core/text/size.ts';
import { makeVisible } from '../core/text/visible.ts';
import { exitCodes } from '../protocol/names.ts';
import { selectRuns } from '../store/index/select-runs.ts';
import type { Records } from './deps.ts';
import { customTable, readColumns } from './list-columns.ts';
import { defaultTable } from './list-table.ts';
import { usageError } from './options.ts';
import { textOption, type VerbInput } from './verb.ts';

const terminalLimit = 100;

/** `runrecord list`: the runs of the workspace, newest first. */
export async function act({ deps, output, options }: VerbInput): Promise<number> {
  const isTerminal = deps.stdout.isTTY === true && !output.json;
  const limit = readLimit(textOption(options, 'limit')) ?? (isTerminal ? terminalLimit : 0);
  const columns = readColumns(textOption(options, 'columns'));
  const records = await deps.openRecords();
  try {
    const selection = selectRuns(records, {
      where: textOption(options, 'where'),
      sort: textOption(options, 'sort'),
      limit,
      nowMs: deps.now(),
    });
    const rows = records.rows(selection.ids);
    if (output.json) {
      await output.printJson(columns === null ? rows : addColumns(records, rows, columns));
      return exitCodes.done;
    }
    sayHints(records, selection, output.say);
    if (rows.length === 0) return exitCodes.done;
    const table =
      columns === null
        ? defaultTable(rows, deps.now())
        : customTable(records, rows, columns, deps.now());
    await output.print(output.table(table.columns, table.rows));
    return exitCodes.done;
  } finally {
    records.close();
  }
}

function readLimit(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usageError(`--limit ${text} is not a number of runs.`, 'Write it as --limit 20.');
}

function addColumns(
  records: Records,
  rows: ReturnType<Records['rows']>,
  columns: NonNullable<ReturnType<typeof readColumns>>,
): unknown[] {
  const values = columns.map((column) =>
    column.read(
      records,
      rows.map((row) => row.id),
    ),
  );
  return rows.map((row) => ({
    ...row,
    ...Object.fromEntries(
      columns
        .map((column, at): [string, unknown] => [column.name, values[at]?.get(row.id) ?? null])
        .filter(([name]) => !(name in row)),
    ),
  }));
}

/** What the table itself does not say: that it is empty, cut short, or asked with a wrong name. */
function sayHints(
  records: Records,
  selection: ReturnType<typeof selectRuns>,
  say: (line: string) => void,
): void {
  for (const name of selection.unknownMetrics) {
    const meant = selection.nearest(name);
    const hint =
      meant === null
        ? 'config.KEY, tags.KEY and data.PATH name other values'
        : `did you mean ${meant}?`;
    say(`No run has a metric or field named ${makeVisible(name)}: ${hint}`);
  }
  const total = selection.total(records);
  if (total === 0) say('No runs are recorded here yet. Record one: runrecord run -- COMMAND');
  else if (selection.ids.length === 0) say(`None of ${countOf(total, 'run')} matches.`);
  else if (selection.more) {
    say(`The first ${countOf(selection.ids.length, 'run')}; --limit 0 shows all.`);
  }
}

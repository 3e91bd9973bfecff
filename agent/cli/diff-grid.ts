import type { Cell, Column } from '../core/text/table.ts';
import { displayWidth } from '../core/text/width.ts';
import { wrapText } from '../core/text/wrap.ts';
import type { DiffRow, Section } from './diff-sections.ts';
import type { Output } from './output.ts';

const indent = 2;
const gaps = 3 * 2;

const columns: Column[] = [
  { header: '', cut: 'never' },
  { header: 'A', cut: 'never' },
  { header: 'B', cut: 'never' },
  { header: '', cut: 'never' },
];

/**
 * One grid for all sections, so that the sides stand below each other down the page. A row that
 * does not fit into it has its sides in lines of their own: a value that is cut could hide the
 * very difference.
 */
export function layOutGrid(sections: readonly Section[], output: Output): string[] {
  const rows = sections.flatMap((section) => section.rows);
  if (rows.length === 0) return [];
  const fits = makeFit(rows, output.width - indent);
  const inGrid = rows.filter(fits).map((row) => [row.label, row.a, row.b, row.note] as Cell[]);
  const [header = '', ...lines] = output.table(columns, inGrid, { indent });
  const described = inGrid.length === 0 ? [] : [header];
  for (const section of sections) {
    if (section.rows.length === 0) continue;
    described.push(output.paint(section.title, 'strong'));
    for (const row of section.rows) {
      described.push(...(fits(row) ? [lines.shift() ?? ''] : stackRow(row, output)));
    }
  }
  return [...described, ''];
}

/** The labels may take a third and the notes what they need; the sides share the rest. */
function makeFit(rows: readonly DiffRow[], width: number): (row: DiffRow) => boolean {
  if (!Number.isFinite(width)) return () => true;
  const widest = (pick: (row: DiffRow) => Cell, most: number): number =>
    rows
      .map((row) => displayWidth(pick(row).text))
      .filter((one) => one <= most)
      .reduce((most, one) => Math.max(most, one), 0);
  const label = widest((row) => row.label, Math.floor(width / 3));
  const note = widest((row) => row.note, width);
  const side = Math.floor((width - label - note - gaps) / 2);
  return (row) =>
    displayWidth(row.label.text) <= label &&
    displayWidth(row.a.text) <= side &&
    displayWidth(row.b.text) <= side;
}

function stackRow({ label, a, b, note, isPair }: DiffRow, output: Output): string[] {
  const lines = (text: string, first: string, next: string): string[] =>
    wrapText(text, Math.max(20, output.width - first.length)).map(
      (line, at) => `${at === 0 ? first : next}${line}`,
    );
  const side = (cell: Cell, name: string): string[] => {
    if (cell.text === '' && !isPair) return [];
    return lines(cell.text, `    ${name}`, '    '.padEnd(4 + name.length)).map((line) => {
      const start = 4 + name.length;
      return line.slice(0, start) + output.paint(line.slice(start), cell.style);
    });
  };
  const title = note.text === '' ? label.text : `${label.text}  ${note.text}`;
  const names = isPair ? ['A  ', 'B  '] : ['', ''];
  return [...lines(title, '  ', '  '), ...side(a, names[0] ?? ''), ...side(b, names[1] ?? '')];
}

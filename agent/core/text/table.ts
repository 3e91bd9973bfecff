import { type Cut, displayWidth, fitText } from './width.ts';

/** A cell: text that is safe to print, and a style's name that the printer may turn into colour. */
export interface Cell {
  text: string;
  style?: string;
}

export interface Column {
  header: string;
  align?: 'left' | 'right';
  /** Where a text that is too long is cut; `never` keeps the column whole. */
  cut?: Cut | 'never';
  /** May be left out where not all fit, before any is cut below its `least`; highest first. */
  optional?: number;
  /** Columns to keep when it shrinks; 6, or less where the content is shorter. */
  least?: number;
}

export type Paint = (text: string, style: string | undefined) => string;

const gap = '  ';
const leastWidth = 6;

/** Width of each column by its content. */
function naturalWidths(columns: readonly Column[], rows: readonly Cell[][]): number[] {
  return columns.map((column, at) =>
    rows.reduce(
      (widest, row) => Math.max(widest, displayWidth(row[at]?.text ?? '')),
      displayWidth(column.header),
    ),
  );
}

const total = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, 0) + gap.length * Math.max(0, widths.length - 1);

function leastOf(column: Column, natural: number): number {
  return column.cut === 'never' ? natural : Math.min(natural, column.least ?? leastWidth);
}

/** The widest columns give way first, down to what each must keep. */
function shrinkWidths(
  columns: readonly Column[],
  natural: readonly number[],
  width: number,
): number[] {
  const widths = [...natural];
  const least = columns.map((column, at) => leastOf(column, natural[at] ?? 0));
  let over = total(widths) - width;
  while (over > 0) {
    const open = widths.map((w, at) => (w > (least[at] ?? 0) ? w : 0));
    const widest = Math.max(...open);
    if (widest === 0) break;
    const at = open.indexOf(widest);
    const next = open.reduce((most, w) => (w < widest ? Math.max(most, w) : most), 0);
    const sharing = open.filter((w) => w === widest).length;
    // One step takes all that lies above the next widest, or an equal share of what is over.
    const step = Math.min(widest - Math.max(next, least[at] ?? 0), Math.ceil(over / sharing), over);
    widths[at] = widest - Math.max(1, step);
    over = total(widths) - width;
  }
  return widths;
}

/** Positions of the columns that stay when not all fit. */
function chooseColumns(
  columns: readonly Column[],
  natural: readonly number[],
  width: number,
): number[] {
  const leasts = columns.map((column, at) => leastOf(column, natural[at] ?? 0));
  let chosen = columns.map((_, at) => at);
  const order = chosen
    .filter((at) => columns[at]?.optional !== undefined)
    .sort((x, y) => (columns[y]?.optional ?? 0) - (columns[x]?.optional ?? 0));
  for (const dropped of order) {
    if (total(chosen.map((at) => leasts[at] ?? 0)) <= width) break;
    chosen = chosen.filter((at) => at !== dropped);
  }
  return chosen;
}

/**
 * A table in aligned columns that fits `width` (Infinity: as wide as it is), as lines without line
 * ends. Where no column may give more way the lines are longer, and the terminal wraps them.
 */
export function layOutTable(
  columns: readonly Column[],
  rows: readonly Cell[][],
  options: { width: number; paint: Paint; header?: boolean },
): string[] {
  const natural = naturalWidths(columns, rows);
  const chosen = chooseColumns(columns, natural, options.width);
  const shown = chosen.map((at) => columns[at] as Column);
  const widths = shrinkWidths(
    shown,
    chosen.map((at) => natural[at] as number),
    options.width,
  );
  const line = (cells: (Cell | undefined)[]): string => {
    const texts = shown.map((column, at) =>
      layOutCell(column, cells[at], widths[at] ?? 0, options.paint),
    );
    return texts.join(gap).trimEnd();
  };
  const body = rows.map((row) => line(chosen.map((at) => row[at])));
  if (options.header === false) return body;
  return [line(shown.map((column) => ({ text: column.header, style: 'header' }))), ...body];
}

function layOutCell(column: Column, cell: Cell | undefined, width: number, paint: Paint): string {
  const cut = column.cut === 'never' ? 'end' : column.cut;
  const text = fitText(cell?.text ?? '', width, cut);
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  const painted = paint(text, cell?.style);
  return column.align === 'right' ? space + painted : painted + space;
}

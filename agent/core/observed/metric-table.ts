import type { Json, Numeric } from '../../protocol/values.ts';
import { parseLooseJson } from '../loose-json.ts';
import { toNumeric } from '../program-events.ts';

export interface TablePoint {
  name: string;
  value: Numeric;
  step: Numeric | null;
  epoch: Numeric | null;
}

type Cell = Json | undefined;
interface Row {
  [column: string]: Cell;
}

/** Columns that count how far a program has come, the first that is there being its step. */
const stepNames = new Set([
  'step',
  'global_step',
  'trainer/global_step',
  'iteration',
  'iter',
  'iters',
  'round',
  'update',
  'timestep',
  'timesteps',
  'total_timesteps',
]);
const epochNames = new Set(['epoch', 'epochs']);
/** Text that says which of several series a row belongs to. */
const seriesNames = new Set(['split', 'phase', 'mode', 'stage', 'subset']);
const clockNames = new Set([
  'time',
  'timestamp',
  'wall_time',
  'walltime',
  'date',
  'datetime',
  'at',
]);
/** Rows beyond so many are the data of somebody, and no log of a training. */
const mostRows = 200_000;
const mostColumns = 500;

/**
 * The metrics in a table that a program wrote of its own accord, or none where it is no such table:
 * one has a column that counts steps or epochs and never goes back by much, and others of numbers.
 * Cells may be empty, as several writers share a table.
 */
export function readMetricTable(text: string, format: 'csv' | 'jsonl'): TablePoint[] {
  const rows = format === 'csv' ? readCsv(text) : readJsonLines(text);
  if (rows === null || rows.length === 0) return [];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (columns.length > mostColumns) return [];
  const step = columns.find((name) => stepNames.has(plainName(name)));
  const epoch = columns.find((name) => epochNames.has(plainName(name)));
  const series = columns.find((name) => seriesNames.has(plainName(name)));
  if (![step, epoch].some((name) => name !== undefined && isCount(rows, name, series))) return [];
  const values = columns.filter(
    (name) =>
      ![step, epoch, series].includes(name) &&
      !clockNames.has(plainName(name)) &&
      isNumbers(rows, name),
  );
  return rows.flatMap((row) =>
    values.flatMap((name) => {
      const value = numberIn(row[name]);
      if (value === null) return [];
      const kind = series === undefined ? null : row[series];
      const full = typeof kind === 'string' && kind !== '' ? `${kind}/${name}` : name;
      return [{ name: full.trim(), value, step: count(row, step), epoch: count(row, epoch) }];
    }),
  );
}

function plainName(name: string): string {
  return name.trim().toLowerCase().replaceAll(' ', '_');
}

function count(row: Row, column: string | undefined): Numeric | null {
  return column === undefined ? null : numberIn(row[column]);
}

function numberIn(cell: Cell): Numeric | null {
  if (typeof cell === 'number') return toNumeric(cell);
  if (typeof cell !== 'string') return null;
  const text = cell.trim();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return toNumeric(Number(text));
  if (/^nan$/i.test(text)) return 'NaN';
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  return infinite === null ? null : infinite[1] === '-' ? '-Infinity' : 'Infinity';
}

/** Whether a column counts: whole or not, it does not go back within a series but where it begins again. */
function isCount(rows: Row[], column: string, series: string | undefined): boolean {
  const last = new Map<Cell, number>();
  let some = 0;
  let back = 0;
  for (const row of rows) {
    if (isEmpty(row[column])) continue;
    const value = Number(numberIn(row[column]) ?? Number.NaN);
    if (!Number.isFinite(value) || value < 0) return false;
    const kind = series === undefined ? undefined : row[series];
    if (value < (last.get(kind) ?? 0)) back += 1;
    last.set(kind, value);
    some += 1;
  }
  return some > 0 && back <= some / 10;
}

function isNumbers(rows: Row[], column: string): boolean {
  const filled = rows.filter((row) => !isEmpty(row[column]));
  return filled.length > 0 && filled.every((row) => numberIn(row[column]) !== null);
}

function isEmpty(cell: Cell): boolean {
  return cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '');
}

/** Null where it is no table: rows of several lengths. A last line that is not whole is left out. */
function readCsv(text: string): Row[] | null {
  const lines = splitCsv(text);
  const head = lines.shift();
  if (head === undefined || head.length < 2 || new Set(head).size < head.length) return null;
  if (head.some((name) => numberIn(name) !== null)) return null;
  if (!text.endsWith('\n') && (lines.at(-1)?.length ?? 0) < head.length) lines.pop();
  if (lines.length > mostRows || lines.some((line) => line.length > head.length)) return null;
  return lines.map((line) => Object.fromEntries(head.map((name, i) => [name, line[i] ?? ''])));
}

function splitCsv(text: string): string[][] {
  const separator = /^[^\n]*\t/.test(text) && !/^[^\n]*,/.test(text) ? '\t' : ',';
  const lines: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endCell = () => {
    cells.push(cell);
    cell = '';
  };
  const endLine = () => {
    endCell();
    if (cells.length > 1 || cells[0] !== '') lines.push(cells);
    cells = [];
  };
  for (let i = text.charCodeAt(0) === 0xfeff ? 1 : 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[i + 1] === '"') {
        cell += char;
        i += 1;
      } else isQuoted = false;
    } else if (char === '"' && cell === '') isQuoted = true;
    else if (char === separator) endCell();
    else if (char === '\n') endLine();
    else if (char !== '\r') cell += char;
    if (lines.length > mostRows + 1) break;
  }
  if (cell !== '' || cells.length > 0) endLine();
  return lines;
}

/** Null where a line is no object. What lies within one is named `outer/inner`. */
function readJsonLines(text: string): Row[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > mostRows) return null;
  const rows: Row[] = [];
  for (const [i, line] of lines.entries()) {
    const value = parseLooseJson(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      rows.push(flat(value));
    else if (i < lines.length - 1 || text.endsWith('\n')) return null;
  }
  return rows;
}

function flat(value: { [key: string]: Json }, place = ''): Row {
  const row: Row = {};
  for (const [name, member] of Object.entries(value)) {
    const key = place === '' ? name : `${place}/${name}`;
    if (typeof member === 'object' && member !== null && !Array.isArray(member)) {
      if (place.split('/').length < 4) Object.assign(row, flat(member, key));
    } else Object.defineProperty(row, key, { value: member, enumerable: true });
  }
  return row;
}

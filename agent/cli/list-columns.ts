import { cell } from '../core/text/cell.ts';
import { durationOf, formatAge, formatDuration } from '../core/text/duration.ts';
import { formatNumbers } from '../core/text/number.ts';
import { shortCommit, shortDigest, shortId } from '../core/text/short.ts';
import type { Cell, Column } from '../core/text/table.ts';
import { formatValue } from '../core/text/value.ts';
import { type Field, findField } from '../core/where-fields.ts';
import { selectKeyed } from '../core/where-keyed.ts';
import type { Json } from '../protocol/values.ts';
import type { ListRow } from '../protocol/verbs.ts';
import type { Records } from './deps.ts';
import type { Table } from './list-table.ts';
import { usageError } from './options.ts';

export interface ChosenColumn {
  /** As it was asked for. */
  name: string;
  field: Field;
  /** The values of these runs, by id. */
  read(records: Records, ids: readonly string[]): Map<string, unknown>;
}

/** The columns of `--columns`; null where none were asked for. */
export function readColumns(text: string | null): ChosenColumn[] | null {
  if (text === null) return null;
  return text
    .split(',')
    .map((name) => name.trim())
    .map((name) => {
      const field = name === '' ? null : findField(name);
      if (field !== null) return { name, field, read: (r, ids) => readValues(r, field, ids) };
      throw usageError(
        `--columns ${text} has a column without a name.`,
        'Write it as --columns name,config.lr,val_acc.',
      );
    });
}

function readValues(records: Records, field: Field, ids: readonly string[]): Map<string, unknown> {
  const select =
    field.table === 'runs'
      ? {
          sql:
            `SELECT id, ${field.column} AS value, NULL AS type FROM runs ` +
            'WHERE id IN (SELECT json_each.value FROM json_each(?))',
          params: [JSON.stringify(ids)],
        }
      : selectKeyed(field, ids);
  const rows = records.query(select.sql, select.params);
  return new Map(rows.map((row) => [String(row.id), toValue(field, row.value, row.type)]));
}

/** The value as the record has it: SQLite knows neither booleans nor lists. */
function toValue(field: Field, value: unknown, type: unknown): unknown {
  if (value === null) return null;
  if (field.table === 'runs') {
    if (field.kind === 'boolean') return (value === 1) !== (field.negated ?? false);
    return field.column === 'argv' ? JSON.parse(String(value)) : value;
  }
  if (type === 'boolean') return value === 1 || value === 'true';
  return type === 'list' || type === 'mapping' ? parseJson(String(value)) : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function customTable(
  records: Records,
  rows: readonly ListRow[],
  columns: readonly ChosenColumn[],
  nowMs: number,
): Table {
  const ids = rows.map((row) => row.id);
  const made = columns.map((column) => {
    const values = column.read(records, ids);
    const list = rows.map((row) => values.get(row.id) ?? null);
    return makeColumn(column, list, rows, nowMs);
  });
  return {
    columns: made.map((one) => one.column),
    rows: rows.map((_, at) => made.map((one) => one.cells[at] as Cell)),
  };
}

function makeColumn(
  { name, field }: ChosenColumn,
  values: unknown[],
  rows: readonly ListRow[],
  nowMs: number,
): { column: Column; cells: Cell[] } {
  const header = cell(name).text;
  if (field.table === 'runs') return makeRunColumn(field, header, values, rows, nowMs);
  const isNumeric = values.every((value) => value === null || typeof value === 'number');
  if (isNumeric) {
    const texts = formatNumbers(values as (number | null)[]);
    return { column: { header, align: 'right' }, cells: texts.map((text) => cell(text)) };
  }
  const format = field.table === 'inputs' ? (value: unknown) => shortDigest(String(value)) : plain;
  return {
    column: { header },
    cells: values.map((value) => cell(value === null ? null : format(value))),
  };
}

function makeRunColumn(
  field: Field & { table: 'runs' },
  header: string,
  values: unknown[],
  rows: readonly ListRow[],
  nowMs: number,
): { column: Column; cells: Cell[] } {
  const format = (value: unknown, row: ListRow): string => {
    if (field.column === 'id') return shortId(String(value));
    if (field.column === 'duration_ms') return formatDuration(durationOf(row, nowMs));
    if (value === null) return '-';
    if (field.kind === 'time') return formatAge(String(value), nowMs);
    if (field.column === 'commit_id') return shortCommit(String(value), row.clean);
    if (field.column === 'argv') return row.argv.join(' ');
    if (field.kind === 'hex') return shortDigest(String(value));
    return field.kind === 'boolean' ? (value ? 'yes' : 'no') : plain(value);
  };
  const right = field.kind === 'time' || field.kind === 'duration' || field.kind === 'number';
  return {
    column: { header, ...(right ? { align: 'right' as const } : {}) },
    cells: values.map((value, at) => {
      const text = format(value, rows[at] as ListRow);
      return field.column === 'status' ? cell(text, text) : cell(text);
    }),
  };
}

/** A value as SQLite gave it. */
function plain(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : formatValue(value as Json);
}

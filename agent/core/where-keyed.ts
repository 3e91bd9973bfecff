import type { Sql } from './where.ts';
import type { KeyedField } from './where-fields.ts';
import {
  type Comparator,
  compileContains,
  compileNull,
  expected,
  type Place,
  textOf,
} from './where-run.ts';
import type { Literal } from './where-values.ts';

/** The view that holds each kind of keyed value, and its columns. */
const views: Record<KeyedField['table'], { view: string; key: string; value: string }> = {
  config: { view: 'config', key: 'key', value: 'value' },
  // What is no number (NaN) stands beside it as a text.
  metrics: { view: 'metrics', key: 'name', value: 'coalesce(last, last_text)' },
  tags: { view: 'tags', key: 'key', value: 'value' },
  custom: { view: 'custom', key: 'key', value: 'value' },
  inputs: { view: 'inputs', key: 'path', value: 'digest' },
  packages: { view: 'packages', key: 'name', value: 'version' },
};

const isNumber = (column: string): string => `typeof(${column}) IN ('integer', 'real')`;

/**
 * A condition on a value that is found by its key in a view of its own. Written as `IN (SELECT
 * ...)`, which SQLite answers once for all runs.
 */
export function compileKeyed(
  field: KeyedField,
  operator: Comparator,
  value: Literal,
  place: Place,
): Sql {
  const { view, key, value: column } = views[field.table];
  const within = (condition: Sql, not = ''): Sql => ({
    sql: `(runs.id ${not}IN (SELECT run_id FROM ${view} WHERE ${key} = ? AND ${condition.sql}))`,
    params: [field.key, ...condition.params],
  });
  if (value.kind === 'null') {
    compileNull(column, operator, place);
    return within({ sql: `${column} IS NOT NULL`, params: [] }, 'NOT ');
  }
  if (operator === '~') return within(compileContains(column, textOf(value, place), place));
  return within(compareValue(field, column, operator, value, place));
}

function compareValue(
  field: KeyedField,
  column: string,
  operator: Comparator,
  value: Literal,
  place: Place,
): Sql {
  if (field.table === 'inputs') return compareDigest(column, operator, textOf(value, place), place);
  const isTyped = field.table === 'config' || field.table === 'custom';
  if (value.kind === 'number' && (isTyped || field.table === 'metrics')) {
    // SQLite sorts every text after every number: a text is no answer to a question for numbers.
    return { sql: `${isNumber(column)} AND ${column} ${operator} ?`, params: [value.number] };
  }
  if (value.kind === 'boolean' && isTyped) {
    if (operator !== '=') throw expected(place, 'true and false are compared with = and !=');
    return {
      sql: `type = 'boolean' AND ${column} IN (?, ?)`,
      params: [value.value ? 1 : 0, String(value.value)],
    };
  }
  const text = textOf(value, place);
  return { sql: `typeof(${column}) = 'text' AND ${column} ${operator} ?`, params: [text] };
}

function compareDigest(column: string, operator: Comparator, text: string, place: Place): Sql {
  if (operator !== '=') throw expected(place, 'a digest is compared with =, != or ~');
  const hex = text.toLowerCase().replace(/^sha256:/, '');
  return /^[0-9a-f]{4,64}$/.test(hex)
    ? { sql: `${column} LIKE ?`, params: [`sha256:${hex}%`] }
    : { sql: `${column} = ?`, params: [text] };
}

/** The value of a keyed field for the run of the row, as an expression to sort by. */
export function sortKeyed(field: KeyedField): Sql {
  const { view, key, value } = views[field.table];
  return {
    sql: `(SELECT ${value} FROM ${view} WHERE run_id = runs.id AND ${key} = ? LIMIT 1)`,
    params: [field.key],
  };
}

/** Rows of `id`, `value` and `type` (null where the view has none) of these runs. */
export function selectKeyed(field: KeyedField, ids: readonly string[]): Sql {
  const { view, key, value } = views[field.table];
  const type = view === 'config' || view === 'custom' ? 'type' : 'NULL';
  return {
    sql:
      `SELECT run_id AS id, ${value} AS value, ${type} AS type FROM ${view} ` +
      `WHERE ${key} = ? AND run_id IN (SELECT json_each.value FROM json_each(?))`,
    params: [field.key, JSON.stringify(ids)],
  };
}

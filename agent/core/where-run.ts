import { runStatuses } from '../protocol/record.ts';
import { nearestWord } from './text/nearest.ts';
import type { Sql } from './where.ts';
import type { RunField } from './where-fields.ts';
import { expressionError } from './where-tokens.ts';
import type { Literal } from './where-values.ts';

export type Comparator = '=' | '<' | '<=' | '>' | '>=' | '~';

/** Where a comparison stands, and the time that ages count from. */
export interface Place {
  source: string;
  column: number;
  nowMs: number;
}

/** A condition on a column of `runs`; never NULL, so that `not` is its opposite. */
export function compileRunField(
  field: RunField,
  operator: Comparator,
  value: Literal,
  place: Place,
): Sql {
  const column = `runs.${field.column}`;
  if (value.kind === 'null') return compileNull(column, operator, place);
  if (operator === '~') return compileContains(column, textOf(value, place), place);
  const compare = (param: string | number): Sql => ({
    sql: `coalesce(${column} ${operator} ?, 0)`,
    params: [param],
  });
  switch (field.kind) {
    case 'boolean':
      return compileBoolean(field, column, operator, value, place);
    case 'number':
      if (value.kind !== 'number') throw expected(place, `${field.name} is a number`);
      return compare(value.number);
    case 'duration':
      if (value.kind === 'duration') return compare(value.durationMs);
      if (value.kind === 'number' && value.number === 0) return compare(0);
      throw expected(place, `${field.name} is a time span such as 90s, 10m or 1h30m`);
    case 'time':
      return compileTime(column, operator, value, place);
    case 'hex':
      return operator === '='
        ? compilePrefix(field, column, textOf(value, place))
        : compare(textOf(value, place));
    case 'text':
      if (field.column === 'status') checkStatus(textOf(value, place), place);
      return compare(textOf(value, place));
  }
}

export function compileNull(column: string, operator: Comparator, place: Place): Sql {
  if (operator === '=') return { sql: `(${column} IS NULL)`, params: [] };
  throw expected(place, 'null can only be compared with = and !=');
}

const longestPattern = 500;
const mostStars = 4;

/** `~`: contains the text, ignoring the case of A to Z; `*` stands for anything. */
export function compileContains(column: string, text: string, place: Place): Sql {
  // SQLite tries every way to match a star: a few are quick, many are not.
  if (text.length > longestPattern || text.split('*').length - 1 > mostStars) {
    throw expressionError(place.source, place.column, 'the text after ~ is too long.');
  }
  const pattern = text.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%');
  return { sql: `coalesce(${column} LIKE ? ESCAPE '\\', 0)`, params: [`%${pattern}%`] };
}

/** The text of a value as it was written. */
export function textOf(value: Literal, place: Place): string {
  if (value.kind === 'null' || value.kind === 'ago') {
    throw expected(place, 'this field is a text');
  }
  return value.text;
}

export function expected(place: Place, what: string): Error {
  return expressionError(place.source, place.column, `${what}.`);
}

function compileBoolean(
  field: RunField,
  column: string,
  operator: Comparator,
  value: Literal,
  place: Place,
): Sql {
  if (value.kind !== 'boolean' || operator !== '=') {
    throw expected(place, `${field.name} is true, false or null, compared with = or !=`);
  }
  const wanted = value.value !== (field.negated ?? false);
  return { sql: `coalesce(${column} = ?, 0)`, params: [wanted ? 1 : 0] };
}

function compileTime(column: string, operator: Comparator, value: Literal, place: Place): Sql {
  if (value.kind === 'ago') {
    if (operator === '=') throw expected(place, 'an age is compared with < or >');
    const at = new Date(place.nowMs - value.durationMs).toISOString();
    return { sql: `coalesce(${column} ${operator} ?, 0)`, params: [at] };
  }
  const text = value.kind === 'text' || value.kind === 'number' ? value.text : '';
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw expected(
      place,
      'a time such as 2026-11-23, 2026-11-23T18:00:00Z or "2h ago" belongs here',
    );
  }
  const at = new Date(ms).toISOString();
  if (operator !== '=' || text.length > 10) {
    return { sql: `coalesce(${column} ${operator} ?, 0)`, params: [at] };
  }
  const next = new Date(ms + 86_400_000).toISOString();
  return { sql: `coalesce(${column} >= ? AND ${column} < ?, 0)`, params: [at, next] };
}

/** Ids and digests are shown short: their beginning is enough, and for a run's id its end. */
function compilePrefix(field: RunField, column: string, text: string): Sql {
  const bare = text.toLowerCase().replace(/\*$/, '');
  if (!/^[0-9a-f-]{4,}$/.test(bare)) {
    return { sql: `coalesce(${column} = ?, 0)`, params: [text.toLowerCase()] };
  }
  const start = field.column === 'fingerprint' ? 'sha256:' : '';
  const patterns = [`${start}${bare}%`];
  if (field.column !== 'fingerprint' && /id$|parent|rerun/.test(field.column)) {
    patterns.push(`%${bare}`);
  }
  return {
    sql: `coalesce(${patterns.map(() => `${column} LIKE ?`).join(' OR ')}, 0)`,
    params: patterns,
  };
}

function checkStatus(text: string, place: Place): void {
  const known: readonly string[] = runStatuses;
  if (known.includes(text)) return;
  const near = nearestWord(text, known);
  const hint = near === null ? `A status is one of ${known.join(', ')}` : `Did you mean ${near}`;
  throw expressionError(
    place.source,
    place.column,
    `there is no status "${text}". ${hint}${near === null ? '.' : '?'}`,
  );
}

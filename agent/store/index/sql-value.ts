import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Json, Numeric } from '../../protocol/values.ts';

/** A value as SQL has it: booleans are 1 and 0, lists and mappings JSON. Whole numbers stay whole. */
export function toSql(value: Json | undefined): SQLInputValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function sqlType(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'mapping' : typeof value;
}

/** The number that can be compared (null for NaN), and the text of what no column can hold. */
export function splitNumeric(value: Numeric | null): {
  number: number | null;
  text: string | null;
} {
  if (value === null) return { number: null, text: null };
  if (typeof value === 'number') return { number: value, text: null };
  const number = Number(value);
  return { number: Number.isNaN(number) ? null : number, text: value };
}

/** A value that SQLite gave (with big integers) as JSON can hold it: blobs in base64. */
export function fromSql(value: SQLOutputValue | undefined): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return Buffer.from(value).toString('base64');
}

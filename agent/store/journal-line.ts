import type { JournalLine } from '../protocol/journal.ts';
import { sha256 } from './digest.ts';

/** `,"hash":"sha256:<64 hex>"}`: the end of every whole line. */
const tailLength = ',"hash":"sha256:"}'.length + 64;
const tailPattern = /^,"hash":"(sha256:[0-9a-f]{64})"\}$/;

/**
 * One line, ended by a newline, and its hash. Numbers that JSON cannot hold become the strings
 * `NaN`, `Infinity`, `-Infinity`; a bigint becomes a number or, beyond 2^53, a string of digits.
 */
export function encodeLine(line: Omit<JournalLine, 'hash'>): { bytes: Buffer; hash: string } {
  const { seq, at, type, prev, data } = line;
  const body = JSON.stringify({ seq, at, type, prev, data }, encodeValue);
  const hash = sha256(body);
  return { bytes: Buffer.from(`${body.slice(0, -1)},"hash":"${hash}"}\n`), hash };
}

function encodeValue(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** The hash that a line carries at its end; null where it does not end as a line must. */
export function carriedHash(bytes: Buffer): string | null {
  const tail = bytes.subarray(Math.max(0, bytes.length - tailLength)).toString('latin1');
  return tailPattern.exec(tail)?.[1] ?? null;
}

/** The hash of a line's bytes (without newline) as it should be; null as `carriedHash`. */
export function computeHash(bytes: Buffer): string | null {
  if (carriedHash(bytes) === null) return null;
  const body = bytes.subarray(0, bytes.length - tailLength);
  return sha256(Buffer.concat([body, Buffer.from('}')]));
}

/** The line in its shape, or in words why it has none. Never throws. */
export function parseLine(bytes: Buffer): JournalLine | string {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return 'not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not an object';
  const { seq, at, type, prev, data, hash } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(seq)) return 'seq is not a whole number';
  if (typeof at !== 'string') return 'at is not a time';
  if (typeof type !== 'string') return 'type is not a word';
  if (prev !== null && typeof prev !== 'string') return 'prev is not a hash';
  if (typeof hash !== 'string') return 'hash is not a hash';
  return { seq: seq as number, at, type, prev, data, hash };
}

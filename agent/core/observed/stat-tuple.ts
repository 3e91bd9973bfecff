import type { FileStat } from '../seams.ts';
import type { StatTuple } from './observed-line.ts';

/** The stat that was seen from inside, or null for what is none. */
export function statOfTuple(tuple: StatTuple | null | undefined): FileStat | null {
  if (!Array.isArray(tuple) || tuple.length !== 5) return null;
  const numbers = tuple.map(toBigInt);
  const [dev, ino, size, mtimeNs, ctimeNs] = numbers;
  if (dev == null || ino == null || size == null || mtimeNs == null || ctimeNs == null) return null;
  return { dev, ino, size, mtimeNs, ctimeNs };
}

/** A new link or mode moves only the ctime: what is equal here has the same content. */
export function contentKey({ dev, ino, size, mtimeNs }: FileStat): string {
  return `${dev}:${ino}:${size}:${mtimeNs}`;
}

function toBigInt(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : null;
}

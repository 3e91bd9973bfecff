import { type BigIntStats, closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';

/**
 * The stat of what a path leads to; null where nothing can be asked: it is not there, its links go
 * in a circle, its folder may not be entered. One such run must not keep the others from a reader.
 */
export function statPath(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return null;
  }
}

/**
 * Opens a regular file for reading. Of a record from elsewhere its files may be anything: a pipe
 * would make the reader wait for ever, `/dev/zero` never ends.
 */
export function openRegularFile(path: string): number {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new Error('not a regular file');
}

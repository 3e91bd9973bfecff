import { lstatSync, readFileSync } from 'node:fs';

/**
 * The content of a plain file of at most so many bytes; null for all else. A record may come from
 * anywhere: a pipe in its folder would make a reader wait for ever.
 */
export function readSmallFile(path: string, mostBytes: number): Buffer | null {
  try {
    const stat = lstatSync(path);
    return stat.isFile() && stat.size <= mostBytes ? readFileSync(path) : null;
  } catch {
    return null;
  }
}

/** The JSON in such a file; null where there is none to read. */
export function readSmallJson(path: string, mostBytes: number): unknown {
  try {
    const bytes = readSmallFile(path, mostBytes);
    return bytes === null ? null : JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

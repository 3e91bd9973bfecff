import { closeSync, constants, lstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { type BytePath, pathBuffer } from '../../byte-path.ts';

/** The first bytes of a file as text, or null where it cannot be read or is no regular file. */
export function readHead(path: BytePath, limitBytes: number): string | null {
  try {
    const descriptor = openSync(pathBuffer(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const buffer = Buffer.alloc(limitBytes);
      return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, limitBytes, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}

/** Whether something lies there, a link that leads nowhere too. */
export function isThere(path: BytePath): boolean {
  try {
    return lstatSync(pathBuffer(path), { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Below a file, or in a folder that may not be entered.
    return false;
  }
}

/** What lies there, links followed; null where there is nothing, or nothing that can be asked. */
export function statOrNull(path: BytePath): Stats | null {
  try {
    return statSync(pathBuffer(path), { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../protocol/errors.ts';

/** Makes the names in a folder durable; where a folder cannot be opened (Windows) it has no such step. */
export function syncFolder(folder: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(folder, constants.O_RDONLY);
  } catch {
    return;
  }
  try {
    fsyncSync(descriptor);
  } catch (thrown) {
    // Some network file systems refuse to sync a folder; a full or broken disk is another matter.
    if (['ENOSPC', 'EDQUOT', 'EIO'].includes(systemCode(thrown) ?? '')) throw thrown;
  } finally {
    closeSync(descriptor);
  }
}

/** All the bytes, however many calls the system makes of it. */
export function writeFully(descriptor: number, bytes: Uint8Array, position: number | null): void {
  let done = 0;
  while (done < bytes.length) {
    const at = position === null ? null : position + done;
    done += writeSync(descriptor, bytes, done, bytes.length - done, at);
  }
}

/**
 * Writes a whole file, synced, under its final name or not at all.
 * With `exclusive` an existing file is left alone and the answer is false.
 */
export function writeDurably(
  path: string,
  bytes: Uint8Array,
  options: { mode?: number; exclusive?: boolean } = {},
): boolean {
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  const descriptor = openSync(temporary, 'wx', 0o644);
  try {
    try {
      writeFully(descriptor, bytes, null);
      if (options.mode !== undefined) fchmodSync(descriptor, options.mode);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (options.exclusive === true) {
      if (!linkNew(temporary, path)) return false;
    } else {
      renameSync(temporary, path);
    }
  } finally {
    rmSync(temporary, { force: true });
  }
  syncFolder(dirname(path));
  return true;
}

/** A link fails where the name is taken, which a rename does not. */
function linkNew(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (thrown) {
    if (systemCode(thrown) === 'EEXIST') return false;
    return moveNew(from, to);
  }
}

/** For file systems without links: the name is taken first, then filled by a rename. */
function moveNew(from: string, to: string): boolean {
  try {
    closeSync(openSync(to, 'wx'));
  } catch (thrown) {
    if (systemCode(thrown) === 'EEXIST') return false;
    throw thrown;
  }
  renameSync(from, to);
  return true;
}

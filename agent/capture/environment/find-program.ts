import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

export type Variables = Record<string, string | undefined>;

/** The file that a shell would run for `word`, or null. */
export function findProgram(word: string, cwd: string, env: Variables): string | null {
  if (word === '') return null;
  if (word.includes('/')) {
    const path = resolve(cwd, word);
    return isExecutable(path) ? path : null;
  }
  return listPrograms(word, cwd, env).next().value ?? null;
}

/** All files of that name on PATH, in its order. */
export function* listPrograms(word: string, cwd: string, env: Variables): Generator<string> {
  for (const folder of (env.PATH ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter)) {
    const path = join(resolve(cwd, folder), word);
    if (isExecutable(path)) yield path;
  }
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function isFile(path: string): boolean {
  return statOrNull(path)?.isFile() ?? false;
}

export function isFolder(path: string): boolean {
  return statOrNull(path)?.isDirectory() ?? false;
}

/** Null also below a file, and in a folder that may not be entered. */
function statOrNull(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** The first bytes of a file as text (latin1), or an empty string where it cannot be read. */
export function readStart(path: string, bytes: number): string {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const buffer = Buffer.alloc(bytes);
      return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, bytes, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

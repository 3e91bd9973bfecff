import { type BigIntStats, lstatSync } from 'node:fs';

/**
 * A path as git gives it, relative to the top of the repository, one character a byte (latin1):
 * names need not be UTF-8, and strings make better keys than Buffers.
 */
export type BytePath = string;

/** The members of a record that name a path; `pathBytes` (base64) only where it is not UTF-8. */
export function locate(path: BytePath): { path: string; pathBytes?: string } {
  // Most names are ASCII: one regular expression instead of two conversions.
  if (!/[\x80-\xff]/.test(path)) return { path };
  const bytes = Buffer.from(path, 'latin1');
  const text = bytes.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(bytes)) return { path: text };
  return { path: text, pathBytes: bytes.toString('base64') };
}

/** The bytes of a path in a record. */
export function bytePathOf(located: { path: string; pathBytes?: string | undefined }): BytePath {
  const bytes =
    located.pathBytes === undefined
      ? Buffer.from(located.path, 'utf8')
      : Buffer.from(located.pathBytes, 'base64');
  return bytes.toString('latin1');
}

/** Text as a byte path. */
export function toBytePath(text: string): BytePath {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** The file itself, for `fs`. */
export function onDisk(top: string, path: BytePath): Buffer {
  return Buffer.concat([Buffer.from(`${top}/`), Buffer.from(path, 'latin1')]);
}

/** NUL-terminated, as `git … -z --stdin` reads them. */
export function zeroTerminated(paths: Iterable<BytePath>): Buffer {
  let text = '';
  for (const path of paths) text += `${path}\0`;
  return Buffer.from(text, 'latin1');
}

/** The NUL-terminated parts of what git printed. */
export function splitZero(output: Buffer): string[] {
  const parts = output.toString('latin1').split('\0');
  parts.pop();
  return parts;
}

export type Look = (path: BytePath) => BigIntStats | null;

/**
 * `lstat` for paths below `top` that follows no link: null for what is not there and for what lies
 * behind a symbolic link. Each folder is looked at once, so that many absent files of one absent
 * folder (a sparse checkout) cost one call.
 */
export function createLook(top: string): Look {
  const folders = new Map<BytePath, boolean>([['', true]]);
  const isFolder = (path: BytePath): boolean => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const found = isFolder(parentOf(path)) && (lookAt(top, path)?.isDirectory() ?? false);
    folders.set(path, found);
    return found;
  };
  return (path) => (isFolder(parentOf(path)) ? lookAt(top, path) : null);
}

function parentOf(path: BytePath): BytePath {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function lookAt(top: string, path: BytePath): BigIntStats | null {
  try {
    return lstatSync(onDisk(top, path), { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch {
    // ENOTDIR, EACCES, ENAMETOOLONG: for us it is not there.
    return null;
  }
}

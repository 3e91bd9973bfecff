import { isUtf8 } from 'node:buffer';

/**
 * A path as its bytes, one character each (latin1). File names need not be UTF-8: as text they
 * would be lost, as Buffers they cost four times the memory; compared as strings these sort by
 * their bytes.
 */
export type BytePath = string & { readonly bytePath: unique symbol };

/** The bytes of a path that is text (written as UTF-8) or bytes already. */
export function bytePath(path: string | Uint8Array): BytePath {
  const bytes = typeof path === 'string' ? Buffer.from(path, 'utf8') : Buffer.from(path);
  return bytes.toString('latin1') as BytePath;
}

/** What the file system is given. */
export function pathBuffer(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** The path as text; bytes that are not UTF-8 become U+FFFD. */
export function pathText(path: BytePath): string {
  return pathBuffer(path).toString('utf8');
}

export function joinBytes(folder: BytePath, name: string): BytePath {
  return (folder === '' || folder.endsWith('/') ? folder + name : `${folder}/${name}`) as BytePath;
}

/** `path` as the record writes it: `pathBytes` (base64) only where it is not UTF-8. */
export function recordedPath(path: BytePath): { path: string; pathBytes?: string } {
  const bytes = pathBuffer(path);
  if (isUtf8(bytes)) return { path: bytes.toString('utf8') };
  return { path: bytes.toString('utf8'), pathBytes: bytes.toString('base64') };
}

/** The other way: the bytes of a path in a record. */
export function fromRecorded(located: { path: string; pathBytes?: string | undefined }): BytePath {
  return located.pathBytes === undefined
    ? bytePath(located.path)
    : bytePath(Buffer.from(located.pathBytes, 'base64'));
}

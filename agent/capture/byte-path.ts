import { isUtf8 } from 'node:buffer';

/**
 * A path as its bytes, one character each (latin1). File names need not be UTF-8: as text they
 * would be lost, as Buffers they cost four times the memory and are no keys; compared as strings
 * these sort by their bytes, as git's index and our manifests do.
 */
export type BytePath = string & { readonly bytePath: unique symbol };

/** The members of a record that name a path; `pathBytes` (base64) only where it is not UTF-8. */
export interface RecordedPath {
  path: string;
  pathBytes?: string;
}

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

/** Folders as git lists them end in a slash; as entries they do not. */
export function withoutSlash(path: BytePath): BytePath {
  return (path.endsWith('/') ? path.slice(0, -1) : path) as BytePath;
}

/** A path below the folder `top`, which is text, for `fs`. */
export function onDisk(top: string, path: BytePath): Buffer {
  return Buffer.concat([Buffer.from(`${top}/`), pathBuffer(path)]);
}

/** True for a path below `folder`, and for the folder itself. */
export function isInside(path: BytePath, folder: BytePath): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** `path` as the record writes it. */
export function recordedPath(path: BytePath): RecordedPath {
  // Most names are ASCII: one regular expression instead of two conversions.
  if (!/[\x80-\xff]/.test(path)) return { path };
  const bytes = pathBuffer(path);
  if (isUtf8(bytes)) return { path: bytes.toString('utf8') };
  return { path: bytes.toString('utf8'), pathBytes: bytes.toString('base64') };
}

/** The other way: the bytes of a path in a record. */
export function fromRecorded(located: { path: string; pathBytes?: string | undefined }): BytePath {
  return bytePath(
    located.pathBytes === undefined ? located.path : Buffer.from(located.pathBytes, 'base64'),
  );
}

/** An absolute path as the record has it: relative to the workspace inside it, else absolute. */
export function placeInRecord(path: BytePath, workspaceRoot: string): RecordedPath {
  const root = bytePath(workspaceRoot);
  if (path === root) return { path: '.' };
  return recordedPath(isInside(path, root) ? (path.slice(root.length + 1) as BytePath) : path);
}

/** The other way: the absolute path of what a record names. */
export function placeOnDisk(
  located: { path: string; pathBytes?: string | undefined },
  workspaceRoot: string,
): BytePath {
  const path = fromRecorded(located);
  return path.startsWith('/') ? path : joinBytes(bytePath(workspaceRoot), path);
}

import { type BigIntStats, lstatSync } from 'node:fs';
import { type BytePath, onDisk } from '../byte-path.ts';

export type Look = (path: BytePath) => BigIntStats | null;

/**
 * `lstat` for paths below `top` that follows no link: null for what is not there and for what lies
 * behind a symbolic link. Each folder is looked at once, so that many absent files of one absent
 * folder (a sparse checkout) cost one call.
 */
export function createLook(top: string): Look {
  const folders = new Map<string, boolean>([['', true]]);
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
  return (slash < 0 ? '' : path.slice(0, slash)) as BytePath;
}

function lookAt(top: string, path: BytePath): BigIntStats | null {
  try {
    return lstatSync(onDisk(top, path), { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch {
    // ENOTDIR, EACCES, ENAMETOOLONG: for us it is not there.
    return null;
  }
}

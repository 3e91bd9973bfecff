import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';

/**
 * An absolute path as the record has it: relative to the folder `root` with `/`, `.` for the
 * folder itself, absolute outside it. Links are not followed. For text; paths that were read from
 * a disk are bytes and go through `placeInRecord`.
 */
export function workspacePath(root: string, path: string): string {
  const inside = relative(root, path).replaceAll('\\', '/');
  if (inside === '') return '.';
  return isAbsolute(inside) || inside === '..' || inside.startsWith('../') ? path : inside;
}

/** Where a path is, links followed; the path itself where that cannot be asked. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/** True for one folder under two names, too; false where either is not there. */
export function isSameFolder(a: string, b: string): boolean {
  const [one, other] = [
    statSync(a, { throwIfNoEntry: false }),
    statSync(b, { throwIfNoEntry: false }),
  ];
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

import { realpathSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';

/** Where a path is, links followed; the path itself where it cannot be asked. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** A path as the record has it: relative to the workspace with `/`, absolute outside it. */
export function recordPath(root: string, path: string): string {
  const inside = relative(realPath(root), realPath(path));
  if (inside === '') return '.';
  if (isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`)) return realPath(path);
  return inside.split(sep).join('/');
}

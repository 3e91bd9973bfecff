import { lstatSync, readdirSync } from 'node:fs';
import { type BytePath, joinBytes, pathBuffer } from '../../../capture/byte-path.ts';
import type { FileStat } from '../../../core/seams.ts';

/** So many names are looked at beside what a link leads to now. */
const mostNames = 1_000;

/**
 * Where a file lies that was opened through a link which leads elsewhere by now (`latest`, moved on
 * to the next checkpoint): links move between siblings, so it is looked for beside `now`, and under
 * the same name in the folders beside its folder. Null where it is not found.
 */
export function findFormerTarget(now: BytePath, stat: FileStat): BytePath | null {
  const cut = now.lastIndexOf('/');
  const folder = now.slice(0, cut) as BytePath;
  const name = now.slice(cut + 1);
  for (const sibling of namesIn(folder)) {
    const path = joinBytes(folder, sibling);
    if (isFile(path, stat)) return path;
  }
  const above = folder.slice(0, folder.lastIndexOf('/')) as BytePath;
  for (const sibling of namesIn(above)) {
    const path = joinBytes(joinBytes(above, sibling), name);
    if (isFile(path, stat)) return path;
  }
  return null;
}

function isFile(path: BytePath, { dev, ino }: FileStat): boolean {
  try {
    const stat = lstatSync(pathBuffer(path), { bigint: true });
    return stat.isFile() && stat.dev === dev && stat.ino === ino;
  } catch {
    return false; // Under that name there is nothing in this folder.
  }
}

function namesIn(folder: BytePath): string[] {
  try {
    const names = readdirSync(pathBuffer(folder), { encoding: 'latin1' as 'utf8' });
    return names.slice(0, mostNames);
  } catch {
    return [];
  }
}

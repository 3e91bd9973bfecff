import type { LeftOut } from '../../protocol/record.ts';
import { type BytePath, recordedPath } from '../byte-path.ts';
import { leftOut } from './choose-file.ts';
import type { Look } from './look.ts';

/** As many files of one output or data folder are listed one by one. */
const listed = 1000;

/**
 * The entries for untracked files that are left out because of where they lie. Those of a top
 * folder that holds very many become one entry, of unknown size: nothing may depend on how much a
 * run before has written.
 */
export function foldLeftOut(paths: [BytePath, LeftOut['reason']][], look: Look): LeftOut[] {
  const folders = new Map<string, BytePath[]>();
  for (const [path, reason] of paths) {
    const key = `${reason} ${path.split('/')[0]}`;
    const folder = folders.get(key);
    if (folder === undefined) folders.set(key, [path]);
    else folder.push(path);
  }
  return paths.flatMap(([path, reason]) => {
    const top = (path.split('/')[0] ?? '') as BytePath;
    const key = `${reason} ${top}`;
    const folder = folders.get(key) ?? [];
    if (folder.length <= listed) return [leftOut(path, look(path), reason).leftOut];
    // Where the first of them stood.
    if (folder[0] !== path) return [];
    return [{ ...recordedPath(top), sizeBytes: null, digest: null, reason }];
  });
}

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { files } from '../agent/protocol/names.ts';

/** Whether records, or settings of runs, lie in the folder or in one above it (below the home folder). */
export const hasSomethingToShow = (folder: string): boolean =>
  findAbove(folder, [files.home, files.settings]) !== null;

/** Whether the folder is in a git repository or worktree. */
export const isInRepository = (folder: string): boolean => findAbove(folder, ['.git']) !== null;

/** The folder that recorded paths are relative to; the agent finds it by the same rule. */
export const workspaceRootOf = (folder: string): string =>
  findAbove(folder, [files.home, files.settings, '.git']) ?? folder;

/** The nearest folder, from this one upwards, that holds one of the names. */
function findAbove(folder: string, names: readonly string[]): string | null {
  const home = homedir();
  for (let at = folder; at !== home; at = dirname(at)) {
    if (names.some((name) => existsSync(join(at, name)))) return at;
    if (at === dirname(at)) break;
  }
  return null;
}

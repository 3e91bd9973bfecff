import { type BigIntStats, constants, copyFileSync, readFileSync, statSync } from 'node:fs';
import { statKey } from '../../core/seams.ts';
import type { BytePath } from '../byte-path.ts';
import { checksumOf } from './index-file.ts';
import { keepAge, replaceFile, type Sidecar } from './sidecar.ts';

/** Of this form of the state; another one is as good as none. */
export const stateVersion = 1;

/** What the index of the sidecar stands for, beside it in `state.json`. */
export interface SidecarState {
  version: typeof stateVersion;
  /** Of the sidecar's index: the two files are replaced one after the other. */
  checksum: string;
  /** The user's index that it agrees with. */
  userIndex: string;
  tree: string;
  /** Files in the index that the user does not track, with the stat they were read at. */
  untracked: [BytePath, string][];
  /** Tracked files that differed from the user's index, in the same way. */
  dirty: [BytePath, string][];
  /** Files that the user tracks and that are not in it: deleted, sparse, too large. */
  absent: BytePath[];
  /** Submodules with the commit in the user's index. */
  gitlinks: [BytePath, string][];
  conversions: BytePath[];
  /** What conversions depend on besides the files. */
  rules: string;
  /** Nothing is converted in either direction. */
  plain: boolean;
}

/** So long after its last change a file cannot change again and keep its stat. */
const steadyMs = 2000;

/** Equal for two looks at an unchanged file; empty for one that is gone or changed just now. */
export function steadyKey(stat: BigIntStats | null): string {
  if (stat === null) return '';
  const changedMs = Math.max(Number(stat.ctimeNs), Number(stat.mtimeNs)) / 1e6;
  if (Date.now() - changedMs < steadyMs) return '';
  return `${statKey(stat)}:${stat.mode}`;
}

/**
 * Copies the sidecar's index to `workFile` and answers its state, or null where there is none that
 * can be used. The copy is private to this launch.
 */
export function copyKeptIndex(
  sidecar: Sidecar,
  workFile: string,
  hashBytes: number,
): SidecarState | null {
  try {
    const state = JSON.parse(readFileSync(sidecar.stateFile, 'utf8')) as SidecarState;
    if (state.version !== stateVersion) return null;
    const { mtimeNs } = statSync(sidecar.indexFile, { bigint: true });
    copyFileSync(sidecar.indexFile, workFile, constants.COPYFILE_FICLONE);
    keepAge(workFile, mtimeNs);
    return checksumOf(readFileSync(workFile), hashBytes) === state.checksum ? state : null;
  } catch {
    return null;
  }
}

/** Writes the state; the index itself is put in place by the caller, before. */
export function keepState(sidecar: Sidecar, state: SidecarState): void {
  replaceFile(sidecar.stateFile, JSON.stringify(state));
}

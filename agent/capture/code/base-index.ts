import { readFileSync, rmSync } from 'node:fs';
import type { BytePath } from '../byte-path.ts';
import { git } from '../git.ts';
import { rulesKey } from './conversion-rules.ts';
import { type IndexEntry, readIndexEntries } from './index-file.ts';
import { createLook } from './look.ts';
import type { Worktree } from './repository.ts';
import { seedIndex } from './seed-index.ts';
import type { Sidecar } from './sidecar.ts';
import { copyKeptIndex, type SidecarState, steadyKey } from './sidecar-state.ts';
import type { Status } from './status.ts';
import { hashBytesOf, type UserIndex } from './user-index.ts';
import { splitZero } from './zero-terminated.ts';

/** From what the index of this launch begins: the last launch's, the user's, or nothing. */
export type Start = 'kept' | 'seeded' | 'empty';

/** An index at `workFile`, and what has to be looked at to make it what lies on disk. */
export interface BaseIndex {
  /** Tracked files to look at: changed by their stat, or new to this index. */
  tracked: Set<BytePath>;
  /** Files in the index that are no longer tracked: out, unless they are taken as untracked. */
  untracked: Set<BytePath>;
  /** Untracked files whose stat is as it was when they were taken. */
  unchanged: Set<BytePath>;
  /** Tracked files that are not in the index. */
  absent: Set<BytePath>;
  gitlinks: Map<BytePath, string>;
  /** What the last launch left, where this one began with it. */
  kept: SidecarState | null;
}

/** With so many changed files (another branch, another copy) the user's index knows better. */
const manyChanged = 1000;

export async function openBaseIndex(
  worktree: Worktree,
  sidecar: Sidecar,
  user: UserIndex,
  workFile: string,
  status: Promise<Status>,
  start: Start,
): Promise<BaseIndex> {
  if (start === 'empty') return emptyIndex(user, workFile);
  const kept = start === 'kept' ? copyKeptIndex(sidecar, workFile, hashBytesOf(worktree)) : null;
  if (kept === null) return seeded(worktree, sidecar, user, workFile);
  const isAgreed = kept.userIndex === user.key;
  const isPlain = kept.plain && kept.rules === rulesKey(worktree);
  const changed = isPlain
    ? changedByStatus(worktree, kept, await status)
    : await changedFiles(worktree, sidecar, workFile);
  if (!isAgreed && changed.length > manyChanged) return seeded(worktree, sidecar, user, workFile);
  const base = fromKept(kept, changed);
  return isAgreed ? base : agree(base, worktree, user, workFile, isPlain);
}

/**
 * Where git converts nothing, a file that was not changed then and is not now is the same: status
 * says it all, and the second look at every file is saved.
 */
function changedByStatus(worktree: Worktree, kept: SidecarState, status: Status): BytePath[] {
  const look = createLook(worktree.top);
  const known = new Map([...kept.dirty, ...kept.untracked]);
  const suspects = new Set([...known.keys(), ...dirtyPaths(status)]);
  return [...suspects].filter((path) => {
    const key = known.get(path);
    return key === undefined || key === '' || key !== steadyKey(look(path));
  });
}

/** The tracked files that are not as the user's index has them. */
export function dirtyPaths(status: Status): BytePath[] {
  return status.entries
    .filter((entry) => entry.unstaged)
    .flatMap((entry) => (entry.from === null ? [entry.path] : [entry.path, entry.from]));
}

/** The files whose stat is not that in the index: the content may differ. */
async function changedFiles(
  worktree: Worktree,
  sidecar: Sidecar,
  workFile: string,
): Promise<BytePath[]> {
  // Parts alternate: modes, ids and state; path.
  const parts = splitZero(
    await git(['diff-files', '--raw', '-z', '--no-renames', '--ignore-submodules=dirty'], {
      cwd: worktree.top,
      env: sidecar.env(workFile),
    }),
  );
  return parts.filter((_, at) => at % 2 === 1);
}

function fromKept(kept: SidecarState, changed: BytePath[]): BaseIndex {
  const untracked = new Set(kept.untracked.map(([path]) => path));
  const tracked = new Set(kept.absent);
  const unchanged = new Set(untracked);
  for (const path of changed) {
    if (untracked.has(path)) unchanged.delete(path);
    else tracked.add(path);
  }
  return {
    tracked,
    untracked,
    unchanged,
    absent: new Set(kept.absent),
    gitlinks: new Map(kept.gitlinks),
    kept,
  };
}

/** The user's index is another one: what it tracks now is compared by name with what is in ours. */
async function agree(
  base: BaseIndex,
  worktree: Worktree,
  user: UserIndex,
  workFile: string,
  isPlain: boolean,
): Promise<BaseIndex> {
  const { entries } = await user.readWhole();
  const ours = readIndexEntries(readFileSync(workFile), hashBytesOf(worktree));
  const inOurs = new Map(ours.map((entry) => [entry.path, entry.id]));
  const theirs = new Set(entries.map((entry) => entry.path));
  const tracked = new Set([...base.tracked].filter((path) => theirs.has(path)));
  const absent = new Set<BytePath>();
  const isChanged = new Set([...base.untracked].filter((path) => !base.unchanged.has(path)));
  for (const { path, id } of entries) {
    const own = inOurs.get(path);
    if (own === undefined) absent.add(path);
    // What is staged or checked out since is told by the id alone, where nothing is converted.
    if (own === undefined || isChanged.has(path) || (isPlain && own !== id)) tracked.add(path);
  }
  // Once tracked, now not: whether it may be kept has to be decided anew.
  const untracked = new Set([...inOurs.keys()].filter((path) => !theirs.has(path)));
  const unchanged = new Set([...base.unchanged].filter((path) => untracked.has(path)));
  return { ...base, tracked, untracked, unchanged, absent, gitlinks: gitlinksOf(entries) };
}

async function seeded(
  worktree: Worktree,
  sidecar: Sidecar,
  user: UserIndex,
  workFile: string,
): Promise<BaseIndex> {
  rmSync(workFile, { force: true });
  const { entries } = await seedIndex(worktree, sidecar, user, workFile);
  const changed = entries.length === 0 ? [] : await changedFiles(worktree, sidecar, workFile);
  return {
    tracked: new Set(changed),
    untracked: new Set(),
    unchanged: new Set(),
    absent: new Set(),
    gitlinks: gitlinksOf(entries),
    kept: null,
  };
}

async function emptyIndex(user: UserIndex, workFile: string): Promise<BaseIndex> {
  rmSync(workFile, { force: true });
  const { entries } = await user.readWhole();
  const all = new Set(entries.map((entry) => entry.path));
  return {
    tracked: all,
    untracked: new Set(),
    unchanged: new Set(),
    absent: new Set(all),
    gitlinks: gitlinksOf(entries),
    kept: null,
  };
}

function gitlinksOf(entries: IndexEntry[]): Map<BytePath, string> {
  const links = entries.filter((entry) => entry.mode === 0o160000);
  return new Map(links.map((entry) => [entry.path, entry.id]));
}

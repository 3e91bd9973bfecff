import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { KeepObject } from '../../core/seams.ts';
import { messageOf } from '../../protocol/errors.ts';
import type { Change, Code, LeftOut, Repository } from '../../protocol/record.ts';
import {
  type BytePath,
  bytePath,
  fromRecorded,
  joinBytes,
  onDisk,
  pathText,
  recordedPath,
} from '../byte-path.ts';
import { GitMissing } from '../git.ts';
import { isSameFolder, workspacePath } from '../workspace-path.ts';
import type { CodeOptions } from './capture-code.ts';
import { captureRepository, type RepositoryCapture } from './capture-repository.ts';
import { listChanges } from './list-changes.ts';
import { findRepository, type Worktree } from './repository.ts';

/** Above so many, `changes` is the digest of an object that holds them. */
const listedChanges = 2000;

/** What is gathered over a repository and all inside it. */
export interface Gathered {
  leftOut: LeftOut[];
  conversions: string[];
  submodules: Repository[];
  repositories: Repository[];
  problems: string[];
  failures: string[];
}

export function nothingGathered(): Gathered {
  return {
    leftOut: [],
    conversions: [],
    submodules: [],
    repositories: [],
    problems: [],
    failures: [],
  };
}

interface Own {
  capture: RepositoryCapture;
  changes: Code['changes'];
  clean: boolean;
}

/**
 * Captures a repository and those inside it; `prefix` is where it lies in the outermost one, with a
 * slash at its end, or empty.
 */
export async function captureWithin(
  worktree: Worktree,
  prefix: BytePath,
  options: CodeOptions,
  all: Gathered,
): Promise<Own> {
  const capture = await captureRepository(worktree, options);
  for (const entry of capture.leftOut) all.leftOut.push(prefixed(prefix, entry));
  const name = recordedPath(prefix).path;
  all.conversions.push(
    ...capture.conversions.map((path) => recordedPath(joinBytes(prefix, path)).path),
  );
  all.problems.push(...capture.problems.map((text) => `${name}${text}`));
  if (capture.failure !== null && prefix !== '') all.failures.push(`${name}: ${capture.failure}`);
  const dirty: BytePath[] = [];
  for (const [path, commit] of capture.gitlinks) {
    const state = await captureInside(worktree, prefix, path, commit, options, all, 'submodules');
    if (state === 'dirty') dirty.push(path);
  }
  for (const path of capture.nested) {
    await captureInside(worktree, prefix, path, null, options, all, 'repositories');
  }
  const changes = listChanges(capture.status.entries, capture.added, dirty);
  return { capture, changes: held(changes, options.keepObject), clean: changes.length === 0 };
}

/** One repository inside another. */
async function captureInside(
  outer: Worktree,
  prefix: BytePath,
  path: BytePath,
  commit: string | null,
  options: CodeOptions,
  all: Gathered,
  list: 'submodules' | 'repositories',
): Promise<'clean' | 'dirty'> {
  const where = recordedPath(joinBytes(prefix, path)).path;
  const unknown = { path: where, commit, clean: null, tree: null, snapshot: null, changes: [] };
  // Taken before what is inside it, so that a submodule comes before its own.
  const at = all[list].push(unknown) - 1;
  if (!existsSync(onDisk(outer.top, joinBytes(path, '.git')))) return 'clean';
  try {
    const found = await findRepository(join(outer.top, pathText(path)));
    if (found.kind !== 'worktree' || found.worktree.top === outer.top) {
      all.problems.push(
        `${where}: ${found.kind === 'refused' ? found.reason : 'not a repository'}`,
      );
      return 'clean';
    }
    const inner = joinBytes(joinBytes(prefix, path), '');
    const own = await captureWithin(found.worktree, inner, options, all);
    all[list][at] = {
      path: where,
      commit: own.capture.status.commit,
      clean: own.clean,
      tree: own.capture.tree,
      snapshot: own.capture.snapshot,
      changes: own.changes,
    };
    return own.clean ? 'clean' : 'dirty';
  } catch (error) {
    if (error instanceof GitMissing) throw error;
    all.problems.push(`${where}: ${messageOf(error)}`);
    return 'clean';
  }
}

/** Where the program runs in another repository than the workspace's, that one too. */
export async function captureElsewhere(
  main: Worktree,
  options: CodeOptions,
  all: Gathered,
): Promise<void> {
  const holder = repositoryFolder(options.cwd);
  if (holder === null || isSameFolder(holder, main.top)) return;
  const found = await findRepository(options.cwd);
  if (found.kind !== 'worktree' || isSameFolder(found.worktree.top, main.top)) return;
  const { top } = found.worktree;
  const path = workspacePath(main.top, top);
  if ([...all.submodules, ...all.repositories].some((known) => known.path === path)) return;
  const prefix = joinBytes(bytePath(path), '');
  const own = await captureWithin(found.worktree, prefix, options, all);
  const { tree, snapshot, status } = own.capture;
  const { changes, clean } = own;
  all.repositories.push({ path, commit: status.commit, clean, tree, snapshot, changes });
}

/** The nearest folder upwards that holds a `.git`, without asking git. */
function repositoryFolder(start: string): string | null {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

function prefixed(prefix: BytePath, entry: LeftOut): LeftOut {
  if (prefix === '') return entry;
  return { ...entry, ...recordedPath(joinBytes(prefix, fromRecorded(entry))) };
}

function held(changes: Change[], keepObject: KeepObject): Code['changes'] {
  return changes.length <= listedChanges
    ? changes
    : keepObject(Buffer.from(JSON.stringify(changes)));
}

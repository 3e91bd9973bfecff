import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KeepObject } from '../../core/seams.ts';
import { messageOf } from '../../protocol/errors.ts';
import type { Change, Code, LeftOut, Repository } from '../../protocol/record.ts';
import {
  type BytePath,
  fromRecorded,
  joinBytes,
  onDisk,
  pathText,
  recordedPath,
} from '../byte-path.ts';
import { GitMissing } from '../git.ts';
import type { CodeOptions } from './capture-code.ts';
import { captureRepository, type RepositoryCapture } from './capture-repository.ts';
import { addInside, type Gathered, nothingGathered, snapshotName } from './gathered.ts';
import { listChanges } from './list-changes.ts';
import { findRepository, type Worktree } from './repository.ts';

/** Above so many, `changes` is the digest of an object that holds them. */
const listedChanges = 2000;

/** Repositories inside one that are captured side by side. */
const atOnce = 4;

/** A repository inside another: a submodule with its commit in the index, or one that lies there. */
interface Inside {
  path: BytePath;
  commit: string | null;
  list: 'submodules' | 'repositories';
}

export interface Own {
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
  all.seen.tops.add(worktree.top);
  const capture = await captureRepository(worktree, {
    ...options,
    snapshotName: options.runId === null ? null : snapshotName(worktree, options.runId, all.seen),
  });
  for (const entry of capture.leftOut) all.leftOut.push(prefixed(prefix, entry));
  const name = recordedPath(prefix).path;
  all.conversions.push(
    ...capture.conversions.map((path) => recordedPath(joinBytes(prefix, path)).path),
  );
  all.problems.push(...capture.problems.map((text) => `${name}${text}`));
  if (capture.failure !== null && prefix !== '') all.failures.push(`${name}: ${capture.failure}`);
  const inside: Inside[] = [
    ...capture.gitlinks.map(([path, commit]): Inside => ({ path, commit, list: 'submodules' })),
    ...capture.nested.map((path): Inside => ({ path, commit: null, list: 'repositories' })),
  ];
  const dirty: BytePath[] = [];
  const waiting = inside.entries();
  const captured: Gathered[] = [];
  // Mostly waiting for git, so a few at a time; told in the order of their paths.
  const take = async () => {
    for (const [at, { path, commit, list }] of waiting) {
      const own = nothingGathered(all.seen);
      captured[at] = own;
      const state = await captureInside(worktree, prefix, path, commit, options, own, list);
      if (state === 'dirty' && list === 'submodules') dirty.push(path);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, inside.length) }, take));
  for (const own of captured) addInside(all, own);
  const changes = listChanges(capture.status.entries, capture.added, dirty);
  return { capture, changes: held(changes, options.keepObject), clean: changes.length === 0 };
}

/** An entry of `submodules` or `repositories`. */
export function repositoryEntry(path: string, { capture, changes, clean }: Own): Repository {
  const { tree, snapshot, status } = capture;
  return { path, commit: status.commit, clean, tree, snapshot, changes };
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
    if (all.seen.tops.has(found.worktree.top)) {
      // It has an entry already: the workspace itself, inside another repository on the path.
      all[list].splice(at, 1);
      return 'clean';
    }
    const inner = joinBytes(joinBytes(prefix, path), '');
    const own = await captureWithin(found.worktree, inner, options, all);
    all[list][at] = repositoryEntry(where, own);
    return own.clean ? 'clean' : 'dirty';
  } catch (error) {
    if (error instanceof GitMissing) throw error;
    all.problems.push(`${where}: ${messageOf(error)}`);
    return 'clean';
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

import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LeftOut } from '../../protocol/record.ts';
import { type BytePath, bytePath, recordedPath, withoutSlash } from '../byte-path.ts';
import { GitError } from '../git.ts';
import { dirtyPaths, openBaseIndex, type Start } from './base-index.ts';
import { type ChoiceRules, leftOut } from './choose-file.ts';
import { commitTree, setSnapshotRef, writeTree } from './commit-snapshot.ts';
import { editIndex } from './edit-index.ts';
import { type Conversions, findConversions } from './find-conversions.ts';
import { checksumOf } from './index-file.ts';
import { createLook } from './look.ts';
import { createPlacement, type PlacementOptions } from './placement.ts';
import { planSnapshot, type SnapshotPlan } from './plan-snapshot.ts';
import type { Worktree } from './repository.ts';
import { openSidecar, type Sidecar } from './sidecar.ts';
import { keepState, stateVersion, steadyKey } from './sidecar-state.ts';
import { readStatus, type Status } from './status.ts';
import { hashBytesOf, openUserIndex, type UserIndex } from './user-index.ts';

export interface RepositoryOptions extends PlacementOptions {
  runId: string | null;
  /** Of the ref, below `refs/runrecord/`. Null: nothing is kept, no commit and no ref is made. */
  snapshotName: string | null;
  workspaceId?: string;
  createdAt: string;
  snapshotFileLimit: number;
  snapshotLimit?: number | undefined;
  hashLimit?: number | undefined;
  /** Absolute. */
  cacheFolder: string;
  digestFile: (path: Buffer) => Promise<string>;
  secrets?: readonly string[] | undefined;
}

/** One repository as it is: what changed, and the snapshot of what lies on disk. */
export interface RepositoryCapture {
  status: Status;
  /** Untracked paths that count as changes. */
  added: BytePath[];
  leftOut: LeftOut[];
  tree: string | null;
  snapshot: { ref: string; commit: string } | null;
  conversions: BytePath[];
  /** Submodules with the commit in the index, and untracked repositories inside. */
  gitlinks: [BytePath, string][];
  nested: BytePath[];
  /** What is missing. */
  problems: string[];
  /** Why there is no snapshot. */
  failure: string | null;
}

/** What the parts of one capture share. */
interface Job {
  worktree: Worktree;
  sidecar: Sidecar;
  user: UserIndex;
  status: Status;
  rules: ChoiceRules;
  options: RepositoryOptions;
  /** The index of this launch alone. */
  workFile: string;
}

/** Captures one repository. Fails where git cannot be run or cannot tell the state at all. */
export async function captureRepository(
  worktree: Worktree,
  options: RepositoryOptions,
): Promise<RepositoryCapture> {
  const sidecar = openSidecar(options.cacheFolder, worktree);
  const workFile = join(
    sidecar.folder,
    `work-${process.pid}-${Math.random().toString(36).slice(2)}`,
  );
  let user = await openUserIndex(worktree, sidecar);
  // Status and the look at our own index take the longest, and need little of each other.
  let state = readStatus(worktree, user.statusFile);
  const base = openBaseIndex(worktree, sidecar, user, workFile, state, 'kept');
  base.catch(() => {});
  try {
    let status: Status;
    try {
      status = await state;
    } catch (error) {
      if (!(error instanceof GitError) || !/index/i.test(error.stderr)) throw error;
      user = await openUserIndex(worktree, sidecar, true);
      state = readStatus(worktree, user.statusFile);
      status = await state;
    }
    const rules: ChoiceRules = {
      top: worktree.top,
      look: createLook(worktree.top),
      place: createPlacement(worktree.top, options),
      snapshotFileLimit: options.snapshotFileLimit,
      snapshotLimit: options.snapshotLimit ?? Number.MAX_SAFE_INTEGER,
      hashLimit: options.hashLimit ?? Number.MAX_SAFE_INTEGER,
      digestFile: options.digestFile,
      secrets: (options.secrets ?? []).map((secret) => bytePath(secret)),
    };
    const job = { worktree, sidecar, user, status, rules, options, workFile };
    return await takeSnapshot(job, base);
  } finally {
    await base.catch(() => {});
    for (const file of [workFile, `${workFile}.lock`]) rmSync(file, { force: true });
  }
}

type Base = Awaited<ReturnType<typeof openBaseIndex>>;

async function takeSnapshot(job: Job, first: Promise<Base>): Promise<RepositoryCapture> {
  const { worktree, sidecar, user, workFile } = job;
  const status = Promise.resolve(job.status);
  // An index of ours that is damaged, or whose objects were collected, is made anew: from the
  // user's, and at last from nothing.
  const starts: [Start, () => Promise<Base>][] = [
    ['kept', () => first],
    ['seeded', () => openBaseIndex(worktree, sidecar, user, workFile, status, 'seeded')],
    ['empty', () => openBaseIndex(worktree, sidecar, user, workFile, status, 'empty')],
  ];
  let failure = '';
  for (const [, open] of starts) {
    try {
      return await snapshotFrom(job, await open());
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      failure = error.message;
      if (storeIsClosed.test(failure)) break;
    }
  }
  return { ...emptyCapture(job), failure };
}

const storeIsClosed = /insufficient permission|Read-only file system|No space left|quota exceeded/i;

async function snapshotFrom(job: Job, base: Base): Promise<RepositoryCapture> {
  const { worktree, sidecar, workFile, status } = job;
  const plan = await planSnapshot(base, status.untracked, job.rules);
  const { add, remove, links } = plan.edit;
  const isSame = base.kept !== null && add.size + remove.size + links.size === 0;
  const capture = emptyCapture(job);
  capture.problems.push(...plan.problems);
  const edited = await editIndex(worktree, sidecar, workFile, plan.edit);
  recordEdits(edited, plan, base.untracked, status.untracked, capture);
  const converted = findConversions({
    worktree,
    user: job.user,
    workFile,
    kept: base.kept,
    added: [...add.keys()],
    removed: [...remove],
    dirty: dirtyPaths(status),
  });
  converted.catch(() => {});
  const tree =
    isSame && base.kept !== null ? base.kept.tree : await writeTree(worktree, sidecar, workFile);
  const snapshot = await keepSnapshot(job, tree);
  const conversions = await converted;
  keepIndex(job, plan, tree, base, conversions);
  return {
    ...capture,
    added: plan.added,
    leftOut: plan.leftOut,
    tree,
    snapshot,
    conversions: conversions.paths,
    gitlinks: [...base.gitlinks],
    nested: plan.nested,
  };
}

async function keepSnapshot({ worktree, sidecar, status, options }: Job, tree: string) {
  const { runId, snapshotName, createdAt, workspaceId } = options;
  if (runId === null || snapshotName === null) return null;
  const parent = status.commit;
  const about = { runId, createdAt, parent, workspaceId };
  const commit = await commitTree(worktree, sidecar, tree, about);
  return { ref: await setSnapshotRef(worktree, snapshotName, commit), commit };
}

function emptyCapture(job: Job): RepositoryCapture {
  return {
    status: job.status,
    added: job.status.untracked
      .filter((path) => job.rules.place(path) === 'code')
      .map(withoutSlash),
    leftOut: [],
    tree: null,
    snapshot: null,
    conversions: [],
    gitlinks: [],
    nested: [],
    problems: [...(job.user.problem === null ? [] : [job.user.problem]), ...job.status.warnings],
    failure: null,
  };
}

/** Takes what happened while the files were read into the plan and the list of problems. */
function recordEdits(
  edited: Awaited<ReturnType<typeof editIndex>>,
  plan: SnapshotPlan,
  known: Set<BytePath>,
  listed: BytePath[],
  capture: RepositoryCapture,
): void {
  const lost = new Set([...edited.unreadable, ...edited.vanished]);
  if (lost.size > 0) {
    const untracked = new Set([...known, ...listed]);
    plan.untracked = plan.untracked.filter((path) => !lost.has(path));
    plan.absent.push(...[...lost].filter((path) => !untracked.has(path)));
  }
  for (const path of edited.unreadable) {
    plan.leftOut.push(leftOut(path, null, 'unreadable').leftOut);
  }
  for (const path of edited.unstable) {
    capture.problems.push(`${recordedPath(path).path}: changed while it was captured`);
  }
  for (const entry of plan.leftOut) {
    if (entry.reason === 'unreadable') capture.problems.push(`${entry.path}: cannot be read`);
  }
}

/** Leaves the index for the next launch. Not to be able to costs time then, and nothing else. */
function keepIndex(
  job: Job,
  plan: SnapshotPlan,
  tree: string,
  base: Base,
  conversions: Conversions,
): void {
  const { sidecar, workFile, worktree, user } = job;
  const absent = new Set(plan.absent);
  const stats = new Map([...(base.kept?.dirty ?? []), ...(base.kept?.untracked ?? [])]);
  for (const [path, stat] of plan.edit.add) stats.set(path, steadyKey(stat));
  const withStat = (path: BytePath): [BytePath, string] => [path, stats.get(path) ?? ''];
  try {
    const checksum = checksumOf(readFileSync(workFile), hashBytesOf(worktree));
    renameSync(workFile, sidecar.indexFile);
    keepState(sidecar, {
      version: stateVersion,
      checksum,
      userIndex: user.key,
      tree,
      untracked: plan.untracked.map(withStat),
      dirty: dirtyPaths(job.status)
        .filter((path) => !absent.has(path))
        .map(withStat),
      absent: plan.absent,
      gitlinks: [...base.gitlinks],
      conversions: conversions.paths,
      rules: conversions.rules,
      plain: conversions.plain,
    });
  } catch {
    // No index at all where the repository holds no file.
    rmSync(sidecar.stateFile, { force: true });
  }
}

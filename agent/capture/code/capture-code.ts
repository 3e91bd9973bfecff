import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Captured, KeepObject } from '../../core/seams.ts';
import { messageOf } from '../../protocol/errors.ts';
import type { Change, Code, LeftOut, Repository } from '../../protocol/record.ts';
import { GitError, GitMissing } from '../git.ts';
import { type BytePath, locate, onDisk, toBytePath } from './byte-path.ts';
import {
  captureRepository,
  type RepositoryCapture,
  type RepositoryOptions,
} from './capture-repository.ts';
import { keepProgramFiles } from './keep-program-files.ts';
import { listChanges } from './list-changes.ts';
import { remoteOf } from './remote.ts';
import { type Found, findRepository, type Worktree } from './repository.ts';

export interface CodeOptions {
  workspaceRoot: string;
  /** Where the program runs. */
  cwd: string;
  /** Null: nothing is kept, no commit and no ref is made. */
  runId: string | null;
  /** RFC 3339. */
  createdAt: string;
  /** Relative to the workspace root, or absolute. */
  outputs: string[];
  data: string[];
  /** Globs of `runrecord.yaml`, relative to the workspace root. */
  ignore: string[];
  /** Bytes. */
  snapshotFileLimit: number;
  /** `.runrecord/cache`, absolute. */
  cacheFolder: string;
  /** Answers `sha256:<hex>`. */
  digestFile: (path: Buffer | string) => Promise<string>;
  keepObject: KeepObject;
  /** A further look at the remote's URL, which has lost its credentials before. */
  redactRemote?: (url: string) => string;
  /** Kept as objects where there is no repository. */
  programFiles: string[];
}

/** Above so many, `changes` is the digest of an object that holds them. */
const listedChanges = 2000;

/**
 * The code as it lies on disk: what changed since the commit, and a commit under
 * `refs/runrecord/<id>` that holds every file. Nothing of the user's is touched. Never fails: what
 * could not be had is told in `status` and `detail`.
 */
export async function captureCode(options: CodeOptions): Promise<Captured<Code>> {
  try {
    let found = await findRepository(options.workspaceRoot);
    if (found.kind === 'none' && options.cwd !== options.workspaceRoot) {
      found = await findRepository(options.cwd);
    }
    if (found.kind !== 'worktree') return await withoutRepository(found, options);
    return await captureWorktree(found.worktree, options);
  } catch (error) {
    if (error instanceof GitMissing || error instanceof GitError) {
      return { value: emptyCode(), status: 'failed', detail: error.message };
    }
    return { value: emptyCode(), status: 'failed', detail: `the code: ${messageOf(error)}` };
  }
}

/** A record's `code` where nothing is known. */
export function emptyCode(): Code {
  return {
    root: null,
    remote: null,
    branch: null,
    commit: null,
    upstream: null,
    clean: null,
    changes: [],
    leftOut: [],
    submodules: [],
    conversions: [],
    tree: null,
    snapshot: null,
    repositories: [],
  };
}

async function withoutRepository(
  found: Exclude<Found, { kind: 'worktree' }>,
  options: CodeOptions,
): Promise<Captured<Code>> {
  if (found.kind === 'refused') {
    return { value: emptyCode(), status: 'failed', detail: found.reason };
  }
  const reason =
    found.kind === 'bare'
      ? 'the repository is bare, it has no working tree'
      : 'not in a git repository';
  const kept = await keepProgramFiles(options);
  return {
    value: { ...emptyCode(), leftOut: kept.leftOut, files: kept.files },
    status: 'partial',
    detail: `${reason}: only ${kept.files.length} program file(s) are kept`,
  };
}

/** What is gathered over a repository and all inside it. */
interface Gathered {
  leftOut: LeftOut[];
  conversions: string[];
  submodules: Repository[];
  repositories: Repository[];
  problems: string[];
  failures: string[];
}

async function captureWorktree(worktree: Worktree, options: CodeOptions): Promise<Captured<Code>> {
  const all: Gathered = {
    leftOut: [],
    conversions: [],
    submodules: [],
    repositories: [],
    problems: [],
    failures: [],
  };
  const own = await captureWithin(worktree, '', options, all);
  await captureElsewhere(worktree, options, all);
  const { capture, changes, clean } = own;
  const { status } = capture;
  const remote = remoteOf(worktree.config, status.branch);
  const value: Code = {
    root: recordedRoot(worktree.top, options.workspaceRoot),
    remote: remote === null ? null : (options.redactRemote?.(remote) ?? remote),
    branch: status.branch,
    commit: status.commit,
    upstream: status.upstream,
    clean,
    changes,
    leftOut: all.leftOut,
    submodules: all.submodules,
    conversions: all.conversions,
    tree: capture.tree,
    snapshot: capture.snapshot,
    repositories: all.repositories,
  };
  if (capture.failure !== null) {
    return { value, status: 'failed', detail: `no snapshot of the code: ${capture.failure}` };
  }
  const missing = [...all.failures, ...all.problems];
  if (missing.length > 0) return { value, status: 'partial', detail: told(missing) };
  return { value, status: 'captured', detail: null };
}

function told(problems: string[]): string {
  const shown = problems.slice(0, 10).join('; ');
  return problems.length > 10 ? `${shown}; and ${problems.length - 10} more` : shown;
}

function recordedRoot(top: string, workspaceRoot: string): string {
  const inside = relative(workspaceRoot, top).replaceAll('\\', '/');
  if (inside === '') return '.';
  if (inside.startsWith('..') || isAbsolute(inside)) {
    // The same folder by another name: a link in the path of the workspace.
    return isSameFolder(top, workspaceRoot) ? '.' : top;
  }
  return inside;
}

function isSameFolder(a: string, b: string): boolean {
  const [one, other] = [
    statSync(a, { throwIfNoEntry: false }),
    statSync(b, { throwIfNoEntry: false }),
  ];
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

interface Own {
  capture: RepositoryCapture;
  changes: Code['changes'];
  clean: boolean;
}

/** Captures a repository and those inside it; `prefix` is where it lies in the outermost one. */
async function captureWithin(
  worktree: Worktree,
  prefix: BytePath,
  options: CodeOptions,
  all: Gathered,
): Promise<Own> {
  const capture = await captureRepository(worktree, repositoryOptions(options));
  for (const entry of capture.leftOut) all.leftOut.push(prefixed(prefix, entry));
  const name = locate(prefix).path;
  all.conversions.push(...capture.conversions.map((path) => locate(prefix + path).path));
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
  const where = locate(prefix + path).path;
  const unknown = { path: where, commit, clean: null, tree: null, snapshot: null, changes: [] };
  // Taken before what is inside it, so that a submodule comes before its own.
  const at = all[list].push(unknown) - 1;
  if (!existsSync(onDisk(outer.top, `${path}/.git`))) return 'clean';
  try {
    const found = await findRepository(onDisk(outer.top, path).toString('utf8'));
    if (found.kind !== 'worktree' || found.worktree.top === outer.top) {
      all.problems.push(
        `${where}: ${found.kind === 'refused' ? found.reason : 'not a repository'}`,
      );
      return 'clean';
    }
    const own = await captureWithin(found.worktree, `${prefix}${path}/`, options, all);
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
async function captureElsewhere(
  main: Worktree,
  options: CodeOptions,
  all: Gathered,
): Promise<void> {
  const holder = repositoryFolder(options.cwd);
  if (holder === null || isSameFolder(holder, main.top)) return;
  const found = await findRepository(options.cwd);
  if (found.kind !== 'worktree' || isSameFolder(found.worktree.top, main.top)) return;
  const { top } = found.worktree;
  const inside = relative(main.top, top).replaceAll('\\', '/');
  const isInside = !inside.startsWith('..') && !isAbsolute(inside);
  const path = isInside ? inside : top;
  if ([...all.submodules, ...all.repositories].some((known) => known.path === path)) return;
  const own = await captureWithin(found.worktree, `${toBytePath(path)}/`, options, all);
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

function repositoryOptions(options: CodeOptions): RepositoryOptions {
  return options;
}

function prefixed(prefix: BytePath, entry: LeftOut): LeftOut {
  if (prefix === '') return entry;
  const bytes =
    entry.pathBytes === undefined
      ? toBytePath(entry.path)
      : Buffer.from(entry.pathBytes, 'base64').toString('latin1');
  return { ...entry, ...locate(prefix + bytes) };
}

function held(changes: Change[], keepObject: KeepObject): Code['changes'] {
  return changes.length <= listedChanges
    ? changes
    : keepObject(Buffer.from(JSON.stringify(changes)));
}

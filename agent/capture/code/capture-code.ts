import { resolve } from 'node:path';
import type { Captured, KeepObject } from '../../core/seams.ts';
import { unknownCode } from '../../core/unknown-record.ts';
import { messageOf } from '../../protocol/errors.ts';
import type { Code } from '../../protocol/record.ts';
import { bytePath } from '../byte-path.ts';
import { GitError, GitMissing } from '../git.ts';
import { isSameFolder, realPath, workspacePath } from '../workspace-path.ts';
import { captureElsewhere } from './capture-elsewhere.ts';
import { captureWithin } from './capture-within.ts';
import { type Gathered, nothingGathered } from './gathered.ts';
import type { ImportPath } from './import-path.ts';
import { keepProgramFiles } from './keep-program-files.ts';
import { remoteOf } from './remote.ts';
import { type Found, findRepository, type Worktree } from './repository.ts';
import { findIndexed } from './uncovered-files.ts';

export interface CodeOptions {
  workspaceRoot: string;
  /** Where the program runs. */
  cwd: string;
  /** What git said of the workspace's root, where it was asked before. */
  repository?: Promise<Found> | undefined;
  /** Null: nothing is kept, no commit and no ref is made. */
  runId: string | null;
  /** RFC 3339. */
  createdAt: string;
  /** Relative to the workspace root, or absolute. */
  outputs: string[];
  sharedOutputs?: string[] | undefined;
  data: string[];
  /** Globs of `runrecord.yaml`, relative to the workspace root. */
  ignore: string[];
  /** Whether an earlier run was seen to write the file; `path` relative to the workspace. */
  isWritten?: (path: string) => boolean;
  /** Bytes. */
  snapshotFileLimit: number;
  /** Bytes of untracked files, all together; without it there is no limit. */
  snapshotLimit?: number;
  /** Bytes: of a larger file that is left out the stat is told, not the digest. */
  hashLimit?: number;
  /** `.runrecord/cache`, absolute. */
  cacheFolder: string;
  /** Answers `sha256:<hex>`. */
  digestFile: (path: Buffer | string) => Promise<string>;
  keepObject: KeepObject;
  /** The bytes of a file without secrets; the same array where there are none. */
  redactBytes?: (bytes: Uint8Array, where: string) => Uint8Array;
  /** Texts that are secret wherever they stand: no untracked file that holds one is kept. */
  secrets?: readonly string[];
  /** A further look at the remote's URL, which has lost its credentials before. */
  redactRemote?: (url: string) => string;
  /** Kept as objects where no snapshot holds them. */
  programFiles: string[];
  /** Where modules are looked for, or null where nothing looks for any. */
  importPath?: Promise<ImportPath | null>;
  /** Stands in each snapshot, so that a ref whose record is gone is known for one of this workspace. */
  workspaceId?: string;
}

/**
 * The code as it lies on disk: what changed since the commit, and a commit under
 * `refs/runrecord/<id>` that holds every file. Nothing of the user's is touched. Never fails: what
 * could not be had is told in `status` and `detail`.
 */
export async function captureCode(options: CodeOptions): Promise<Captured<Code>> {
  try {
    let found = await (options.repository ?? findRepository(options.workspaceRoot));
    if (found.kind === 'none' && options.cwd !== options.workspaceRoot) {
      found = await findRepository(options.cwd);
    }
    if (found.kind !== 'worktree') return await withoutRepository(found, options);
    return await captureWorktree(found.worktree, options);
  } catch (error) {
    if (error instanceof GitMissing || error instanceof GitError) {
      return { value: unknownCode(), status: 'failed', detail: error.message };
    }
    return { value: unknownCode(), status: 'failed', detail: `the code: ${messageOf(error)}` };
  }
}

async function withoutRepository(
  found: Exclude<Found, { kind: 'worktree' }>,
  options: CodeOptions,
): Promise<Captured<Code>> {
  const kept = await keepProgramFiles(unknownCode(), options);
  const all = nothingGathered();
  await captureElsewhere(options.workspaceRoot, Promise.resolve(), options, all);
  const value: Code = {
    ...unknownCode(),
    leftOut: [...kept.leftOut, ...all.leftOut],
    files: kept.files,
    conversions: all.conversions,
    repositories: all.repositories,
  };
  if (found.kind === 'refused') return { value, status: 'failed', detail: found.reason };
  const reason =
    found.kind === 'bare'
      ? 'the repository is bare, it has no working tree'
      : 'not in a git repository';
  const missing = [`${reason}: ${keptWords(kept.files.length)}`, ...problemsOf(all)];
  return { value, status: 'partial', detail: told(missing) };
}

async function captureWorktree(worktree: Worktree, options: CodeOptions): Promise<Captured<Code>> {
  const all = nothingGathered();
  const capturing = captureWithin(worktree, bytePath(''), options, all);
  capturing.catch(() => {});
  const program = options.programFiles.map((name) => resolve(options.cwd, name));
  const indexed = findIndexed(program, worktree.top);
  await captureElsewhere(worktree.top, capturing, options, all);
  const { capture, changes, clean } = await capturing;
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
  // A script in a folder that git ignores, or too large: what ran is kept all the same.
  const held = capture.tree === null ? new Set() : await indexed;
  const leftOut = new Set(all.leftOut.map(({ path }) => resolve(worktree.top, path)));
  const programFiles = program.filter((file) => !held.has(file) || leftOut.has(realPath(file)));
  const kept = await keepProgramFiles(value, { ...options, programFiles });
  if (kept.files.length > 0) value.files = kept.files;
  if (capture.failure !== null) {
    return { value, status: 'failed', detail: `no snapshot of the code: ${capture.failure}` };
  }
  const missing = problemsOf(all);
  if (missing.length > 0) return { value, status: 'partial', detail: told(missing) };
  return { value, status: 'captured', detail: null };
}

function problemsOf(all: Gathered): string[] {
  return [...all.failures, ...all.problems];
}

function told(problems: string[]): string {
  const shown = problems.slice(0, 10).join('; ');
  return problems.length > 10 ? `${shown}; and ${problems.length - 10} more` : shown;
}

function recordedRoot(top: string, workspaceRoot: string): string {
  // The same folder may have another name: a link in the path of the workspace.
  return isSameFolder(top, workspaceRoot) ? '.' : workspacePath(workspaceRoot, top);
}

function keptWords(count: number): string {
  if (count === 0) return 'no code is kept';
  return count === 1 ? 'only the program file is kept' : `only ${count} program files are kept`;
}

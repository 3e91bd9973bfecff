import { refs } from '../../protocol/names.ts';
import { git } from '../git.ts';
import type { Worktree } from './repository.ts';
import type { Sidecar } from './sidecar.ts';
import { writeRef } from './write-ref.ts';

export interface SnapshotOptions {
  runId: string;
  /** RFC 3339; the date of the commit. */
  createdAt: string;
  /** HEAD, or null before the first commit. */
  parent: string | null;
  workspaceId?: string | undefined;
}

/** Writes the tree of the index at `workFile` and answers its id. */
export async function writeTree(
  worktree: Worktree,
  sidecar: Sidecar,
  workFile: string,
): Promise<string> {
  return oneLine(await git(['write-tree'], { cwd: worktree.top, env: sidecar.env(workFile) }));
}

/** Commits a tree; no branch, no index and no signature is involved. Answers the commit. */
export async function commitTree(
  worktree: Worktree,
  sidecar: Sidecar,
  tree: string,
  options: SnapshotOptions,
): Promise<string> {
  const parent = options.parent === null ? [] : ['-p', options.parent];
  const date = `${Math.floor(Date.parse(options.createdAt) / 1000)} +0000`;
  return oneLine(
    await git(['commit-tree', tree, ...parent], {
      cwd: worktree.top,
      env: {
        ...sidecar.env(sidecar.indexFile),
        GIT_AUTHOR_NAME: 'Run Record',
        GIT_AUTHOR_EMAIL: 'runrecord@localhost',
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: 'Run Record',
        GIT_COMMITTER_EMAIL: 'runrecord@localhost',
        GIT_COMMITTER_DATE: date,
      },
      input: Buffer.from(messageFor(options)),
    }),
  );
}

function messageFor({ runId, workspaceId }: SnapshotOptions): string {
  const subject = `Run Record: the code of run ${runId}\n`;
  return workspaceId === undefined ? subject : `${subject}\nWorkspace: ${workspaceId}\n`;
}

/** Sets `refs/runrecord/<name>` in the user's repository and answers its name. */
export async function setSnapshotRef(
  worktree: Worktree,
  name: string,
  commit: string,
): Promise<string> {
  const ref = `${refs.snapshots}${name}`;
  await writeRef(worktree.top, ref, commit);
  return ref;
}

function oneLine(output: Buffer): string {
  return output.toString('latin1').trim();
}

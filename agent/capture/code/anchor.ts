import { refs } from '../../protocol/names.ts';
import { GitError, git } from '../git.ts';
import { writeRef } from './write-ref.ts';

/**
 * Keeps a finished run's journal as a blob under `refs/runrecord/journal/<id>` of the repository
 * that `root` is in (its top is the fast case). Answers the blob's id, or null where there is no repository.
 */
export async function anchorJournal(
  root: string,
  runId: string,
  bytes: Uint8Array,
): Promise<string | null> {
  try {
    const output = await git(['hash-object', '-w', '--stdin'], { cwd: root, input: bytes });
    const blob = output.toString('latin1').trim();
    await writeRef(root, `${refs.journals}${runId}`, blob);
    return blob;
  } catch (error) {
    if (error instanceof GitError && isAbsence(error)) return null;
    throw error;
  }
}

/** The anchored journal of a run, or null where there is none. */
export async function readAnchor(root: string, runId: string): Promise<Buffer | null> {
  try {
    return await git(['cat-file', 'blob', `${refs.journals}${runId}`], { cwd: root });
  } catch (error) {
    if (error instanceof GitError && isAbsence(error)) return null;
    throw error;
  }
}

/** The ids of all runs whose journal is anchored; none where there is no repository. */
export async function listAnchors(root: string): Promise<string[]> {
  try {
    const output = await git(['for-each-ref', '--format=%(refname)', refs.journals], { cwd: root });
    const names = output.toString('latin1').split('\n');
    return names.filter((name) => name !== '').map((name) => name.slice(refs.journals.length));
  } catch (error) {
    if (error instanceof GitError && isAbsence(error)) return [];
    throw error;
  }
}

function isAbsence(error: GitError): boolean {
  return /not a git repository|Not a valid object name|bad revision/i.test(error.stderr);
}

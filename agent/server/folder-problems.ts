import { makeVisible } from '../core/text/visible.ts';
import { canWrite } from '../store/index/database-path.ts';
import type { Layout } from '../store/layout.ts';
import type { OpenedIndex } from './open-folder-index.ts';
import type { Problem, Session } from './session.ts';

export function describeGone(folder: string): Problem {
  return {
    folder,
    code: 'folder-gone',
    message: `The folder ${folder} is not there any more.`,
    action: 'Remove it from the workspace; if it comes back, its runs are shown again.',
  };
}

/** A journal that could not be read whole; what could be is shown. */
export function describeDamage(
  folder: string,
  { id, problem }: { id: string; problem: string },
): Problem {
  return {
    folder,
    code: 'journal-damaged',
    message: `The journal of run ${id.slice(-8)} cannot be read whole: ${makeVisible(problem)}.`,
    action: `In a terminal, runrecord verify ${id} says what is left of it.`,
  };
}

/** Says what stands in the way of recording in a folder whose records were opened. */
export async function findFolderProblems(
  folder: string,
  { index, isLocal }: OpenedIndex,
  layout: Layout,
  session: Session,
): Promise<void> {
  if (!session.trusted) return;
  if (!canWrite(layout.home)) {
    session.tell({
      folder,
      code: 'read-only-folder',
      message: `The folder ${layout.home} cannot be written to.`,
      action: 'Runs are shown from their journals; make it writable to record new ones.',
    });
  } else if (!isLocal) {
    session.tell({
      folder,
      code: 'network-file-system',
      message: `${layout.root} is not on a file system that is known to be local.`,
      action:
        index.path() === null
          ? 'What other machines record is shown after some seconds.'
          : `What other machines record is shown after some seconds; the index is kept in ${index.path()}.`,
    });
  }
  const problem = await findGitProblem(layout.root);
  if (problem !== null) session.tell({ folder, ...problem });
}

async function findGitProblem(root: string): Promise<Omit<Problem, 'folder'> | null> {
  const [{ findRepository }, { GitMissing }] = await Promise.all([
    import('../capture/code/repository.ts'),
    import('../capture/git.ts'),
  ]);
  try {
    const found = await findRepository(root);
    if (found.kind === 'worktree') return null;
    if (found.kind === 'refused') {
      const message = `Git refuses the repository of ${root}: ${found.reason}.`;
      return {
        code: 'git-refused',
        message,
        action: 'Until then the code of runs is kept in part.',
      };
    }
    return {
      code: 'no-repository',
      message: `${root} is not in a git repository.`,
      action: 'Runs keep the files of the program alone; git init lets them keep all of the code.',
    };
  } catch (thrown) {
    if (!(thrown instanceof GitMissing)) return null;
    return {
      code: 'git-missing',
      message: 'Git is not installed, or not on the path.',
      action: 'Install git: without it runs do not keep the code that ran.',
    };
  }
}

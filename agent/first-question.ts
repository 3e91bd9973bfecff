import { type Found, findRepository } from './capture/code/repository.ts';
import { findWorkspaceRoot } from './store/workspace-root.ts';

/** Which repository the workspace is in: what a launch needs to know first. Asked by the import. */
export const repository: Promise<Found> = ask();
repository.catch(() => {});

async function ask(): Promise<Found> {
  return findRepository(findWorkspaceRoot(process.cwd()));
}

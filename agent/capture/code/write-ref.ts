import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { git } from '../git.ts';

/**
 * Sets a ref of ours, which nobody else writes. As git does it itself (`<ref>.lock`, exclusively,
 * synced, renamed), without a process, as a launch waits for it; by `git update-ref` where the refs
 * are not plain files of one user (reftable, a shared repository, a linked worktree).
 *
 * Fails with `GitError` where git cannot write it either.
 */
export async function writeRef(top: string, ref: string, id: string): Promise<void> {
  const store = plainRefStore(top);
  if (store !== null && writeLoose(join(store, ref), id)) return;
  await git(['update-ref', ref, id], { cwd: top });
}

/** The folder that holds `refs/`, where writing a file in it is all there is to setting a ref. */
function plainRefStore(top: string): string | null {
  const folder = join(top, '.git');
  try {
    if (!statSync(folder).isDirectory() || existsSync(join(folder, 'commondir'))) return null;
    const config = readFileSync(join(folder, 'config'), 'latin1');
    return /refstorage|sharedrepository/i.test(config) ? null : folder;
  } catch {
    return null;
  }
}

function writeLoose(path: string, id: string): boolean {
  const lock = `${path}.lock`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const { O_WRONLY, O_CREAT, O_EXCL } = constants;
    const descriptor = openSync(lock, O_WRONLY | O_CREAT | O_EXCL, 0o666);
    try {
      writeSync(descriptor, `${id}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(lock, path);
    return true;
  } catch (error) {
    // Another's lock stays; what we began is taken back. Git then says what is wrong.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') rmSync(lock, { force: true });
    return false;
  }
}

import { spawn } from 'node:child_process';
import type { Layout } from '../store/layout.ts';
import { isCutLaunch } from './cut-launch.ts';
import { undoLaunch } from './launch/undo-launch.ts';
import { findOrphans, liveFolder } from './live.ts';
import { withdrawRun } from './outputs/live-runs.ts';
import { readBootId } from './process-identity.ts';

/** Each is a process that finishes one run: more would be felt by the user. */
const atOnce = 4;

/**
 * Sees to runs that nobody will finish, as recorder and keeper were killed: a launch that was cut
 * is taken back, a run of this boot is finished by a process of its own, and one of an earlier
 * boot stays as it is (readers tell that it is lost).
 */
export async function finishOrphans(
  layout: Layout,
  attendCommand: (root: string, id: string) => string[],
): Promise<void> {
  let started = 0;
  for (const { id, recorder } of findOrphans(layout)) {
    if (isCutLaunch(layout, id)) await undoLaunch(layout, id);
    else if (recorder.bootId !== readBootId()) withdrawRun(liveFolder(layout), id);
    else if (started < atOnce) {
      started += 1;
      const [command = '', ...words] = attendCommand(layout.root, id);
      spawn(command, words, { detached: true, stdio: 'ignore', cwd: layout.root })
        .on('error', () => {})
        .unref();
    }
  }
}

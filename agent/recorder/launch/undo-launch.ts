import { rmSync } from 'node:fs';
import type { Layout } from '../../store/layout.ts';
import { liveFolder } from '../live.ts';
import { dropRefsOf } from '../lost-records.ts';
import { withdrawRun } from '../outputs/live-runs.ts';

/**
 * Takes back what a launch has made that came to nothing: its folder, its snapshots, its mark. For
 * launches of which nothing has run; never fails.
 */
export async function undoLaunch(layout: Layout, id: string): Promise<void> {
  await dropRefsOf(layout, id).catch(() => null);
  try {
    rmSync(layout.runFolder(id), { recursive: true, force: true });
    // Last, so that a later launch finds what a kill leaves here.
    withdrawRun(liveFolder(layout), id);
  } catch {
    // A disk that cannot be written to now: a folder without a launch line is no run.
  }
}

import { hostname } from 'node:os';
import { join } from 'node:path';
import { readExitFile, readProcessFile } from '../store/exit-file.ts';
import type { Layout } from '../store/layout.ts';
import { type LiveRun, overlappingRuns } from './outputs/live-runs.ts';
import { isSameProcessAlive } from './process-identity.ts';

/** The folder in which runs announce themselves while they go on. */
export function liveFolder(layout: Layout): string {
  return join(layout.home, 'live');
}

/**
 * Whether an announced run may still write: its recorder, its keeper or its program is there. One
 * of another host cannot be looked at; it counts until it withdraws.
 */
function isLive(layout: Layout, run: LiveRun): boolean {
  if (run.host !== hostname() || isSameProcessAlive(run.recorder) !== false) return true;
  const folder = layout.runFolder(run.id);
  const known = readProcessFile(folder);
  if (known?.keeper && isSameProcessAlive(known.keeper) !== false) return true;
  return (
    readExitFile(folder) === null &&
    known?.process != null &&
    isSameProcessAlive(known.process) !== false
  );
}

/** Tells, now, which other runs were given a place that this one was given too. */
export function createOverlapProbe(
  layout: Layout,
  id: string,
  directories: string[],
): () => string[] {
  const mine = { id, directories };
  return () => overlappingRuns(liveFolder(layout), mine, (run) => isLive(layout, run));
}

import { hostname } from 'node:os';
import { join } from 'node:path';
import { launchNotKept } from '../store/disk-error.ts';
import { readExitFile, readProcessFile } from '../store/exit-file.ts';
import type { Layout } from '../store/layout.ts';
import {
  announceRun,
  type LiveRun,
  listAnnounced,
  listLiveRuns,
  overlappingRuns,
  readLiveRun,
} from './outputs/live-runs.ts';
import { hostName, identifyProcess, isSameProcessAlive } from './process-identity.ts';

/** The folder in which runs announce themselves while they go on. */
export function liveFolder(layout: Layout): string {
  return join(layout.home, 'live');
}

/**
 * A launch is announced before it makes anything, with no place of its own yet, so that what a
 * kill leaves of it is found.
 *
 * @throws RunRecordError `launch-not-kept` where nothing can be written
 */
export function announceLaunch(layout: Layout, id: string): void {
  const recorder = identifyProcess(process.pid) ?? {
    pid: process.pid,
    startTime: null,
    bootId: null,
  };
  try {
    announceRun(liveFolder(layout), { id, directories: [], recorder, host: hostName });
  } catch (error) {
    throw launchNotKept(layout.journal(id), error);
  }
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

/** Ids of all announced runs, and whether one of them may still write. */
export function createLiveRuns(layout: Layout): {
  announced(): string[];
  isLive(id: string): boolean;
} {
  const folder = liveFolder(layout);
  return {
    announced: () => listAnnounced(folder),
    isLive: (id) => {
      const run = readLiveRun(folder, id);
      return run !== null && isLive(layout, run);
    },
  };
}

/** Announced runs whose processes are all gone: nobody will withdraw them. */
export function findOrphans(layout: Layout): LiveRun[] {
  return listLiveRuns(liveFolder(layout)).filter((run) => !isLive(layout, run));
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

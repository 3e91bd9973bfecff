import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { directoriesOverlap } from '../../core/overlap.ts';
import type { ProcessIdentity } from '../../protocol/record.ts';

/**
 * Which runs of a workspace go on now, and where each may write: `live/<id>` while a run is
 * recorded. It tells two runs in one directory from one that has the place to itself.
 */
export interface LiveRun {
  id: string;
  directories: string[];
  recorder: ProcessIdentity;
  host: string;
}

export function announceRun(folder: string, run: LiveRun): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, run.id), JSON.stringify(run));
}

export function withdrawRun(folder: string, id: string): void {
  rmSync(join(folder, id), { force: true });
}

/** Ids of other announced runs whose places overlap; `isLive` says whether one still goes on. */
export function overlappingRuns(
  folder: string,
  mine: { id: string; directories: string[] },
  isLive: (run: LiveRun) => boolean,
): string[] {
  return listLiveRuns(folder)
    .filter((run) => run.id !== mine.id)
    .filter((run) => directoriesOverlap(mine.directories, run.directories))
    .filter(isLive)
    .map((run) => run.id)
    .sort();
}

/** All announced runs, also those whose recorder has died. */
export function listLiveRuns(folder: string): LiveRun[] {
  return listAnnounced(folder).flatMap((id) => readLiveRun(folder, id) ?? []);
}

/** Ids of all announced runs. */
export function listAnnounced(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Null for one that is half written, or gone meanwhile: the next look sees it. */
export function readLiveRun(folder: string, id: string): LiveRun | null {
  try {
    const run = JSON.parse(readFileSync(join(folder, id), 'utf8')) as Partial<LiveRun>;
    const whole = run.id === id && Array.isArray(run.directories) && run.recorder !== undefined;
    return whole ? (run as LiveRun) : null;
  } catch {
    return null;
  }
}

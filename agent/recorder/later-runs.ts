import { readdirSync } from 'node:fs';
import { directoriesOverlap } from '../core/overlap.ts';
import { readJournal } from '../store/journal-reader.ts';
import type { Layout } from '../store/layout.ts';
import { parseEvent } from '../store/parse-event.ts';
import { absoluteIn } from './launch/begin-record.ts';

/** More launches than this since a recorder was killed: the newest are looked at. */
const mostRuns = 500;

/**
 * Ids of runs that were launched after this one and were given a place that it was given too,
 * ended or not: with no recorder there to see it, any of them may have written what lies there.
 * `directories` are absolute.
 */
export function findLaterRuns(layout: Layout, id: string, directories: string[]): string[] {
  // Ids are in the order of time.
  const later = readdirSync(layout.runs).filter((name) => name > id);
  return later
    .sort()
    .slice(-mostRuns)
    .filter((name) => {
      const theirs = directoriesOf(layout, name).map((path) => absoluteIn(layout.root, path));
      return directoriesOverlap(directories, theirs);
    });
}

function directoriesOf(layout: Layout, id: string): string[] {
  try {
    const [launch] = readJournal(layout.journal(id)).lines;
    const event = launch === undefined ? null : parseEvent(launch);
    if (event === null || typeof event === 'string' || event.type !== 'launch') return [];
    return event.data.outputs.directories;
  } catch {
    return [];
  }
}

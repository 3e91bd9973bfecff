import { isAbsolute, join } from 'node:path';
import { bytePath, placeInRecord } from '../capture/byte-path.ts';
import { digestFile } from '../capture/data/digest-file.ts';
import type { ProgramEvent } from '../core/program-events.ts';
import type { Redactor } from '../core/redaction/redactor.ts';
import type { DigestCache } from '../core/seams.ts';
import type { Point } from '../protocol/journal.ts';
import type { DataEntry } from '../protocol/record.ts';
import type { Json } from '../protocol/values.ts';
import type { Recording } from './recording.ts';

const pointsPerLine = 5_000;

export interface TakeOptions {
  recording: Recording;
  root: string;
  /** Where the program runs: its relative paths start there. Absolute. */
  cwd: string;
  redactor: Redactor;
  cache: DigestCache;
  /** The program said something of its configuration; without secrets. */
  config(values: Record<string, Json>): void;
  /** A metric that no framework has told already. */
  isNew(point: Point): boolean;
  /** The program named a file that it wrote; it is followed like those in the output folders. */
  output(path: string, role: string): void;
}

/**
 * Writes what a program said of itself into its record: metrics in batches, the rest line by line,
 * and at the end how far it was read, so that another recorder of the run can go on from there.
 */
export function takeEvents(
  events: ProgramEvent[],
  eventsOffset: number,
  options: TakeOptions,
): void {
  if (events.length === 0) return;
  const points: Point[] = [];
  for (const event of events) {
    if (event.type !== 'metric') takeWord(event, options);
    else if (options.isNew(event.point)) points.push(event.point);
  }
  for (let start = 0; start < points.length; start += pointsPerLine) {
    const batch = points.slice(start, start + pointsPerLine);
    const isLast = start + pointsPerLine >= points.length;
    const taken = isLast ? { eventsOffset } : {};
    options.recording.append('metric', { source: 'events', points: batch, ...taken });
  }
  if (points.length === 0) options.recording.append('heartbeat', { eventsOffset });
}

function takeWord(event: Exclude<ProgramEvent, { type: 'metric' }>, options: TakeOptions): void {
  const { recording, redactor } = options;
  switch (event.type) {
    case 'config':
      options.config(redactor.redactTree(event.values, 'config'));
      break;
    case 'input':
      recording.append('data', { entries: [inputOf(event, options)] });
      break;
    case 'output':
      options.output(absolute(event.path, options.cwd), event.role);
      break;
    case 'seed': {
      const seeds = recording.record.environment?.seeds ?? [];
      const { library, value } = event;
      recording.append('environment', { environment: { seeds: [...seeds, { library, value }] } });
      break;
    }
    case 'note':
      recording.append('note', { text: redactor.redactText(event.text, 'notes') });
      break;
    case 'custom': {
      const value = redactor.redactValue(event.key, event.value, `custom.${event.key}`);
      const type =
        event.value === null ? 'null' : Array.isArray(event.value) ? 'array' : typeof event.value;
      recording.append('custom', { values: { [event.key]: { value, type, unit: event.unit } } });
      break;
    }
  }
}

/** A file is hashed as it is now; a digest that the program gave is its word, and not used. */
function inputOf(event: Extract<ProgramEvent, { type: 'input' }>, options: TakeOptions): DataEntry {
  const entry: DataEntry = {
    path: event.uri ?? event.path ?? '',
    ...(event.name === null ? {} : { name: event.name }),
    role: 'input',
    seen: ['declared'],
    digest: null,
    mode: 'uri',
    sizeBytes: null,
    fileCount: null,
    manifest: null,
    version: event.version,
    hashed: null,
    changedDuringRun: false,
    digestAfter: null,
  };
  if (event.path === null)
    return { ...entry, path: options.redactor.redactText(entry.path, 'data') };
  const path = absolute(event.path, options.cwd);
  const place = placeInRecord(bytePath(path), options.root);
  try {
    const { digest, sizeBytes } = digestFile(path, { cache: options.cache });
    return { ...entry, ...place, digest, mode: 'full', sizeBytes, fileCount: 1, hashed: 'during' };
  } catch {
    return { ...entry, ...place, mode: 'full' };
  }
}

function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? path : join(cwd, path);
}

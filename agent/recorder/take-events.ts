import { isAbsolute, join } from 'node:path';
import { bytePath, placeInRecord } from '../capture/byte-path.ts';
import { digestFile } from '../capture/data/digest-file.ts';
import { markGenerated } from '../core/config/generated.ts';
import type { LaunchMoment } from '../core/config/generated-value.ts';
import { joinKey } from '../core/config/key-path.ts';
import { setMember } from '../core/config/node.ts';
import type { ProgramEvent } from '../core/program-events.ts';
import type { Redactor } from '../core/redaction/redactor.ts';
import type { DigestCache } from '../core/seams.ts';
import type { Point } from '../protocol/journal.ts';
import type { Config, DataEntry, Origin, RunRecord } from '../protocol/record.ts';
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
    if (event.type === 'metric') points.push(event.point);
    else takeWord(event, options);
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
      recording.append('config', {
        config: mergeConfig(recording.record, event.values, redactor),
      });
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

/** What the program says of its configuration stands over what was read at launch. */
function mergeConfig(
  { id, config, lifecycle, command }: RunRecord,
  values: Record<string, Json>,
  redactor: Redactor,
): Partial<Config> {
  const safe = redactor.redactTree(values, 'config') as Record<string, Json>;
  const origins: Record<string, Origin> = { ...config.origins };
  const resolved = mergeTree(config.resolved ?? {}, safe, [], (segments) => {
    setMember(origins, joinKey(segments), { kind: 'program' });
  });
  const moment: LaunchMoment = {
    atMs: Date.parse(lifecycle.createdAt),
    untilMs: Date.now(),
    runId: id,
    host: command.launcher.host,
    pids: lifecycle.process === null ? [] : [lifecycle.process.pid],
  };
  return { resolved, origins: markGenerated({ resolved, origins }, moment, config) };
}

type Tree = Record<string, Json>;

function mergeTree(
  base: Tree,
  over: Tree,
  place: string[],
  leaf: (segments: string[]) => void,
): Tree {
  const merged: Tree = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const segments = [...place, name];
    const before = Object.hasOwn(base, name) ? base[name] : undefined;
    if (isTree(value) && Object.keys(value).length > 0) {
      setMember(merged, name, mergeTree(isTree(before) ? before : {}, value, segments, leaf));
    } else {
      setMember(merged, name, value);
      leaf(segments);
    }
  }
  return merged;
}

function isTree(value: Json | undefined): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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

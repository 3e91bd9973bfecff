import * as v from 'valibot';
import type { JournalEvent, JournalLine, JournalType, Point } from '../protocol/journal.ts';
import {
  Artifact,
  Capture,
  CaptureStatus,
  Code,
  Config,
  CustomValue,
  DataEntry,
  Environment,
  Lifecycle,
  ProcessIdentity,
  Redaction,
} from '../protocol/record.ts';
import { Digest, Numeric, Time } from '../protocol/values.ts';
import { parseLaunch } from './parse-launch.ts';

const redactions = v.optional(v.array(Redaction));
const LogAbsent = v.optional(v.nullable(v.string()));

/** The shapes of the lines' data: a line that has another one is not taken into the record. */
const schemas = {
  started: v.object({
    startedAt: Time,
    process: ProcessIdentity,
    keeper: v.nullable(ProcessIdentity),
    recorder: ProcessIdentity,
    logAbsent: LogAbsent,
  }),
  heartbeat: v.looseObject({}),
  data: v.object({
    entries: v.array(DataEntry),
    capture: v.optional(CaptureStatus),
    fingerprint: v.optional(v.nullable(Digest)),
    redactions,
  }),
  code: v.object({
    code: v.partial(Code),
    capture: v.optional(CaptureStatus),
    redactions,
  }),
  config: v.object({
    config: v.partial(Config),
    capture: v.optional(CaptureStatus),
    redactions,
  }),
  environment: v.object({
    environment: v.partial(Environment),
    capture: v.optional(CaptureStatus),
    redactions,
  }),
  artifact: v.object({
    artifacts: v.array(v.object({ ...Artifact.entries, grew: v.optional(v.boolean()) })),
  }),
  note: v.object({ text: v.string() }),
  custom: v.object({ values: v.record(v.string(), CustomValue) }),
  ended: v.object({ lifecycle: Lifecycle }),
  closed: v.object({
    lifecycle: Lifecycle,
    capture: Capture,
    complete: v.boolean(),
    fingerprint: v.nullable(Digest),
    files: v.object({ log: v.nullable(Digest), events: v.nullable(Digest) }),
    redactions,
  }),
} satisfies Record<Exclude<JournalType, 'launch' | 'metric'>, v.GenericSchema>;

/**
 * A line of a journal as an event, its data checked, as a journal may come from anywhere.
 * Null where the type is unknown; a text says what is wrong with the data. The data is what
 * stood in the line: members that this version does not know are kept.
 */
export function parseEvent(line: JournalLine): JournalEvent | string | null {
  const { type, at, data } = line;
  try {
    if (type === 'launch') {
      const record = parseLaunch(data);
      return record === null ? 'the launch line holds no record' : { type, at, data: record };
    }
    if (type === 'metric') return parseMetric(at, data);
    if (!Object.hasOwn(schemas, type)) return null;
    const schema: v.GenericSchema = schemas[type as keyof typeof schemas];
    if (!v.is(schema, data)) return `the data of the ${type} line has an unknown shape`;
    return { type, at, data } as JournalEvent;
  } catch {
    // Nested deeper than the stack is: nothing that a recorder writes.
    return `the data of the ${type} line cannot be read`;
  }
}

/** By hand: a run may have a million points. Points that are none are left out. */
function parseMetric(at: string, data: unknown): JournalEvent | string {
  if (typeof data !== 'object' || data === null || !('points' in data)) return 'no points';
  if (!Array.isArray(data.points)) return 'no points';
  const source = 'source' in data && typeof data.source === 'string' ? data.source : 'unknown';
  const points: Point[] = [];
  for (const item of data.points as unknown[]) {
    const point = parsePoint(item);
    if (point !== null) points.push(point);
  }
  return { type: 'metric', at, data: { source, points } };
}

function parsePoint(item: unknown): Point | null {
  if (typeof item !== 'object' || item === null) return null;
  const { name, value, step, epoch, at, unit } = item as Record<string, unknown>;
  const number = toNumeric(value);
  if (typeof name !== 'string' || number === null) return null;
  return {
    name,
    value: number,
    step: toNumeric(step),
    epoch: toNumeric(epoch),
    at: typeof at === 'string' ? at : null,
    unit: typeof unit === 'string' ? unit : null,
  };
}

function toNumeric(value: unknown): Numeric | null {
  // `1e999` is infinite once it is parsed, and JSON could not hold it again.
  if (typeof value === 'number') return Number.isFinite(value) ? value : (String(value) as Numeric);
  return typeof value === 'string' && v.is(Numeric, value) ? value : null;
}

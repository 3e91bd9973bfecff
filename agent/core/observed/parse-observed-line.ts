import * as v from 'valibot';
import { Origin, unresolvedReasons } from '../../protocol/record.ts';
import { Count, Json, Numeric } from '../../protocol/values.ts';
import { parseLooseJson } from '../loose-json.ts';
import type { ObservedFact, ObservedLine } from './observed-line.ts';

const text = v.string();
/** No file is called by a NUL, and the system refuses to look for it. */
const path = v.pipe(
  text,
  v.check((name) => !name.includes('\0')),
);
const texts = v.array(text);
const maybe = <T>(schema: v.GenericSchema<unknown, T>) => v.optional(v.nullable(schema));
const stat = v.pipe(v.array(v.union([v.number(), text])), v.length(5));
const tree = v.record(text, Json);

/**
 * What a line must be to be what it says. The program itself may write in that folder, so what
 * goes into the record is looked at whole: a line that is odd in one place is not taken.
 */
const shapes: Record<ObservedFact['t'], v.GenericSchema> = {
  process: v.object({ pid: Count, ppid: Count, executable: maybe(path), argv: texts, cwd: path }),
  read: v.object({ path, stat: maybe(stat) }),
  write: v.object({
    path,
    stat: maybe(stat),
    mode: v.picklist(['create', 'truncate', 'update', 'append']),
  }),
  before: v.object({ path, stat, digest: v.pipe(text, v.regex(/^sha256:[0-9a-f]{64}$/)) }),
  rename: v.object({ from: path, to: path, stat: maybe(stat) }),
  remove: v.object({ path }),
  link: v.object({ from: path, to: path, hard: v.boolean() }),
  directory: v.object({ path }),
  exec: v.object({
    argv: texts,
    executable: maybe(path),
    cwd: path,
    shell: v.boolean(),
    scrubbed: v.boolean(),
  }),
  module: v.object({ name: text, file: maybe(path), version: maybe(text) }),
  config: v.object({
    system: text,
    id: v.optional(text),
    values: tree,
    origins: v.record(text, Origin),
    unresolved: v.array(
      v.object({
        key: text,
        reason: v.picklist(unresolvedReasons),
        message: v.optional(text),
      }),
    ),
    overrides: v.optional(texts),
    sources: v.optional(v.array(path)),
  }),
  seed: v.object({ library: text, value: maybe(Numeric), generated: v.optional(v.boolean()) }),
  setting: v.object({ name: text, value: Json }),
  runtime: v.object({
    cuda: maybe(text),
    cudnn: maybe(text),
    rocm: maybe(text),
    driver: maybe(text),
    gpus: v.optional(
      v.array(v.object({ name: text, memoryBytes: maybe(Count), uuid: maybe(text) })),
    ),
    blas: v.optional(
      v.array(v.object({ library: text, version: maybe(text), threads: maybe(Count) })),
    ),
  }),
  // Each point is looked at by who takes it: one that is odd costs no other.
  metrics: v.object({ source: text, points: v.array(v.unknown()) }),
  exception: v.object({ kind: text, message: text, traceback: text }),
  job: v.object({
    event: v.picklist(['start', 'end']),
    job: Count,
    overrides: v.optional(texts),
    directory: maybe(path),
    status: v.optional(text),
    message: maybe(text),
    traceback: maybe(text),
  }),
  redacted: v.object({ where: text, rule: text }),
  blind: v.object({ what: text }),
  extension: v.object({ name: text, file: path, reads: v.boolean() }),
  exit: v.object({}),
};

const common = v.object({ job: v.optional(Count), at: v.optional(v.number()) });

/** Reads one line; null for what is not one of ours, or not whole. */
export function parseObservedLine(line: string): ObservedLine | null {
  const value = parseLooseJson(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const type = value.t;
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type)) return null;
  const isWhole = v.is(shapes[type as ObservedFact['t']], value) && v.is(common, value);
  return isWhole ? (value as unknown as ObservedLine) : null;
}

import * as v from 'valibot';
import { Code } from './code.ts';
import { DataEntry, digestModes, seenKinds } from './data.ts';
import { Environment } from './environment.ts';
import { type fieldNames, gateNames } from './names.ts';
import { Count, Digest, Json, located, Numeric, RunId, Text, Time } from './values.ts';

/**
 * The run record, schema version 1: what `record.json` holds and `runrecord show --json` prints.
 * Changes to it are additive. What is unknown is null, and `capture` says why.
 */

const nullable = v.nullable;

export type { Change, CodeFile, LeftOut, Repository } from './code.ts';
export type { DigestMode } from './data.ts';
export type { Gpu, Package } from './environment.ts';
export { Code, DataEntry, digestModes, Environment, seenKinds };

/** What a program draws anew at each start. */
export const drawnKinds = ['time', 'directory', 'seed', 'id', 'host', 'process', 'port'] as const;

export const Origin = v.object({
  kind: v.picklist(['default', 'file', 'override', 'environment', 'generated', 'program']),
  path: v.optional(v.string()),
  line: v.optional(Count),
  text: v.optional(v.string()),
  name: v.optional(v.string()),
  /** Of a generated value: what was drawn at the start. */
  what: v.optional(v.picklist(drawnKinds)),
});
export type Origin = v.InferOutput<typeof Origin>;

export const unresolvedReasons = [
  'missing-value',
  'interpolation',
  'environment',
  'placeholder',
  'merge-marker',
  'duplicate-key',
  'missing-file',
  'syntax',
  'schema',
] as const;

export const Unresolved = v.object({
  key: nullable(Text),
  reason: v.picklist(unresolvedReasons),
  message: v.optional(v.string()),
  path: nullable(Text),
  line: nullable(Count),
  column: v.optional(Count),
  decision: nullable(Text),
});
export type Unresolved = v.InferOutput<typeof Unresolved>;

export const dialects = [
  'pyyaml',
  'omegaconf',
  'yaml-1.2',
  'json',
  'toml',
  'ini',
  'dotenv',
  'properties',
] as const;
export type Dialect = (typeof dialects)[number];
/** The ways in which YAML is read. */
export type YamlDialect = Extract<Dialect, 'pyyaml' | 'omegaconf' | 'yaml-1.2'>;

export const Config = v.object({
  sources: v.array(
    v.object({
      ...located,
      digest: nullable(Digest),
      dialect: v.picklist(dialects),
      read: nullable(v.boolean()),
      /** The copy in `objects/`, where secrets were left out of it and it is not `digest`. */
      object: v.optional(Digest),
    }),
  ),
  overrides: v.array(Text),
  resolved: nullable(v.record(v.string(), Json)),
  origins: v.record(v.string(), Origin),
  unresolved: v.array(Unresolved),
  digest: nullable(Digest),
  /** Where what was read at launch is not what the program held. */
  differences: v.optional(v.array(v.object({ key: Text, atLaunch: Json, inProgram: Json }))),
});
export type Config = v.InferOutput<typeof Config>;

export const captureStatuses = ['pending', 'captured', 'partial', 'absent', 'failed'] as const;
export const CaptureStatus = v.object({
  status: v.picklist(captureStatuses),
  detail: nullable(Text),
  durationMs: v.number(),
});
export type CaptureStatus = v.InferOutput<typeof CaptureStatus>;

export const Capture = v.object({
  code: CaptureStatus,
  config: CaptureStatus,
  data: CaptureStatus,
  environment: CaptureStatus,
  artifacts: CaptureStatus,
} satisfies Record<(typeof fieldNames)[number], typeof CaptureStatus>);
export type Capture = v.InferOutput<typeof Capture>;

export const GateDecision = v.object({
  gate: v.picklist(gateNames),
  verdict: v.picklist(['clean', 'warn', 'block']),
  decision: nullable(Text),
  reason: nullable(Text),
});
export type GateDecision = v.InferOutput<typeof GateDecision>;

export const runStatuses = [
  'preparing',
  'queued',
  'running',
  'succeeded',
  'failed',
  'killed',
  'cancelled',
  'lost',
] as const;
export type RunStatus = (typeof runStatuses)[number];

export const failureKinds = [
  'launch',
  'exception',
  'exit',
  'signal',
  'out-of-memory',
  'lost',
] as const;
export const Failure = v.object({
  kind: v.picklist(failureKinds),
  message: Text,
  traceback: nullable(Text),
});
export type Failure = v.InferOutput<typeof Failure>;

/** A process that can be told from a later one of the same number. */
export const ProcessIdentity = v.object({
  pid: Count,
  startTime: nullable(Text),
  bootId: nullable(Text),
  pidNamespace: v.optional(nullable(Text)),
});
export type ProcessIdentity = v.InferOutput<typeof ProcessIdentity>;

export const Lifecycle = v.object({
  status: v.picklist(runStatuses),
  createdAt: Time,
  startedAt: nullable(Time),
  endedAt: nullable(Time),
  durationMs: nullable(v.number()),
  process: nullable(ProcessIdentity),
  heartbeatAt: nullable(Time),
  exitCode: nullable(v.pipe(v.number(), v.integer())),
  signal: nullable(Text),
  unattended: v.boolean(),
  /** True where the state was told from a stale heartbeat, not from the process itself. */
  inferred: v.optional(v.boolean()),
  log: nullable(v.object({ path: Text, sizeBytes: nullable(Count), truncated: v.boolean() })),
  /** Why there is no log. */
  logAbsent: v.optional(nullable(Text)),
  failure: nullable(Failure),
  peakMemoryBytes: nullable(Count),
  cpuTimeMs: nullable(v.number()),
});
export type Lifecycle = v.InferOutput<typeof Lifecycle>;

export const Metric = v.object({
  name: Text,
  last: nullable(Numeric),
  min: nullable(Numeric),
  max: nullable(Numeric),
  step: nullable(Numeric),
  count: Count,
  unit: nullable(Text),
  source: Text,
});
export type Metric = v.InferOutput<typeof Metric>;

export const attributionKinds = [
  'observed',
  'exclusive-directory',
  'contested',
  'unattributed',
] as const;
export const artifactStates = ['present', 'overwritten', 'moved', 'deleted'] as const;

export const Artifact = v.object({
  ...located,
  digest: nullable(Digest),
  mode: v.picklist(digestModes),
  sizeBytes: nullable(Count),
  role: Text,
  mediaType: nullable(Text),
  firstSeenAt: Time,
  lastSeenAt: Time,
  attribution: v.object({ kind: v.picklist(attributionKinds), runs: v.array(RunId) }),
  /** From inside the program, by its own word (`declared`), or by a scan of the folder alone. */
  seen: v.optional(v.array(v.picklist(seenKinds))),
  state: v.picklist(artifactStates),
  to: v.optional(v.string()),
});
export type Artifact = v.InferOutput<typeof Artifact>;

export const Redaction = v.object({ where: Text, rule: Text });
export type Redaction = v.InferOutput<typeof Redaction>;

export const CustomValue = v.object({ value: Json, type: Text, unit: nullable(Text) });
export type CustomValue = v.InferOutput<typeof CustomValue>;

export const launchers = [
  'palette',
  'terminal',
  'debugger',
  'task',
  'cli',
  'scheduler',
  'import',
] as const;

export const Command = v.object({
  argv: v.array(Text),
  cwd: Text,
  /** Positions in `argv` of the words that set a config key: they count as config. */
  configWords: v.optional(v.array(Count)),
  executable: v.object({ path: nullable(Text), digest: nullable(Digest) }),
  environmentOverrides: v.record(v.string(), nullable(Text)),
  launcher: v.object({
    user: nullable(Text),
    host: nullable(Text),
    via: v.picklist(launchers),
  }),
});
export type Command = v.InferOutput<typeof Command>;

export const RunRecord = v.object({
  schemaVersion: v.literal(1),
  id: RunId,
  name: nullable(Text),
  fingerprint: nullable(Digest),
  workspaceId: Text,
  origin: v.object({ system: Text, id: Text, importedAt: nullable(Time) }),
  parent: nullable(RunId),
  rerunOf: nullable(RunId),
  sweep: nullable(Text),
  intent: v.object({
    reason: nullable(Text),
    expectation: nullable(Text),
    tags: v.record(v.string(), Text),
  }),
  command: Command,
  code: Code,
  config: Config,
  data: v.array(DataEntry),
  environment: nullable(Environment),
  /** The folders watched for what the run writes, and their stats at launch, kept as an object. */
  outputs: v.object({
    directories: v.array(Text),
    declared: v.boolean(),
    statsAtLaunch: nullable(Digest),
  }),
  capture: Capture,
  complete: v.boolean(),
  gates: v.array(GateDecision),
  lifecycle: Lifecycle,
  metrics: v.array(Metric),
  artifacts: v.array(Artifact),
  /** Filled when a record is shown; never in the journal. */
  judgements: v.array(v.record(v.string(), Json)),
  notes: v.array(v.object({ at: Time, text: Text })),
  redactions: v.array(Redaction),
  custom: v.record(v.string(), CustomValue),
  /** Digests of what lies beside the journal, known when the record is closed. */
  files: nullable(v.object({ log: nullable(Digest), events: nullable(Digest) })),
});
export type RunRecord = v.InferOutput<typeof RunRecord>;

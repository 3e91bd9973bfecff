import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unknownRecord } from '../../agent/core/unknown-record.ts';
import type { Point } from '../../agent/protocol/journal.ts';
import type {
  Artifact,
  Capture,
  DataEntry,
  Lifecycle,
  Package,
  RunRecord,
} from '../../agent/protocol/record.ts';
import type { Numeric } from '../../agent/protocol/values.ts';
import { JournalWriter } from '../../agent/store/journal.ts';
import { ensureHome, type Layout, workspaceLayout } from '../../agent/store/layout.ts';

/** The moment at which the tests of the command line look: no output of theirs depends on the clock. */
export const testNow = Date.parse('2026-11-23T18:00:00.000Z');

/** A time so many minutes before `testNow`. */
export function minutesAgo(minutes: number): string {
  return new Date(testNow - minutes * 60_000).toISOString();
}

/** A digest that is told by a few hex digits. */
export function digestOf(start: string): string {
  return `sha256:${start.padEnd(64, '0')}`;
}

/** The id of the run with this number: UUIDv7, newer for larger numbers. */
export function idOf(number: number): string {
  const hex = number.toString(16).padStart(8, '0');
  return `019a8f0e-7a54-7c3e-9d51-0000${hex}`;
}

/** What a test says of a run; the rest is as in a small run that went well. */
export interface RunStory {
  number: number;
  name?: string | null;
  status?: Lifecycle['status'];
  minutesAgo?: number;
  durationMs?: number | null;
  lifecycle?: Partial<Lifecycle>;
  intent?: Partial<RunRecord['intent']>;
  command?: Partial<RunRecord['command']>;
  code?: Partial<RunRecord['code']>;
  config?: Partial<RunRecord['config']>;
  data?: RunRecord['data'];
  packages?: Package[] | null;
  environment?: RunRecord['environment'];
  capture?: Partial<Capture>;
  gates?: RunRecord['gates'];
  artifacts?: Artifact[];
  /** Values of each metric, step by step. */
  metrics?: Record<string, Numeric[]>;
  custom?: RunRecord['custom'];
  redactions?: RunRecord['redactions'];
  /** What the program printed. */
  log?: string | Uint8Array;
}

const captured = { status: 'captured', detail: null, durationMs: 1 } as const;
const absent = { status: 'absent', detail: 'nothing of the kind', durationMs: 1 } as const;

export function makePackage(name: string, version: string): Package {
  return { ecosystem: 'pypi', name, version, source: null, imported: true };
}

export function makeData(path: string, digest: string | null, more: Partial<DataEntry> = {}) {
  return {
    path,
    role: 'input',
    seen: ['declared'],
    digest,
    mode: 'full',
    sizeBytes: 1_048_576,
    fileCount: 1,
    manifest: null,
    version: null,
    hashed: 'before',
    changedDuringRun: false,
    digestAfter: null,
    ...more,
  } satisfies DataEntry;
}

export function makeArtifact(number: number, path: string, digest: string): Artifact {
  return {
    path,
    digest,
    mode: 'full',
    sizeBytes: 1_234_567,
    role: 'output',
    mediaType: null,
    firstSeenAt: minutesAgo(119),
    lastSeenAt: minutesAgo(118),
    attribution: { kind: 'exclusive-directory', runs: [idOf(number)] },
    state: 'present',
  };
}

function makeEnvironment(packages: Package[] | null): NonNullable<RunRecord['environment']> {
  return {
    os: { name: 'Linux', release: '6.1.0', distribution: 'Debian 12' },
    hardware: {
      class: 'x86_64-2',
      cpu: { model: 'Test CPU', cores: 2, flagsDigest: digestOf('f1a9') },
      memoryBytes: 8_200_000_000,
      gpus: null,
    },
    runtimes: { cuda: null, rocm: null },
    container: null,
    interpreter: {
      name: 'python',
      version: '3.11.7',
      path: '/usr/bin/python3.11',
      digest: digestOf('1234'),
    },
    packages,
    locks: [],
    manager: 'uv',
    settings: { OMP_NUM_THREADS: '2', PYTHONHASHSEED: null },
    seeds: [],
    allocation: null,
  };
}

/** The record as it is at launch. */
export function makeLaunch(story: RunStory): RunRecord {
  const createdAt = minutesAgo(story.minutesAgo ?? 120);
  const identity = { id: idOf(story.number), workspaceId: 'test-workspace', createdAt };
  const record = unknownRecord(identity, captured);
  return {
    ...record,
    name: story.name === undefined ? 'digits' : story.name,
    fingerprint: digestOf(`f${story.number}`),
    intent: { ...record.intent, ...story.intent },
    command: {
      ...record.command,
      argv: ['python', 'train.py', 'lr=0.1'],
      executable: { path: '/usr/bin/python3.11', digest: digestOf('1234') },
      launcher: { user: 'ada', host: 'box', via: 'cli' },
      ...story.command,
    },
    code: {
      ...record.code,
      root: '.',
      branch: 'main',
      commit: '3f2a91c0'.padEnd(40, '0'),
      clean: true,
      tree: 'aaaa'.padEnd(40, '0'),
      ...story.code,
    },
    config: { ...record.config, ...story.config },
    data: story.data ?? [],
    environment:
      story.environment === undefined
        ? makeEnvironment(story.packages === undefined ? [] : story.packages)
        : story.environment,
    outputs: { directories: ['out'], declared: true, statsAtLaunch: null },
    capture: {
      ...record.capture,
      config: story.config === undefined ? absent : captured,
      data: story.data === undefined ? absent : captured,
      ...story.capture,
      artifacts: { ...captured, status: 'pending' },
    },
    gates: story.gates ?? [],
    redactions: story.redactions ?? [],
    custom: story.custom ?? {},
  };
}

function makeEnd(story: RunStory, launch: RunRecord): Lifecycle {
  const status = story.status ?? 'succeeded';
  const startedAt = launch.lifecycle.createdAt;
  const durationMs = story.durationMs === undefined ? 252_000 : story.durationMs;
  return {
    ...launch.lifecycle,
    status,
    startedAt,
    endedAt: new Date(Date.parse(startedAt) + (durationMs ?? 0)).toISOString(),
    durationMs,
    exitCode: status === 'succeeded' ? 0 : status === 'failed' ? 1 : null,
    log:
      story.log === undefined
        ? null
        : { path: 'output.log', sizeBytes: Buffer.from(story.log).length, truncated: false },
    ...story.lifecycle,
  };
}

/** Writes the run's journal as the recorder would have; one that is `running` has no end. */
export function writeRun(layout: Layout, story: RunStory): string {
  const launch = makeLaunch(story);
  const at = launch.lifecycle.createdAt;
  const writer = JournalWriter.create(layout.journal(launch.id), { reserveBytes: 0 });
  const append = writer.append.bind(writer);
  append('launch', launch, at, { sync: true });
  if (story.log !== undefined) {
    writeFileSync(join(layout.runFolder(launch.id), 'output.log'), story.log);
  }
  const running = { pid: 4_000_000 + story.number, startTime: '1', bootId: 'another-boot' };
  append('started', { startedAt: at, process: running, keeper: null, recorder: running }, at, {
    sync: true,
  });
  const points = listPoints(story.metrics ?? {}, at);
  if (points.length > 0) append('metric', { source: 'events', points }, at, { sync: false });
  const artifacts = story.artifacts ?? [];
  if (artifacts.length > 0) append('artifact', { artifacts }, at, { sync: false });
  if (story.status !== 'running' && story.status !== 'preparing') {
    const lifecycle = makeEnd(story, launch);
    const ended = lifecycle.endedAt ?? at;
    const capture: Capture = {
      ...launch.capture,
      artifacts: story.capture?.artifacts ?? (artifacts.length > 0 ? captured : absent),
    };
    const complete = Object.values(capture).every(({ status }) =>
      ['captured', 'absent'].includes(status),
    );
    const { fingerprint } = launch;
    const files = { log: null, events: null };
    append('ended', { lifecycle }, ended, { sync: true });
    append('closed', { lifecycle, capture, complete, fingerprint, files }, ended, { sync: true });
  }
  writer.close();
  return launch.id;
}

function listPoints(metrics: Record<string, Numeric[]>, at: string): Point[] {
  return Object.entries(metrics).flatMap(([name, values]) =>
    values.map((value, step) => ({ name, value, step, epoch: null, at, unit: null })),
  );
}

/** A folder for one test, with a workspace of these runs in it. */
export function makeWorkspace(stories: readonly RunStory[]): { layout: Layout; remove(): void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'runrecord-cli-')));
  const layout = workspaceLayout(root);
  mkdirSync(layout.home);
  ensureHome(layout);
  for (const story of stories) writeRun(layout, story);
  return { layout, remove: () => rmSync(root, { recursive: true, force: true }) };
}

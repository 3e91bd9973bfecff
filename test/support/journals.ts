import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { unknownRecord } from '../../agent/core/unknown-record.ts';
import type { JournalData } from '../../agent/protocol/journal.ts';
import type {
  Artifact,
  CaptureStatus,
  DataEntry,
  Lifecycle,
  ProcessIdentity,
  RunRecord,
} from '../../agent/protocol/record.ts';
import { sha256 } from '../../agent/store/digest.ts';
import type { ProcessProbe } from '../../agent/store/index/probe.ts';
import { JournalWriter } from '../../agent/store/journal.ts';
import { ensureHome, type Layout, workspaceLayout } from '../../agent/store/layout.ts';

/** A workspace in a folder of its own, and how to take it away again. */
export function makeWorkspace(): { layout: Layout; workspaceId: string; remove(): void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'runrecord-test-')));
  const layout = workspaceLayout(root);
  const workspaceId = ensureHome(layout);
  return { layout, workspaceId, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** A table of processes that a test fills: those in `alive` are there. */
export function makeProbe(alive: number[] = []): ProcessProbe & { alive: Set<number> } {
  const living = new Set(alive);
  return {
    alive: living,
    identifyProcess: (pid) => processNamed(pid),
    isAlive: ({ pid, startTime }) => living.has(pid) && startTime === '100',
  };
}

export function processNamed(pid: number): ProcessIdentity {
  return { pid, startTime: '100', bootId: 'this-boot', pidNamespace: 'pid:[1]' };
}

export const captured: CaptureStatus = { status: 'captured', detail: null, durationMs: 1 };
export const pending: CaptureStatus = { status: 'pending', detail: null, durationMs: 0 };

const firstMs = Date.parse('2026-11-20T10:00:00.000Z');

/** A time so many milliseconds after the fixtures' beginning. */
export function timeAt(milliseconds: number): string {
  return new Date(firstMs + milliseconds).toISOString();
}

const unknown = { workspaceId: 'workspace', createdAt: timeAt(0) };

export function makeLifecycle(changes: Partial<Lifecycle> = {}): Lifecycle {
  return { ...unknownRecord({ id: '', ...unknown }, captured).lifecycle, ...changes };
}

export function makeRecord(changes: Partial<RunRecord> = {}): RunRecord {
  const record = unknownRecord({ id: changes.id ?? uuidv7(), ...unknown }, captured);
  return {
    ...record,
    command: {
      ...record.command,
      argv: ['python', 'train.py'],
      executable: { path: '/usr/bin/python3', digest: sha256('python') },
      launcher: { user: 'ada', host: hostname(), via: 'terminal' },
    },
    code: {
      ...record.code,
      root: '.',
      branch: 'main',
      commit: 'a'.repeat(40),
      clean: true,
      tree: 'b'.repeat(40),
    },
    config: {
      ...record.config,
      resolved: { lr: 0.1, model: { depth: 3 } },
      origins: { lr: { kind: 'override', text: 'lr=0.1' } },
    },
    outputs: { directories: ['out'], declared: false, statsAtLaunch: null },
    capture: { ...record.capture, artifacts: pending },
    ...changes,
  };
}

export function makeInput(
  path: string,
  content: string,
  changes: Partial<DataEntry> = {},
): DataEntry {
  return {
    path,
    role: 'input',
    seen: ['declared'],
    digest: sha256(content),
    mode: 'full',
    sizeBytes: content.length,
    fileCount: 1,
    manifest: null,
    version: null,
    hashed: 'before',
    changedDuringRun: false,
    digestAfter: null,
    ...changes,
  };
}

export function makeArtifact(
  path: string,
  content: string,
  changes: Partial<Artifact> = {},
): Artifact {
  return {
    path,
    digest: sha256(content),
    mode: 'full',
    sizeBytes: content.length,
    role: 'output',
    mediaType: null,
    firstSeenAt: timeAt(10),
    lastSeenAt: timeAt(10),
    attribution: { kind: 'observed', runs: [] },
    state: 'present',
    ...changes,
  };
}

export function startedBy(
  recorder: number,
  keeper: number,
  program: number,
): JournalData['started'] {
  return {
    startedAt: timeAt(5),
    process: processNamed(program),
    keeper: processNamed(keeper),
    recorder: processNamed(recorder),
  };
}

export function closedWith(
  record: RunRecord,
  changes: Partial<Lifecycle> = {},
): JournalData['closed'] {
  return {
    lifecycle: makeLifecycle({
      ...record.lifecycle,
      status: 'succeeded',
      startedAt: timeAt(5),
      endedAt: timeAt(1005),
      durationMs: 1000,
      exitCode: 0,
      ...changes,
    }),
    capture: { ...record.capture, artifacts: captured },
    complete: true,
    fingerprint: record.fingerprint,
    files: { log: null, events: null },
  };
}

/** Journals a whole run: launched, what it wrote, closed. */
export function recordRun(
  layout: Layout,
  changes: Partial<RunRecord> = {},
  { artifacts = [] as Artifact[], close = true } = {},
): RunRecord {
  const record = makeRecord(changes);
  const writer = JournalWriter.create(layout.journal(record.id), { reserveBytes: 0 });
  const options = { sync: false };
  writer.append('launch', record, timeAt(0), options);
  writer.append('started', startedBy(11, 12, 13), timeAt(5), options);
  if (artifacts.length > 0) writer.append('artifact', { artifacts }, timeAt(10), options);
  if (close) writer.append('closed', closedWith(record), timeAt(1005), options);
  writer.close();
  return record;
}

import * as v from 'valibot';
import { RunRecord } from '../protocol/record.ts';

/**
 * The record of a launch line. A whole one is taken as it stands, with members that this version
 * does not know. In a damaged one, or one that comes from elsewhere, each member that has not its
 * shape is replaced by an unknown, and the five fields say so. Null where not even the id is there.
 */
export function parseLaunch(data: unknown): RunRecord | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  if (v.is(RunRecord, data)) return data;
  const given = data as Record<string, unknown>;
  if (!v.is(RunRecord.entries.id, given.id)) return null;
  const damaged: string[] = [];
  const repaired: Record<string, unknown> = { ...unknownRecord(given.id) };
  for (const [member, schema] of Object.entries(RunRecord.entries)) {
    if (v.is(schema as v.GenericSchema, given[member])) repaired[member] = given[member];
    else damaged.push(member);
  }
  const record = repaired as unknown as RunRecord;
  const detail = `damaged in the launch line: ${damaged.join(', ')}`;
  const failed = { status: 'failed', detail, durationMs: 0 } as const;
  const capture = { ...record.capture };
  if (damaged.includes('artifacts') || damaged.includes('outputs')) capture.artifacts = failed;
  for (const field of ['code', 'config', 'data', 'environment'] as const) {
    if (damaged.includes(field)) capture[field] = failed;
  }
  return { ...record, capture, complete: false };
}

function unknownRecord(id: string): RunRecord {
  const absent = { status: 'failed', detail: 'damaged in the launch line', durationMs: 0 } as const;
  return {
    schemaVersion: 1,
    id,
    name: null,
    fingerprint: null,
    workspaceId: '',
    origin: { system: 'runrecord', id, importedAt: null },
    parent: null,
    rerunOf: null,
    sweep: null,
    intent: { reason: null, expectation: null, tags: {} },
    command: {
      argv: [],
      cwd: '.',
      executable: { path: null, digest: null },
      environmentOverrides: {},
      launcher: { user: null, host: null, via: 'cli' },
    },
    code: {
      root: null,
      remote: null,
      branch: null,
      commit: null,
      upstream: null,
      clean: null,
      changes: [],
      leftOut: [],
      submodules: [],
      conversions: [],
      tree: null,
      snapshot: null,
      repositories: [],
    },
    config: {
      sources: [],
      overrides: [],
      resolved: null,
      origins: {},
      unresolved: [],
      digest: null,
    },
    data: [],
    environment: null,
    outputs: { directories: [], declared: false, statsAtLaunch: null },
    capture: {
      code: absent,
      config: absent,
      data: absent,
      environment: absent,
      artifacts: absent,
    },
    complete: false,
    gates: [],
    lifecycle: {
      status: 'preparing',
      createdAt: createdAtOf(id),
      startedAt: null,
      endedAt: null,
      durationMs: null,
      process: null,
      heartbeatAt: null,
      exitCode: null,
      signal: null,
      unattended: false,
      log: null,
      failure: null,
      peakMemoryBytes: null,
      cpuTimeMs: null,
    },
    metrics: [],
    artifacts: [],
    judgements: [],
    notes: [],
    redactions: [],
    custom: {},
    files: null,
  };
}

/** A UUIDv7 begins with the milliseconds since 1970. */
function createdAtOf(id: string): string {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toISOString();
}

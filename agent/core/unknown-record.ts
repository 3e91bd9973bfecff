import type { CaptureStatus, Code, Config, Environment, RunRecord } from '../protocol/record.ts';

/** The code where nothing is known of it. */
export function unknownCode(): Code {
  return {
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
  };
}

/** The configuration where there is none, or none can be read. */
export function unknownConfig(): Config {
  return { sources: [], overrides: [], resolved: null, origins: {}, unresolved: [], digest: null };
}

/** The environment where nothing is known of it. */
export function unknownEnvironment(): Environment {
  return {
    os: { name: 'unknown', release: 'unknown', distribution: null },
    hardware: {
      class: 'unknown',
      cpu: { model: null, cores: null, flagsDigest: null },
      memoryBytes: null,
      gpus: null,
    },
    runtimes: { cuda: null, rocm: null },
    container: null,
    interpreter: null,
    packages: null,
    locks: [],
    manager: null,
    settings: {},
    seeds: [],
    allocation: null,
  };
}

/**
 * The record of which nothing but its identity is known: what every other one is written over.
 * @param capture stands for each of the five fields
 */
export function unknownRecord(
  identity: { id: string; workspaceId: string; createdAt: string },
  capture: CaptureStatus,
): RunRecord {
  const { id, workspaceId, createdAt } = identity;
  return {
    schemaVersion: 1,
    id,
    name: null,
    fingerprint: null,
    workspaceId,
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
    code: unknownCode(),
    config: unknownConfig(),
    data: [],
    environment: null,
    outputs: { directories: [], declared: false, statsAtLaunch: null },
    capture: {
      code: capture,
      config: capture,
      data: capture,
      environment: capture,
      artifacts: capture,
    },
    complete: false,
    gates: [],
    lifecycle: {
      status: 'preparing',
      createdAt,
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

import { workspacePath } from '../../capture/workspace-path.ts';
import type { ObservedLine } from '../../core/observed/observed-line.ts';
import { unknownConfig } from '../../core/unknown-record.ts';
import { refs } from '../../protocol/names.ts';
import type { CaptureStatus, ProcessIdentity, RunRecord } from '../../protocol/record.ts';

export type JobLine = Extract<ObservedLine, { t: 'job' }>;

export interface JobOptions {
  id: string;
  /** The record of the run that the job is a part of, as it is now. */
  parent: RunRecord;
  line: JobLine;
  root: string;
  /** RFC 3339. */
  at: string;
}

/**
 * The launch part of a job's record: what it shares with its parent (code, environment, command) is
 * the parent's, as captured before the program started; its overrides are its own, and its data and
 * configuration are known once it has them.
 */
export function jobRecord({ id, parent, line, root, at }: JobOptions): RunRecord {
  const pending: CaptureStatus = { status: 'pending', detail: null, durationMs: 0 };
  const directory = line.directory ?? null;
  const overrides = line.overrides ?? [];
  const { snapshot } = parent.code;
  return {
    ...parent,
    id,
    name: parent.name === null ? null : `${parent.name}.${line.job}`,
    fingerprint: null,
    origin: { system: 'runrecord', id, importedAt: null },
    parent: parent.id,
    sweep: parent.id,
    code: {
      ...parent.code,
      snapshot: snapshot === null ? null : { ...snapshot, ref: `${refs.snapshots}${id}` },
    },
    config: { ...unknownConfig(), sources: parent.config.sources, overrides },
    data: [],
    outputs: {
      directories: directory === null ? [] : [workspacePath(root, directory)],
      declared: directory !== null,
      statsAtLaunch: null,
    },
    capture: {
      ...parent.capture,
      config: { status: 'absent', detail: 'the job has not told it yet', durationMs: 0 },
      data: { status: 'absent', detail: 'no data was read', durationMs: 0 },
      artifacts: pending,
    },
    complete: false,
    lifecycle: {
      ...parent.lifecycle,
      status: 'preparing',
      createdAt: at,
      startedAt: null,
      endedAt: null,
      durationMs: null,
      process: null,
      heartbeatAt: at,
      exitCode: null,
      signal: null,
      log: null,
      logAbsent: `what it printed is in the log of its parent, ${parent.id}`,
      failure: null,
      peakMemoryBytes: null,
      cpuTimeMs: null,
    },
    metrics: [],
    artifacts: [],
    notes: [],
    custom: {},
    files: null,
  };
}

/** The process in which a job runs, as the parent's record knows it or by its number alone. */
export function jobProcess(
  pid: number,
  identify: (pid: number) => ProcessIdentity | null,
): ProcessIdentity {
  return identify(pid) ?? { pid, startTime: null, bootId: null };
}

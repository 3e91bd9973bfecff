import { files, heartbeatStaleMs } from '../protocol/names.ts';
import type { Lifecycle, ProcessIdentity, RunRecord } from '../protocol/record.ts';

/** What the keeper wrote when the program was gone (`exit.json`). */
export interface ExitFile {
  exitCode: number | null;
  /** `SIGKILL` and the like; null where the program ended by itself. */
  signal: string | null;
  startedAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  peakMemoryBytes: number | null;
  cpuTimeMs: number | null;
  /** The user asked it to stop (Ctrl-C). */
  interrupted: boolean;
  /** How often the kernel killed in the run's control group for want of memory. */
  oomKills: number | null;
  log: { sizeBytes: number; truncated: boolean } | null;
  /** The program could not be started. */
  failure: { errno: string | null; message: string } | null;
}

/** What the keeper wrote when it had started the program (`process.json`). */
export interface ProcessFile {
  process: ProcessIdentity | null;
  keeper: ProcessIdentity | null;
  startedAt: string | null;
}

/** The world as the caller found it. The `alive` facts hold only on the run's own host and boot. */
export interface LivenessFacts {
  nowMs: number;
  sameHost: boolean;
  sameBoot: boolean;
  samePidNamespace: boolean;
  recorderAlive: boolean;
  keeperAlive: boolean;
  programAlive: boolean;
  processFile: ProcessFile | null;
  exit: ExitFile | null;
  hasKeeper: boolean;
}

type Unfinished = Pick<RunRecord, 'lifecycle'>;

export const endedStatuses: readonly Lifecycle['status'][] = [
  'succeeded',
  'failed',
  'killed',
  'cancelled',
  'lost',
];

/**
 * What a run is now, told from its journal and the world; nothing is written. A record that says
 * its end keeps it. Status is never a guess: alive is who was found by pid, start time and boot,
 * or, from another host, whose heartbeat is fresh (`inferred`); what vanished is `lost`.
 */
export function deriveLifecycle(record: Unfinished, facts: LivenessFacts): Lifecycle {
  const { lifecycle } = record;
  if (endedStatuses.includes(lifecycle.status)) return lifecycle;
  const canProbe = facts.sameHost && facts.sameBoot && facts.samePidNamespace;
  if (canProbe && facts.recorderAlive) return { ...lifecycle, unattended: false };
  if (facts.exit !== null) return lifecycleFromExit(withStart(lifecycle, facts), facts.exit);
  if (lifecycle.status === 'queued') return lifecycle;
  if (facts.sameHost && !facts.sameBoot) {
    return lose(lifecycle, facts, 'the machine was started anew since');
  }
  if (!canProbe) return inferFromHeartbeat(lifecycle, facts);
  if (facts.keeperAlive || (!facts.hasKeeper && facts.programAlive)) {
    return { ...withStart(lifecycle, facts), status: 'running', unattended: true };
  }
  return lose(lifecycle, facts, reasonOfLoss(lifecycle, facts));
}

/** The keeper knows of the start even where the recorder died before it could write it down. */
function withStart(lifecycle: Lifecycle, { processFile }: LivenessFacts): Lifecycle {
  return {
    ...lifecycle,
    startedAt: lifecycle.startedAt ?? processFile?.startedAt ?? null,
    process: lifecycle.process ?? processFile?.process ?? null,
  };
}

function reasonOfLoss(lifecycle: Lifecycle, facts: LivenessFacts): string {
  const gone = facts.hasKeeper ? 'the recorder and its keeper are gone' : 'the recorder is gone';
  if (facts.programAlive) return `${gone}; the program is still there, unwatched`;
  const started = lifecycle.startedAt !== null || facts.processFile !== null;
  return started ? `${gone}, and so is the program` : `${gone}; the program was never started`;
}

function inferFromHeartbeat(lifecycle: Lifecycle, facts: LivenessFacts): Lifecycle {
  const lastMs = Date.parse(lifecycle.heartbeatAt ?? lifecycle.createdAt);
  // A clock ahead of ours gives a negative age, which is not stale.
  if (facts.nowMs - lastMs <= heartbeatStaleMs) return { ...lifecycle, inferred: true };
  const where = facts.sameHost ? 'this machine, out of our sight' : 'another host';
  const reason = `no heartbeat for ${heartbeatStaleMs / 1000} s from ${where}`;
  return { ...lose(lifecycle, facts, reason), inferred: true };
}

function lose(lifecycle: Lifecycle, facts: LivenessFacts, reason: string): Lifecycle {
  return {
    ...withStart(lifecycle, facts),
    status: 'lost',
    unattended: false,
    failure: { kind: 'lost', message: `exit-unknown: ${reason}`, traceback: null },
  };
}

/**
 * The lifecycle at the end of the program, from what the keeper saw. A failure that the record
 * has already (an exception with its traceback) stands, except under a death by signal.
 */
export function lifecycleFromExit(lifecycle: Lifecycle, exit: ExitFile): Lifecycle {
  const { status, failure } = outcomeOf(exit);
  const standing = lifecycle.failure?.kind === 'exception' ? lifecycle.failure : null;
  return {
    ...lifecycle,
    status,
    startedAt: exit.startedAt ?? lifecycle.startedAt,
    endedAt: exit.endedAt ?? lifecycle.endedAt,
    durationMs: exit.durationMs ?? lifecycle.durationMs,
    exitCode: exit.exitCode,
    signal: exit.signal,
    failure: failure?.kind === 'exit' ? (standing ?? failure) : failure,
    peakMemoryBytes: exit.peakMemoryBytes ?? lifecycle.peakMemoryBytes,
    cpuTimeMs: exit.cpuTimeMs ?? lifecycle.cpuTimeMs,
    log: exit.log === null ? lifecycle.log : { path: files.log, ...exit.log },
  };
}

const askedSignals = new Set(['SIGINT', 'SIGTERM', 'SIGKILL']);

function outcomeOf(exit: ExitFile): Pick<Lifecycle, 'status' | 'failure'> {
  const fail = (kind: NonNullable<Lifecycle['failure']>['kind'], message: string) => ({
    kind,
    message,
    traceback: null,
  });
  if (exit.failure !== null) {
    return { status: 'failed', failure: fail('launch', exit.failure.message) };
  }
  if (exit.signal !== null) {
    if (exit.signal === 'SIGKILL' && (exit.oomKills ?? 0) > 0) {
      const message = 'killed by the kernel: out of memory';
      return { status: 'killed', failure: fail('out-of-memory', message) };
    }
    // What an interrupt did not end is ended by those who meant it.
    const isAsked = exit.interrupted && askedSignals.has(exit.signal);
    const failure = fail('signal', `ended by ${exit.signal}`);
    return { status: isAsked ? 'cancelled' : 'killed', failure };
  }
  if (exit.exitCode === 0) return { status: 'succeeded', failure: null };
  if (exit.exitCode === null) {
    const message = 'exit-unknown: the keeper did not see how the program ended';
    return { status: 'lost', failure: fail('lost', message) };
  }
  const failure = fail('exit', `exited with code ${exit.exitCode}`);
  return { status: exit.interrupted ? 'cancelled' : 'failed', failure };
}

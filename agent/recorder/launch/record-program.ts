import { rmSync } from 'node:fs';
import type { BytePath } from '../../capture/byte-path.ts';
import type { HashPool } from '../../capture/data/hash-pool.ts';
import type { Redactor } from '../../core/redaction/redactor.ts';
import type { FileStat } from '../../core/seams.ts';
import { statKey } from '../../core/seams.ts';
import { messageOf, RunRecordError } from '../../protocol/errors.ts';
import { exitCodes } from '../../protocol/names.ts';
import type { RunRecord } from '../../protocol/record.ts';
import type { openDigestCache } from '../../store/digest-cache.ts';
import { JournalWriter } from '../../store/journal.ts';
import type { Layout } from '../../store/layout.ts';
import { acquireLock, type Lock } from '../../store/lock.ts';
import { endRecord } from '../end-record.ts';
import { IndexLink } from '../index-link.ts';
import type { Keeper, LaunchFailure } from '../keeper.ts';
import { liveFolder } from '../live.ts';
import { announceRun, withdrawRun } from '../outputs/live-runs.ts';
import { processProbe } from '../probe.ts';
import { hostName, identifyProcess } from '../process-identity.ts';
import { Recording, timestamp } from '../recording.ts';
import type { Interruption } from './interruption.ts';
import type { RecorderContext } from './launch-run.ts';
import type { LaunchPlan } from './plan.ts';

const reserveBytes = 256 * 1024;

export interface Begun {
  recording: Recording;
  lock: Lock;
  /** Takes all of it back: nothing has run. */
  discard(): void;
}

export interface Launched extends Begun {
  context: RecorderContext;
  options: { quiet: boolean; keepLog: boolean };
  plan: LaunchPlan;
  layout: Layout;
  redactor: Redactor;
  keeper: Keeper;
  interruption: Interruption;
  cache: ReturnType<typeof openDigestCache>;
  pool: HashPool;
  outputs: Map<BytePath, FileStat>;
}

/** Puts the launch part on disk, synced: from here on there is a record. */
export function beginRecord(layout: Layout, record: RunRecord, redactor: Redactor): Begun {
  const folder = layout.runFolder(record.id);
  const self = identifyProcess(process.pid) ?? { pid: process.pid, startTime: null, bootId: null };
  const writer = JournalWriter.create(layout.journal(record.id), { reserveBytes });
  const discard = () => {
    withdrawRun(liveFolder(layout), record.id);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const lock = acquireLock(folder, self, processProbe);
    if (lock === null) throw new Error('another process holds the lock of a run that is new');
    const directories = record.outputs.directories.map((path) => absoluteIn(layout.root, path));
    announceRun(liveFolder(layout), { id: record.id, directories, recorder: self, host: hostName });
    const hash = writer.append('launch', record, timestamp(), { sync: true });
    return { recording: new Recording(folder, writer, record, hash, redactor), lock, discard };
  } catch (error) {
    discard();
    if (error instanceof RunRecordError) throw error;
    throw new RunRecordError(
      'launch-not-kept',
      `The record cannot be written to ${folder}: ${messageOf(error)}.`,
      'Free some space or make the folder writable, then launch again.',
      exitCodes.recorderFailed,
    );
  }
}

export function absoluteIn(root: string, path: string): string {
  return path.startsWith('/') ? path : path === '.' ? root : `${root}/${path}`;
}

/** Starts the program and follows it to its end. Answers the exit code of the command. */
export async function recordProgram(launched: Launched): Promise<number> {
  const { recording, keeper } = launched;
  const starting = keeper.go(
    launched.redactor.learnedSecrets().filter(({ value }) => !value.includes('\0')),
  );
  // From here on the keeper's connection catches what is meant for the program.
  launched.interruption.dispose();
  const started = await starting;
  if (started.kind === 'launch-failure') return failLaunch(launched, started);
  recording.append('started', {
    startedAt: started.startedAt,
    process: started.process,
    keeper: started.keeper,
    recorder: identifyProcess(process.pid) ?? { pid: process.pid, startTime: null, bootId: null },
    ...(launched.options.keepLog ? {} : { logAbsent: 'the log was turned off (--no-log)' }),
    ...(keeper.logAbsent === null ? {} : { logAbsent: keeper.logAbsent }),
  });
  // Loaded once the program runs: nobody waits for it.
  const { watchRun } = await import('../watch-run.ts');
  const watched = watchRun({
    ...launched,
    ignore: launched.plan.settings.ignore,
    snapshotFileLimit: launched.plan.settings.limits.snapshotFile,
    cwd: launched.plan.cwd,
    directories: launched.plan.outputs.directories,
    baseline: new Map([...launched.outputs].map(([path, stat]) => [path, statKey(stat)])),
    processId: started.process.pid,
    unattended: false,
    eventsOffset: 0,
    metricLines: {},
  });
  recording.writeDocument();
  const index = new IndexLink(launched.layout);
  const exit = await keeper.ended;
  return endRecord({ ...launched, watched, index, exit });
}

/** The program could not be started: that is a record too, and the code is the shell's. */
async function failLaunch(launched: Launched, failure: LaunchFailure): Promise<number> {
  const { recording, context, plan, keeper } = launched;
  const lifecycle = {
    ...recording.record.lifecycle,
    status: 'failed' as const,
    endedAt: timestamp(),
    failure: { kind: 'launch' as const, message: failure.message, traceback: null },
  };
  recording.append('ended', { lifecycle }, { sync: true });
  keeper.release();
  const word = plan.argv[0] ?? '';
  context.tell(
    `runrecord: ${word}: ${failure.exitCode === 127 ? 'command not found' : failure.message}`,
  );
  const { closeLaunched } = await import('../end-record.ts');
  await closeLaunched(launched, {
    settleMs: 0,
    exception: null,
    unreadable: [],
    unseen: [],
    stillRunning: false,
    logRedactions: [],
  });
  return failure.exitCode;
}

import type { BytePath } from '../../capture/byte-path.ts';
import type { HashPool } from '../../capture/data/hash-pool.ts';
import type { Redactor } from '../../core/redaction/redactor.ts';
import type { FileStat } from '../../core/seams.ts';
import { statKey } from '../../core/seams.ts';
import type { openDigestCache } from '../../store/digest-cache.ts';
import type { Layout } from '../../store/layout.ts';
import { endRecord } from '../end-record.ts';
import { IndexLink } from '../index-link.ts';
import type { Keeper, LaunchFailure } from '../keeper.ts';
import { identifyProcess } from '../process-identity.ts';
import { timestamp } from '../recording.ts';
import type { Begun } from './begin-record.ts';
import type { Interruption } from './interruption.ts';
import type { RecorderContext } from './launch-run.ts';
import type { LaunchPlan } from './plan.ts';

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
  programFiles: string[];
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
    limits: launched.plan.settings.limits,
    cwd: launched.plan.cwd,
    directories: launched.plan.outputs.directories,
    baseline: new Map([...launched.outputs].map(([path, stat]) => [path, statKey(stat)])),
    processId: started.process.pid,
    unattended: false,
    eventsOffset: 0,
    metricLines: {},
  });
  recording.writeDocument();
  const index = new IndexLink(launched.layout, recording.id);
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

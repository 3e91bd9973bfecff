import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { anchorRecord } from '../capture/code/anchor-record.ts';
import { lifecycleFromExit } from '../core/liveness.ts';
import { describeRecorded } from '../core/text/recorded-lines.ts';
import { exitCodes } from '../protocol/names.ts';
import type { Lifecycle, Redaction } from '../protocol/record.ts';
import type { Layout } from '../store/layout.ts';
import { type Closing, closeRecord } from './close.ts';
import { finishOrphans } from './finish-orphans.ts';
import { IndexLink } from './index-link.ts';
import type { Exit, Keeper, LogFacts } from './keeper.ts';
import type { Launched } from './launch/record-program.ts';
import { liveFolder } from './live.ts';
import { withdrawRun } from './outputs/live-runs.ts';
import { type Recording, timestamp } from './recording.ts';
import type { WatchedRun } from './watch-run.ts';

/** More than this is hashed after the command has returned, by a process that stays behind. */
const longestWaitBytes = 500_000_000;

export interface Ended extends Launched {
  watched: WatchedRun;
  index: IndexLink;
  exit: Exit;
}

/** The main process is gone: writes that down at once, then closes the record, here or behind. */
export async function endRecord(ended: Ended): Promise<number> {
  const { recording, watched, exit, keeper, context, options } = ended;
  await watched.stop();
  recording.append('ended', { lifecycle: lifecycleAtEnd(recording, exit) }, { sync: true });
  const leftRunning = exit.known && exit.leftRunning && !(await isQuietSoon(keeper));
  if (leftRunning || watched.isHashing() || (await watched.pendingBytes()) > longestWaitBytes) {
    await handOver(ended);
  } else {
    const startMs = performance.now();
    await watched.settle();
    const log = await keeper.quiet;
    keeper.release();
    await closeLaunched(ended, {
      settleMs: performance.now() - startMs,
      unreadable: watched.observer.unreadable,
      unseen: watched.unseen(),
      exception: watched.exception(),
      stillRunning: false,
      logRedactions: redactionsOf(log),
    });
  }
  await finishOrphans(ended.layout, context.attendCommand).catch(() => null);
  if (!options.quiet) {
    for (const line of describeRecorded(recording.record, leftRunning)) context.tell(line);
  }
  return exitCodeOf(exit);
}

/** Helpers of a program (multiprocessing's tracker) often outlive it by milliseconds only. */
async function isQuietSoon({ quiet }: Keeper): Promise<boolean> {
  return Promise.race([quiet.then(() => true), wait(50, false)]);
}

function lifecycleAtEnd({ record }: Recording, exit: Exit): Lifecycle {
  if (exit.known) {
    const log =
      exit.log === null ? null : { sizeBytes: exit.log.sizeBytes, truncated: exit.log.truncated };
    return lifecycleFromExit(record.lifecycle, { ...exit, log });
  }
  return {
    ...record.lifecycle,
    status: 'lost',
    endedAt: timestamp(),
    failure: { kind: 'lost', message: `exit-unknown: ${exit.reason}`, traceback: null },
  };
}

function exitCodeOf(exit: Exit): number {
  if (!exit.known) return exitCodes.recorderFailed;
  if (exit.signal === null) return exit.exitCode ?? exitCodes.recorderFailed;
  const number = constants.signals[exit.signal as NodeJS.Signals];
  return 128 + (number ?? 0);
}

function redactionsOf(log: LogFacts | null): Redaction[] {
  return Object.keys(log?.redactions ?? {}).map((rule) => ({ where: 'output.log', rule }));
}

/** Leaves the record to a process that stays behind, as the command returns with its program. */
async function handOver({
  recording,
  layout,
  lock,
  context,
  watched,
  cache,
  pool,
}: Ended): Promise<void> {
  await watched.leave();
  recording.close();
  lock.release();
  cache.close();
  await pool.close();
  const [command = '', ...words] = context.attendCommand(layout.root, recording.id);
  spawn(command, words, { detached: true, stdio: 'ignore', cwd: layout.root }).unref();
}

/** Closes a record that was launched here. */
export async function closeLaunched(
  launched: Pick<Launched, 'recording' | 'layout' | 'lock' | 'redactor' | 'cache' | 'pool'> & {
    index?: IndexLink;
  },
  closing: Pick<
    Closing,
    'settleMs' | 'exception' | 'unreadable' | 'unseen' | 'stillRunning' | 'logRedactions'
  >,
): Promise<void> {
  const { recording, layout, lock, redactor, cache, pool } = launched;
  closeRecord({ recording, redactor, ...closing });
  recording.close();
  lock.release();
  withdrawRun(liveFolder(layout), recording.id);
  cache.close();
  const index = launched.index ?? new IndexLink(layout, recording.id);
  await Promise.all([pool.close(), publish(layout, recording, index)]);
}

/** After the end: the journal's anchor in the repository, and the index. Neither may fail a run. */
async function publish(layout: Layout, recording: Recording, index: IndexLink): Promise<void> {
  // Git works while the index is written.
  const anchored = anchorRecord(layout.root, recording.record, () =>
    readFileSync(layout.journal(recording.id)),
  ).catch(() => null);
  await index.finish();
  await anchored;
}

import { setTimeout as wait } from 'node:timers/promises';
import type { BytePath } from '../capture/byte-path.ts';
import { HashPool } from '../capture/data/hash-pool.ts';
import { readEnvironmentFiles } from '../capture/environment-files.ts';
import { loadSettings } from '../capture/settings.ts';
import { endedStatuses, lifecycleFromExit } from '../core/liveness.ts';
import { createRedactor } from '../core/redaction/redactor.ts';
import { defaultLimits } from '../protocol/limits.ts';
import type { ProcessIdentity, RunRecord } from '../protocol/record.ts';
import { openDigestCache } from '../store/digest-cache.ts';
import { readExitFile, readProcessFile } from '../store/exit-file.ts';
import { JournalWriter } from '../store/journal.ts';
import { type Layout, workspaceLayout } from '../store/layout.ts';
import { acquireLock } from '../store/lock.ts';
import { readObject } from '../store/objects.ts';
import { closeLaunched } from './end-record.ts';
import { findLaterRuns } from './later-runs.ts';
import { absoluteIn } from './launch/begin-record.ts';
import { liveFolder } from './live.ts';
import { withdrawRun } from './outputs/live-runs.ts';
import { readStats } from './outputs/scan.ts';
import { processProbe } from './probe.ts';
import { identifyProcess } from './process-identity.ts';
import { readRun } from './read-run.ts';
import { Recording, timestamp } from './recording.ts';
import { watchRun } from './watch-run.ts';

const lookMs = 200;
/** How long the recorder stays for processes that a run has left behind. */
const leftBehindMs = 60_000;

/**
 * Goes on with a record whose recorder has left or was killed: follows what still runs, then
 * finishes it from what the keeper left. Does nothing where the record is closed, or where
 * another process holds it. May be called for any run at any time.
 */
export async function attendRun(root: string, id: string): Promise<void> {
  const layout = workspaceLayout(root);
  const folder = layout.runFolder(id);
  const self = identifyProcess(process.pid);
  if (self === null) return;
  const lock = acquireLock(folder, self, processProbe);
  if (lock === null) return;
  const { record, atLaunch, isClosed, eventsOffset, metricLines } = readRun(layout, id);
  if (record === null || isClosed || !isOurs(record, self) || isOfOpenRun(layout, record)) {
    lock.release();
    if (isClosed) withdrawRun(liveFolder(layout), id);
    return;
  }
  const settings = await loadSettings(root).catch(() => null);
  const writer = JournalWriter.resume(layout.journal(id));
  const around = [root, absoluteIn(root, record.command.cwd)];
  const environment = { ...readEnvironmentFiles(around), ...process.env };
  const redactor = createRedactor({ extraNames: settings?.redact ?? [], environment });
  const recording = new Recording(
    folder,
    writer,
    record,
    writer.lastHash ?? '',
    redactor,
    atLaunch ?? record,
  );
  const shared = {
    layout,
    recording,
    redactor,
    cache: openDigestCache(layout),
    pool: new HashPool(),
  };
  // An end that was written down means that the recorder left on purpose: it handed over.
  const wasHandedOver = endedStatuses.includes(record.lifecycle.status);
  tellStart(recording, self);
  const given = record.outputs.directories.map((path) => absoluteIn(root, path));
  const others = () => (wasHandedOver ? [] : findLaterRuns(layout, id, given));
  // Nobody knows when such a run ended: what lies there now may all be of a later one.
  const isObscured = !wasHandedOver && !isKept(folder) && others().length > 0;
  if (isObscured) recording.unwritten.add('what it wrote after its recorder was killed');
  const watched = watchRun({
    ...shared,
    ignore: settings?.ignore ?? [],
    limits: settings?.limits ?? defaultLimits,
    cwd: absoluteIn(root, record.command.cwd),
    directories: isObscured ? [] : given,
    others,
    baseline: baselineOf(layout, record),
    processId: recording.record.lifecycle.process?.pid ?? null,
    unattended: !wasHandedOver,
    programFiles: [],
    eventsOffset,
    metricLines,
  });
  const stillRunning = await followToEnd(folder);
  await watched.stop();
  if (!wasHandedOver) tellEnd(recording);
  const startMs = performance.now();
  await watched.settle();
  await closeLaunched(
    { ...shared, lock },
    {
      settleMs: performance.now() - startMs,
      unreadable: watched.observer.unreadable,
      unseen: watched.unseen(),
      exception: watched.exception(),
      stillRunning,
      logRedactions: [],
    },
  );
}

/** A job goes on with the run that it is a part of, and is finished by who finishes that. */
function isOfOpenRun(layout: Layout, { parent, sweep }: RunRecord): boolean {
  if (parent === null || sweep !== parent) return false;
  const { record, isClosed } = readRun(layout, parent);
  return record !== null && !isClosed;
}

/** Only on the machine and in the boot of the run may its processes be judged. */
function isOurs(record: RunRecord, self: ProcessIdentity): boolean {
  const { process: program } = record.lifecycle;
  return program === null || program.bootId === null || program.bootId === self.bootId;
}

/** The recorder may have died before it could write down that the program runs. */
function tellStart(recording: Recording, recorder: ProcessIdentity): void {
  if (recording.record.lifecycle.process !== null) return;
  const known = readProcessFile(recording.folder);
  if (known?.process == null || known.startedAt === null) return;
  const { startedAt, process: program, keeper } = known;
  recording.append('started', { startedAt, process: program, keeper, recorder });
}

function baselineOf(layout: Layout, { outputs }: RunRecord): Map<BytePath, string> {
  const object = outputs.statsAtLaunch === null ? null : readObject(layout, outputs.statsAtLaunch);
  return object === null ? new Map() : readStats(object.toString('utf8'));
}

/** Whether the keeper is there, or saw the end. */
function isKept(folder: string): boolean {
  const keeper = readProcessFile(folder)?.keeper ?? null;
  return readExitFile(folder) !== null || (keeper !== null && processProbe.isAlive(keeper));
}

/** Waits for the run's processes; true where some were still there after a minute of grace. */
async function followToEnd(folder: string): Promise<boolean> {
  let endedMs: number | null = null;
  for (;;) {
    const known = readProcessFile(folder);
    // Without a keeper (adopted, or on the user's own terminal) the program itself is waited for.
    const awaited = known?.keeper ?? known?.process ?? null;
    if (awaited === null || !processProbe.isAlive(awaited)) return false;
    if (readExitFile(folder) !== null) {
      endedMs ??= performance.now();
      if (performance.now() - endedMs > leftBehindMs) return true;
    }
    await wait(lookMs);
  }
}

/** What the keeper saw of the end, or that nobody saw it. */
function tellEnd(recording: Recording): void {
  const exit = readExitFile(recording.folder);
  const { lifecycle } = recording.record;
  const ended =
    exit === null
      ? {
          ...lifecycle,
          status: 'lost' as const,
          endedAt: timestamp(),
          failure: {
            kind: 'lost' as const,
            message: `exit-unknown: the recorder and its keeper are gone${
              lifecycle.startedAt === null ? '; the program was never started' : ''
            }`,
            traceback: null,
          },
        }
      : lifecycleFromExit(lifecycle, exit);
  recording.append('ended', { lifecycle: ended }, { sync: true });
}

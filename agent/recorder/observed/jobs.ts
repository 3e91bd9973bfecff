import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BytePath, isInside } from '../../capture/byte-path.ts';
import { anchorRecord } from '../../capture/code/anchor-record.ts';
import { writeRef } from '../../capture/code/write-ref.ts';
import { realOrSame } from '../../capture/data/locate-data.ts';
import { messageOf } from '../../protocol/errors.ts';
import { files } from '../../protocol/names.ts';
import type { Lifecycle } from '../../protocol/record.ts';
import { newId } from '../../store/new-id.ts';
import { closeRecord } from '../close.ts';
import { writeWhole } from '../keeper-inherited.ts';
import { type Begun, beginRecord } from '../launch/begin-record.ts';
import { liveFolder } from '../live.ts';
import { withdrawRun } from '../outputs/live-runs.ts';
import { identifyProcess } from '../process-identity.ts';
import { type Recording, timestamp } from '../recording.ts';
import type { WatchedRun, WatchRunOptions } from '../watch-run.ts';
import { type JobLine, jobProcess, jobRecord } from './job-record.ts';
import type { Taker } from './observation.ts';
import { observedFolder } from './observed-folder.ts';
import type { Observed } from './observed-tail.ts';
import { type ResumedJob, resumeJob } from './resume-job.ts';

/** What a job shares with the run that it is a part of. */
export type JobContext = Pick<
  WatchRunOptions,
  | 'layout'
  | 'recording'
  | 'redactor'
  | 'cache'
  | 'pool'
  | 'ignore'
  | 'limits'
  | 'cwd'
  | 'programFiles'
>;

interface Job extends Begun {
  watched: WatchedRun;
  startedMs: number;
}

/**
 * Keeps a record of its own for each job of a multirun, under that of the run. A job waits, a few
 * seconds at most, until its record is durable: that is told by a file with the record's id.
 */
export class Jobs implements Taker {
  readonly #context: JobContext;
  readonly #watch: (options: WatchRunOptions) => WatchedRun;
  readonly #open = new Map<number, Job>();
  readonly #folders: BytePath[] = [];
  #count = 0;
  #closing: Promise<void> = Promise.resolve();

  constructor(context: JobContext, watch: (options: WatchRunOptions) => WatchedRun) {
    this.#context = context;
    this.#watch = watch;
  }

  take({ process, line }: Observed): void {
    if (line.t !== 'job') return;
    if (line.event === 'start') this.#start(line, Number(process));
    else this.#end(line);
  }

  /** Whether a file lies in the folder of a job, whose it is then. */
  owns(path: BytePath): boolean {
    return this.#folders.some((folder) => isInside(path, folder));
  }

  /** Leaves those that go on to who takes the run up again. */
  async leave(): Promise<void> {
    await this.#closing;
    for (const { recording, watched, lock } of this.#open.values()) {
      await watched.leave();
      recording.close();
      lock.release();
    }
    this.#open.clear();
  }

  /** The run is over: jobs whose end nobody told ended with it. */
  async finish(): Promise<void> {
    const { lifecycle } = this.#context.recording.record;
    for (const number of [...this.#open.keys()]) {
      this.#close(number, {
        status: lifecycle.status === 'succeeded' ? 'lost' : lifecycle.status,
        signal: lifecycle.signal,
        failure: lifecycle.failure ?? {
          kind: 'lost',
          message: 'exit-unknown: the end of the job was not told',
          traceback: null,
        },
      });
    }
    await this.#closing;
    this.#tellParent();
  }

  /** What is open in the configuration of the whole is no gap: each job's record has it. */
  #tellParent(): void {
    const { recording } = this.#context;
    const { config } = recording.record.capture;
    if (this.#count === 0 || config.status !== 'partial') return;
    recording.append('config', { config: {}, capture: { ...config, status: 'absent' } });
  }

  #start(line: JobLine, pid: number): void {
    const { layout, recording, redactor } = this.#context;
    if (this.#open.has(line.job)) return;
    const ready = join(observedFolder(recording.folder), `job-${line.job}.ready`);
    const known = readId(ready);
    const overrides = redactor.redactArgv(line.overrides ?? [], 'config.overrides');
    if (line.directory) this.#folders.push(realOrSame(line.directory));
    const begun =
      known === null
        ? this.#begin({ ...line, overrides }, pid)
        : resumeJob(layout, known, redactor);
    if (begun === null) return;
    if (known === null) tellReady(ready, begun.recording.id);
    const { outputs, lifecycle } = begun.recording.record;
    const watched = this.#watch({
      ...this.#context,
      recording: begun.recording,
      directories: outputs.directories.map((path) => resolve(layout.root, path)),
      baseline: new Map(),
      processId: lifecycle.process?.pid ?? null,
      unattended: known !== null,
      eventsOffset: begun.eventsOffset,
      metricLines: begun.metricLines,
      job: { number: line.job, folder: observedFolder(recording.folder) },
    });
    this.#count += 1;
    this.#open.set(line.job, { ...begun, watched, startedMs: startOf(lifecycle.startedAt) });
  }

  #begin(line: JobLine, pid: number): ResumedJob | null {
    const { layout, recording, redactor } = this.#context;
    const parent = recording.record;
    const at = timestamp();
    const record = jobRecord({ id: newId(), parent, line, root: layout.root, at });
    try {
      const begun = beginRecord(layout, record, redactor);
      const self = jobProcess(process.pid, identifyProcess);
      const program = jobProcess(pid, identifyProcess);
      begun.recording.append(
        'started',
        { startedAt: at, process: program, keeper: null, recorder: self },
        { sync: true },
      );
      // By it others see that the job goes on, should this recorder be killed.
      const place = { process: program, keeper: null, startedAt: at };
      writeWhole(begun.recording.folder, files.process, place);
      const { snapshot, root } = record.code;
      if (snapshot !== null && root !== null) {
        const top = resolve(layout.root, root);
        this.#after(() => writeRef(top, snapshot.ref, snapshot.commit), begun.recording);
      }
      return { ...begun, metricLines: {}, eventsOffset: 0 };
    } catch (error) {
      recording.unwritten.add(`the record of job ${line.job}: ${messageOf(error)}`);
      return null;
    }
  }

  #end({ job, status, message, traceback }: JobLine): void {
    const isGood = status === 'succeeded';
    const safe = (text: string) => this.#context.redactor.redactText(text, 'lifecycle.failure');
    this.#close(job, {
      status: isGood ? 'succeeded' : 'failed',
      failure: isGood
        ? null
        : {
            kind: 'exception',
            message: safe(message ?? 'the job failed'),
            traceback: typeof traceback === 'string' ? safe(traceback).trimEnd() : null,
          },
    });
  }

  #close(number: number, end: Partial<Lifecycle>): void {
    const job = this.#open.get(number);
    if (job === undefined) return;
    this.#open.delete(number);
    const { recording, watched } = job;
    const lifecycle = {
      ...recording.record.lifecycle,
      endedAt: timestamp(),
      durationMs: Math.round(performance.now() - job.startedMs),
      ...end,
    };
    this.#after(async () => {
      await watched.stop();
      recording.append('ended', { lifecycle }, { sync: true });
      await watched.settle();
      this.#closeRecord(job);
      await anchorRecord(this.#context.layout.root, recording.record, () =>
        readFileSync(this.#context.layout.journal(recording.id)),
      ).catch(() => null); // As of a run: the anchor is a second copy, and may not fail it.
    }, this.#context.recording);
  }

  /** One after the other; what fails is told in that record, and keeps no later job from its end. */
  #after(work: () => Promise<void>, { unwritten }: Recording): void {
    this.#closing = this.#closing.then(work).catch((error: unknown) => {
      unwritten.add(`a part of the record of a job: ${messageOf(error)}`);
    });
  }

  #closeRecord({ recording, watched, lock }: Job): void {
    const { redactor, layout } = this.#context;
    closeRecord({
      recording,
      redactor,
      settleMs: 0,
      exception: null,
      unreadable: watched.observer.unreadable,
      unseen: watched.unseen(),
      stillRunning: false,
      logRedactions: [],
    });
    recording.close();
    lock.release();
    withdrawRun(liveFolder(layout), recording.id);
  }
}

/** When a job began, by the clock that durations are taken from; one may have begun before us. */
function startOf(startedAt: string | null): number {
  return performance.now() - (startedAt === null ? 0 : Date.now() - Date.parse(startedAt));
}

/** Whole at once: the job reads whose record it is. */
function tellReady(path: string, id: string): void {
  writeFileSync(`${path}.tmp`, id);
  renameSync(`${path}.tmp`, path);
}

function readId(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

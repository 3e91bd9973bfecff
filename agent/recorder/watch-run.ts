import { join } from 'node:path';
import { type BytePath, bytePath } from '../capture/byte-path.ts';
import type { HashPool } from '../capture/data/hash-pool.ts';
import type { Redactor } from '../core/redaction/redactor.ts';
import type { DigestCache } from '../core/seams.ts';
import { messageOf } from '../protocol/errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { files as fileNames } from '../protocol/names.ts';
import type { Failure } from '../protocol/record.ts';
import type { Layout } from '../store/layout.ts';
import { keepObject } from '../store/objects.ts';
import { Attendance } from './attendance.ts';
import { EventTail } from './event-tail.ts';
import { followData } from './follow-data.ts';
import { createIgnoredTest } from './ignored.ts';
import { watchFiles } from './observed/files/watch-files.ts';
import { ImportedCode } from './observed/imported-code.ts';
import { Jobs } from './observed/jobs.ts';
import { MetricFiles } from './observed/metric-files.ts';
import { Observation } from './observed/observation.ts';
import { observedFolder } from './observed/observed-folder.ts';
import { ObservedTail } from './observed/observed-tail.ts';
import { SeenEnvironment } from './observed/seen-environment.ts';
import { takeWords } from './observed/words.ts';
import type { OutputObserver } from './outputs/observer.ts';
import type { Recording } from './recording.ts';
import { takeEvents } from './take-events.ts';

export interface WatchRunOptions {
  layout: Layout;
  recording: Recording;
  redactor: Redactor;
  cache: DigestCache;
  pool: HashPool;
  /** Globs of what is never recorded. */
  ignore: string[];
  limits: Limits;
  /** Where the program runs, absolute. */
  cwd: string;
  /** Absolute. */
  directories: string[];
  /** Those of the program's own that were looked after at launch, absolute. */
  programFiles: string[];
  /** Stat keys of the output files at launch. */
  baseline: Map<BytePath, string>;
  /** Root of the run's processes, null where it is not known. */
  processId: number | null;
  /** There was a time without a recorder. */
  unattended: boolean;
  /** Ids of runs, ended by now too, that may have written in the same places meanwhile. */
  others?: () => string[];
  /** How much of the events file was taken by an earlier recorder, in bytes. */
  eventsOffset: number;
  /** Lines of each file of `observed/` of which an earlier recorder took the metrics. */
  metricLines: Record<string, number>;
  /** The run is this job of another one, whose processes speak in `folder`. */
  job?: { number: number; folder: string };
}

export interface WatchedRun {
  observer: OutputObserver;
  /** True while data that was too large for the launch is still hashed. */
  isHashing(): boolean;
  /** Bytes of what the run was seen to read and write that are still to be hashed. */
  pendingBytes(): Promise<number>;
  /** What could not be seen of the run's files, in words for a person. */
  unseen(): string[];
  /** The exception that nobody caught, as it was seen inside; null where none was. */
  exception(): Failure | null;
  /** Stops all work at what it leaves to another process. */
  leave(): Promise<void>;
  /** Ends the watching of the program: it is gone. Not yet of its outputs. */
  stop(): Promise<void>;
  /** Records what is left of the outputs and the data; then the record can be closed. */
  settle(): Promise<void>;
}

/** Follows one run while it goes on: its words, its outputs, and data too large for the launch. */
export function watchRun(options: WatchRunOptions): WatchedRun {
  const { layout, recording, cache, pool, redactor } = options;
  const isIgnored = createIgnoredTest(layout, options.ignore);
  const jobs = new Jobs(options, watchRun);
  const files = watchFiles({
    ...options,
    ignored: (path) => jobs.owns(path) || isIgnored(path),
    torn: () => tail.torn.size,
    lookAtLines: () => observation.look(),
  });
  const imported = new ImportedCode({
    layout,
    recording,
    redactor,
    cache,
    limits: options.limits,
    ignore: options.ignore,
    known: options.programFiles,
  });
  const { job } = options;
  const tail = new ObservedTail(
    job?.folder ?? observedFolder(recording.folder),
    job?.number ?? null,
  );
  const words = takeWords({
    recording,
    root: layout.root,
    cwd: options.cwd,
    redactor,
    cacheFolder: layout.cache,
    keepObject: (bytes) => keepObject(layout, bytes),
    metricLines: options.metricLines,
  });
  const tables = new MetricFiles({ recording, root: layout.root, metrics: words.metrics });
  const seen = new SeenEnvironment({
    layout,
    recording,
    redactor,
    cache,
    environment: process.env,
  });
  const observation = new Observation(
    tail,
    [seen, ...words.takers, tables, ...files.takers, imported, jobs],
    (what) => recording.unwritten.add(what),
  );
  const attendance = new Attendance({
    recording,
    tail: new EventTail(join(recording.folder, fileNames.events), options.eventsOffset),
    observer: files.observer,
    observation,
    take: (events, offset) =>
      takeEvents(events, offset, {
        recording,
        root: layout.root,
        cwd: options.cwd,
        redactor,
        cache,
        config: (values) => words.config.say(values),
        isNew: (point) => words.metrics.isFirst('events', point),
        output: (path, role) => files.observer.addFile(bytePath(path), role),
      }),
  });
  const data = followData({ layout, recording, cache, pool });
  return {
    observer: files.observer,
    isHashing: data.isHashing,
    pendingBytes: files.pendingBytes,
    unseen: files.unseen,
    exception: words.exception,
    async leave() {
      await jobs.leave();
      await files.leave();
    },
    stop: () => attendance.stop(),
    async settle() {
      await observation.finish();
      await attempt(recording, 'the outputs', () => files.settle());
      await attempt(recording, 'tables of metrics', () => tables.settle());
      await attempt(recording, 'the data', () => data.settle());
    },
  };
}

/** At the end of a run one part that fails is told, and keeps no other from being written down. */
async function attempt(
  { unwritten }: Recording,
  what: string,
  work: () => Promise<void> | void,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    unwritten.add(`${what}: ${messageOf(error)}`);
  }
}

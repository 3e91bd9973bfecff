import { type BytePath, bytePath, isInside } from '../../../capture/byte-path.ts';
import type { HashPool } from '../../../capture/data/hash-pool.ts';
import type { Redactor } from '../../../core/redaction/redactor.ts';
import type { DigestCache } from '../../../core/seams.ts';
import type { Layout } from '../../../store/layout.ts';
import { createAttribution } from '../../attribution.ts';
import { createOverlapProbe } from '../../live.ts';
import { OutputObserver } from '../../outputs/observer.ts';
import { createWriterProbe } from '../../outputs/writers.ts';
import { type Recording, timestamp } from '../../recording.ts';
import type { Taker } from '../observation.ts';
import { observeFiles } from './file-observation.ts';

export interface WatchFilesOptions {
  layout: Layout;
  recording: Recording;
  redactor: Redactor;
  cache: DigestCache;
  pool: HashPool;
  ignored(path: BytePath): boolean;
  /** Where the program runs, absolute. */
  cwd: string;
  /** Folders that are watched for outputs, absolute. */
  directories: string[];
  /** Stat keys of the output files at launch. */
  baseline: Map<BytePath, string>;
  /** Root of the run's processes, null where it is not known. */
  processId: number | null;
  /** There was a time without a recorder. */
  unattended: boolean;
  /** Ids of runs, ended by now too, that may have written in the same places meanwhile. */
  others?: (() => string[]) | undefined;
  /** How many processes said something that could not be read. */
  torn(): number;
  /** Takes up what the processes have said until now. */
  lookAtLines(): void;
}

export interface WatchedFiles {
  observer: OutputObserver;
  takers: Taker[];
  /** What could not be seen, in words for a person. */
  unseen(): string[];
  /** Bytes of what was seen to be read and written that are still to be hashed. */
  pendingBytes(): Promise<number>;
  /** Stops all work at what it leaves to another process. */
  leave(): Promise<void>;
  /** Records what is left of the outputs: all lines are taken. */
  settle(): Promise<void>;
}

/** Follows the files of one record: what its processes read and write, seen from inside or by scan. */
export function watchFiles(options: WatchFilesOptions): WatchedFiles {
  const { layout, recording, directories, pool, ignored } = options;
  const { record, id } = recording;
  const overlapping = createOverlapProbe(layout, id, directories);
  const files = observeFiles({
    ...options,
    isResumed: options.others !== undefined,
    wrote: (path) => observer.addWritten(path),
  });
  const isGiven = (path: BytePath) =>
    directories.some((folder) => isInside(path, bytePath(folder)));
  const observer = new OutputObserver({
    root: layout.root,
    directories,
    ignored,
    launchedAtMs: Date.parse(record.lifecycle.createdAt),
    baseline: options.baseline,
    recorded: record.artifacts,
    heldForWriting: createWriterProbe(() => options.processId),
    digest: async (jobs) => {
      const results = await pool.hash(jobs);
      return results.map((result) => ('error' in result ? null : result));
    },
    refresh() {
      options.lookAtLines();
      files.lookAtOthers();
    },
    isUntouched: files.isUntouched,
    attribute: createAttribution({
      id,
      rivals: (path) => [
        ...new Set([
          ...(isGiven(path) ? overlapping() : files.alongside()),
          ...files.finders(path),
          ...(options.others?.() ?? []),
        ]),
      ],
      openedAtMs: files.openedAtMs,
      writersOf: files.writersOf,
      isGiven,
      declared: record.outputs.declared,
      unattended: options.unattended,
    }),
    trouble: (what) => recording.unwritten.add(what),
    emit: (artifacts) => recording.append('artifact', { artifacts }),
    now: timestamp,
  });
  return {
    observer,
    takers: files.takers,
    unseen: files.unseen,
    pendingBytes: async () => (await observer.pendingBytes()) + files.pendingBytes(),
    leave() {
      files.leave();
      return observer.stop();
    },
    async settle() {
      files.lookAtOthers(true);
      for (const path of await files.scanUnseen()) observer.addFound(path);
      await observer.settle();
    },
  };
}

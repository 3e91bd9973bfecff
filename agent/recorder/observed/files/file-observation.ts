import { type BytePath, placeInRecord, placeOnDisk } from '../../../capture/byte-path.ts';
import type { HashPool } from '../../../capture/data/hash-pool.ts';
import type { FileLedger } from '../../../core/observed/file-ledger.ts';
import { WriteIndex } from '../../../core/observed/write-index.ts';
import type { DigestCache, FileStat } from '../../../core/seams.ts';
import type { Artifact } from '../../../protocol/record.ts';
import type { Layout } from '../../../store/layout.ts';
import { keepObject } from '../../../store/objects.ts';
import type { OtherWriter } from '../../attribution.ts';
import { createLiveRuns } from '../../live.ts';
import { statFile } from '../../outputs/scan.ts';
import { type Recording, timestamp } from '../../recording.ts';
import type { Taker } from '../observation.ts';
import { FilePlaces } from './file-places.ts';
import { FileTaker } from './file-taker.ts';
import { InputRecord } from './input-record.ts';
import { ObservedInputs } from './observed-inputs.ts';
import { OtherRuns } from './other-runs.ts';

export interface FileObservationOptions {
  layout: Layout;
  recording: Recording;
  cache: DigestCache;
  pool: HashPool;
  /** Absolute. */
  directories: string[];
  ignored(path: BytePath): boolean;
  /** A process of the run was seen to write this file. */
  wrote(path: BytePath): void;
  /** What could not be seen of the run's files, in words for a person; known at the end. */
  unseen(): string[];
  /** A process of the run has spoken. */
  wasSeen(): boolean;
}

export interface FileObservation {
  taker: Taker;
  /** Takes up what other runs were seen to write; `all`: also those that have come and gone. */
  lookAtOthers(all?: boolean): void;
  writersOf(path: BytePath): OtherWriter[];
  /** When this run was last seen to open a file for writing, in ms since 1970. */
  openedAtMs(path: BytePath): number | null;
  isUntouched(path: BytePath, stat: FileStat): boolean;
  /** Bytes of inputs that are still to be hashed. */
  pendingBytes(): number;
  /** Leaves all the rest to who takes the lines up again. */
  leave(): void;
}

/** Everything that is told of a run's files from inside: its inputs, and who wrote its outputs. */
export function observeFiles(options: FileObservationOptions): FileObservation {
  const { layout, recording, cache, pool, directories, ignored } = options;
  const { root } = layout;
  const writes = new WriteIndex();
  const others = new OtherRuns({ layout, id: recording.id, ...createLiveRuns(layout) });
  const places = new FilePlaces({ root, outputs: directories, ignored });
  const interpreter = recording.record.environment?.interpreter?.path;
  if (interpreter !== undefined) places.addInterpreter(interpreter);
  const inputs = new ObservedInputs({
    root,
    cache,
    pool,
    emit: (entries) => record.write(entries),
  });
  const record = new InputRecord({
    recording,
    root,
    inputs,
    keepObject: (bytes) => keepObject(layout, bytes),
  });
  const taker = new FileTaker({
    places,
    writes,
    wrote: options.wrote,
    read: (files) => record.take(files),
    listed: (path) => record.listed(path),
    async done(ledger) {
      await record.finish(inputs.problems, options.unseen(), options.wasSeen());
      tellGone(ledger, places, recording, root);
    },
  });
  return {
    taker,
    lookAtOthers: (all = false) => (all ? others.lookForAll() : others.look()),
    writersOf: (path) => others.writersOf(path),
    openedAtMs: (path) => {
      const last = writes.lastWrite(path);
      return last === null ? null : last * 1000;
    },
    isUntouched: (path, stat) => writes.isUntouched(path, stat),
    pendingBytes: () => {
      taker.drain();
      return inputs.pendingBytes;
    },
    leave: () => inputs.stop(),
  };
}

/** Files of before that the run has removed or moved away are told too. */
function tellGone(
  ledger: FileLedger,
  places: FilePlaces,
  recording: Recording,
  root: string,
): void {
  const known = new Set(recording.record.artifacts.map((artifact) => placeOnDisk(artifact, root)));
  const at = timestamp();
  const artifacts: Artifact[] = [];
  for (const { path, to, digest } of ledger.gone) {
    const place = path as BytePath;
    if (!places.isResult(place) || known.has(place) || statFile(place) !== null) continue;
    artifacts.push({
      ...placeInRecord(place, root),
      digest,
      mode: 'full',
      sizeBytes: null,
      role: 'output',
      mediaType: null,
      firstSeenAt: at,
      lastSeenAt: at,
      attribution: { kind: 'observed', runs: [recording.id] },
      seen: ['hook'],
      ...(to === null
        ? { state: 'deleted' }
        : { state: 'moved', to: placeInRecord(to as BytePath, root).path }),
    });
  }
  if (artifacts.length > 0) recording.append('artifact', { artifacts });
}

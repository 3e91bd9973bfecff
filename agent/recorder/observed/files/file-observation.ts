import {
  type BytePath,
  bytePath,
  isInside,
  placeInRecord,
  placeOnDisk,
} from '../../../capture/byte-path.ts';
import type { HashPool } from '../../../capture/data/hash-pool.ts';
import { realOrSame } from '../../../capture/data/locate-data.ts';
import type { FileLedger } from '../../../core/observed/file-ledger.ts';
import { WriteIndex } from '../../../core/observed/write-index.ts';
import type { Redactor } from '../../../core/redaction/redactor.ts';
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
import { filesAtLaunch } from './files-at-launch.ts';
import { InputRecord } from './input-record.ts';
import { ObservedInputs } from './observed-inputs.ts';
import { OtherRuns } from './other-runs.ts';
import { scanWorkspace } from './scan-workspace.ts';
import { Sight } from './sight.ts';

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
  redactor: Redactor;
  /** An earlier recorder of the run was there before this one. */
  isResumed: boolean;
  /** Where the program was started, absolute. */
  cwd: string;
  /** How many processes said something that could not be read. */
  torn(): number;
}

export interface FileObservation {
  takers: Taker[];
  /** What could not be seen of the run's files, in words for a person; whole at the end. */
  unseen(): string[];
  /** Files that have changed in the workspace, where not all could be seen from inside. */
  scanUnseen(): Promise<BytePath[]>;
  /** Runs that went on beside this one at some time. */
  alongside(): string[];
  /** Those that have found a file too of which nobody saw who wrote it. */
  finders(path: BytePath): string[];
  /** Takes up what other runs were seen to write; `all`: also those that have come and gone. */
  lookAtOthers(all?: boolean): void;
  writersOf(path: BytePath): OtherWriter[];
  /** When this run was last seen, or told in words, to write a file: in ms since 1970. */
  openedAtMs(path: BytePath): { hook: number | null; argument: number | null };
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
  const { isResumed } = options;
  const others = new OtherRuns({
    layout,
    id: recording.id,
    isResumed,
    ...createLiveRuns(layout),
  });
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
    mayPass: ({ path, stat }) =>
      places.isTemporary(path as BytePath) && Number(stat.ctimeNs / 1_000_000n) > startedAtMs,
  });
  const told = new WriteIndex();
  const { command, lifecycle } = recording.record;
  const startedAtMs = Date.parse(lifecycle.startedAt ?? lifecycle.createdAt);
  const sight = new Sight({
    argv: command.argv,
    cwd: options.cwd,
    env: process.env,
    startedAt: startedAtMs / 1000,
    redactor: options.redactor,
    named: (child, paths) => taker.addNamed(child, paths),
    told(paths, at) {
      for (const path of paths) told.takePath(realOrSame(path), at);
    },
    torn: options.torn,
    hasStarted: () => recording.record.lifecycle.startedAt !== null,
  });
  const taker = new FileTaker({
    places,
    writes,
    startedAtMs,
    isTold: (path) => told.lastWrite(path) !== null,
    wrote: options.wrote,
    read: (files) => record.take(files),
    listed: (path) => record.listed(path),
    async done(ledger) {
      await record.finish(inputs.problems, sight.unseen(), sight.hasSpoken);
      tellGone(ledger, places, recording, root);
    },
  });
  return {
    takers: [sight, taker],
    unseen: () => sight.unseen(),
    async scanUnseen() {
      if (sight.unseen().length === 0 && !sight.mayWriteUnseen) return [];
      const atLaunch = () => filesAtLaunch(recording.record.code, root);
      const changed = await scanWorkspace({ root, startedAtMs, ignored, atLaunch });
      // What was given to another run, and to this one not, is the other's.
      const isMine = (path: BytePath) => liesIn(path, directories) || !others.isGiven(path);
      return changed.filter((path) => places.isFound(path) && isMine(path));
    },
    alongside: () => others.ids(),
    finders: (path) => others.finders(path),
    lookAtOthers: (all = false) => (all ? others.lookForAll() : others.look()),
    writersOf: (path) => others.writersOf(path),
    openedAtMs: (path) => ({
      hook: inMs(writes.lastWrite(path)),
      argument: inMs(told.lastWrite(path)),
    }),
    isUntouched: (path, stat) => writes.isUntouched(path, stat),
    pendingBytes: () => {
      taker.drain();
      return inputs.pendingBytes;
    },
    leave() {
      taker.drain();
      tellPending(recording, inputs.pendingBytes);
      inputs.stop();
    },
  };
}

/** Inputs that were seen, and are left to another process to hash. */
function tellPending(recording: Recording, bytes: number): void {
  const { data } = recording.record.capture;
  if (bytes === 0 || !['absent', 'captured'].includes(data.status)) return;
  recording.append('data', { entries: [], capture: { ...data, status: 'pending', detail: null } });
}

function liesIn(path: BytePath, folders: string[]): boolean {
  return folders.some((folder) => isInside(path, bytePath(folder)));
}

function inMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000;
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
    if (!places.isResult(place) || places.isTemporary(place)) continue;
    if (known.has(place) || statFile(place) !== null) continue;
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

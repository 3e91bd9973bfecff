import { type BytePath, bytePath, placeInRecord } from '../../capture/byte-path.ts';
import type { FileDigest } from '../../capture/data/digest-file.ts';
import type { FileStat } from '../../core/seams.ts';
import { messageOf } from '../../protocol/errors.ts';
import type { ArtifactVersion } from '../../protocol/journal.ts';
import type { Artifact } from '../../protocol/record.ts';
import { DueFiles } from './due-files.ts';
import {
  type Attributed,
  describeVersion,
  type Known,
  KnownFiles,
  standMs,
} from './known-files.ts';
import type { DigestJob, ObserverOptions } from './observer-options.ts';
import { scanOutputs, statFile } from './scan.ts';
import { type OutputWatch, watchOutputs } from './watch.ts';

interface Read {
  path: BytePath;
  read: FileDigest;
  /** It continues the version that was recorded last. */
  grew: boolean;
}

/** Read, and written to the journal, at one go. */
const sliceFiles = 256;

const longestStandMs = 60_000;
const batchMs = 50;
const rescanMs = 60_000;

/**
 * Follows the output directories of a run and reports each version of a file that was complete:
 * its writer closed it, it was renamed into place, or it stood still for a second. Events of the
 * watcher are hints; scans at the start, each minute and at the end are what is relied on.
 */
export class OutputObserver {
  readonly #options: ObserverOptions;
  readonly #known: KnownFiles;
  readonly #due = new DueFiles();
  #watch: OutputWatch | null = null;
  #timer: NodeJS.Timeout | null = null;
  #working: Promise<void> = Promise.resolve();
  #nextScanMs = 0;
  #stopped = false;
  /** Files that the program itself named as its outputs, wherever they lie, with their role. */
  readonly #named = new Map<BytePath, string>();
  /** Files that were seen or found to be written, wherever they lie. */
  readonly #written = new Set<BytePath>();
  /** Paths that could not be read, for the capture's detail. */
  readonly unreadable = new Set<string>();

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#known = new KnownFiles(options.baseline);
    this.#known.resume(options.recorded, options.root);
  }

  /** Looks at once, again and again until the watch is laid: the first files come early. */
  async start(): Promise<void> {
    this.#tick();
    const watch = await watchOutputs(this.#options.directories, {
      ignored: (path) => this.#options.ignored(bytePath(path)),
      changed: (path) => this.#due.plan(bytePath(path), batchMs),
      lost: () => {
        this.#nextScanMs = 0;
      },
    });
    if (this.#stopped) return watch.close();
    this.#watch = watch;
    this.#nextScanMs = 0;
  }

  /** The program said that it wrote this file. */
  addFile(path: BytePath, role: string): void {
    this.#named.set(path, role);
    this.#due.plan(path, batchMs);
  }

  /** A process of the run was seen to open this file for writing, or to put it there. */
  addWritten(path: BytePath): void {
    this.#written.add(path);
    this.#due.plan(path, batchMs);
  }

  /** A file outside of the watched directories was found to have changed. */
  addFound(path: BytePath): void {
    this.#written.add(path);
    this.#due.plan(path, 0);
  }

  /** Bytes of the files that changed and were not recorded yet: what `settle` has to read. */
  async pendingBytes(): Promise<number> {
    await this.#scan();
    let sum = 0;
    for (const path of this.#due.paths()) sum += Number(statFile(path)?.size ?? 0n);
    return sum;
  }

  /** Stops watching, and records all that changed and was not recorded yet. */
  async settle(): Promise<void> {
    await this.stop();
    await this.#scan();
    await this.#look(this.#due.paths(), true);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#watch?.close();
    this.#watch = null;
    await this.#working;
  }

  #tick(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      // What fails now (a disk above all) is tried again with the next look, and told.
      this.#working = this.#pass().catch((error: unknown) => {
        this.#nextScanMs = Math.min(this.#nextScanMs, performance.now() + rescanMs);
        this.#options.trouble(`a look at the outputs: ${messageOf(error)}`);
      });
      void this.#working.then(() => this.#tick());
    }, batchMs);
  }

  async #pass(): Promise<void> {
    if (performance.now() >= this.#nextScanMs) {
      const startMs = performance.now();
      this.#nextScanMs = Number.POSITIVE_INFINITY;
      await this.#scan();
      // Until the watch is laid a scan is all there is; a slow one is not repeated at once.
      const pauseMs =
        this.#watch === null ? Math.max(batchMs, 5 * (performance.now() - startMs)) : rescanMs;
      this.#nextScanMs = Math.min(this.#nextScanMs, performance.now() + pauseMs);
    }
    await this.#look(this.#due.ready(), false);
  }

  async #scan(): Promise<void> {
    const { directories, ignored, launchedAtMs } = this.#options;
    const older = (path: BytePath, stat: FileStat) => this.#known.addBaseline(path, stat);
    const found = await scanOutputs({ directories, ignored, launchedAtMs, older });
    for (const paths of [this.#named.keys(), this.#written]) {
      for (const path of paths) {
        const stat = found.has(path) ? null : statFile(path);
        if (stat !== null) found.set(path, stat);
      }
    }
    for (const [path, stat] of found) if (!this.#isDone(path, stat)) this.#due.plan(path, 0);
    for (const path of this.#known.paths()) if (!found.has(path)) this.#due.plan(path, 0);
  }

  /** Records what is complete among `paths`; what is there first, so that a move is told as one. */
  async #look(paths: BytePath[], final: boolean): Promise<void> {
    if (paths.length === 0) return;
    this.#options.refresh();
    const versions: ArtifactVersion[] = [];
    const gone: BytePath[] = [];
    const jobs: DigestJob[] = [];
    for (const path of paths) {
      const stat = statFile(path);
      if (stat === null) gone.push(path);
      else if (this.#isDone(path, stat)) this.#due.forget(path);
      else if (this.#attribute(path) === null) versions.push(...this.#giveUp(path, stat));
      else if (final || this.#isComplete(path, stat)) jobs.push(this.#jobFor(path, stat));
    }
    for (let start = 0; start < jobs.length; start += sliceFiles) {
      versions.push(...(await this.#readSlice(jobs.slice(start, start + sliceFiles), final)));
      this.#emit(versions.splice(0));
    }
    for (const path of gone) {
      this.#due.forget(path);
      versions.push(...this.#leave(path));
    }
    this.#emit(versions);
  }

  #emit(versions: ArtifactVersion[]): void {
    if (versions.length > 0) this.#options.emit(versions);
  }

  async #readSlice(jobs: DigestJob[], final: boolean): Promise<ArtifactVersion[]> {
    const digests = await this.#options.digest(jobs);
    const reads = jobs.flatMap((job, at) => this.#check(job, digests[at] ?? null, final));
    // Who writes there now has said so before what was just read could be in the file.
    if (reads.length > 0) this.#options.refresh();
    return reads.flatMap((read) => this.#record(read));
  }

  #attribute(path: BytePath): Attributed | null {
    return this.#options.attribute(path, this.#named.has(path), this.#known.get(path));
  }

  #isDone(path: BytePath, stat: FileStat): boolean {
    return this.#known.isRecorded(path, stat) || this.#options.isUntouched(path, stat);
  }

  #isComplete(path: BytePath, stat: FileStat): boolean {
    const held = this.#options.heldForWriting();
    const closed = held !== null && !held.has(`${stat.dev}:${stat.ino}`);
    const settleMs = this.#known.get(path)?.settleMs ?? standMs;
    return (closed && !this.#grows(path, stat)) || this.#due.hasStood(path, stat, settleMs);
  }

  /** The same file, longer: a log, or a table that gets a row from time to time. */
  #grows(path: BytePath, stat: FileStat): boolean {
    const before = this.#known.get(path)?.stat;
    return (
      before !== undefined &&
      before.ino === stat.ino &&
      before.size >= 0n &&
      before.size < stat.size
    );
  }

  #jobFor(path: BytePath, stat: FileStat): DigestJob {
    const sizeBytes = Number(stat.size);
    const known = this.#grows(path, stat) ? this.#known.get(path) : undefined;
    return known === undefined
      ? { path, sizeBytes }
      : { path, sizeBytes, prefixBytes: Number(known.stat.size) };
  }

  /** Nothing where it is to be read once more. */
  #check({ path, prefixBytes }: DigestJob, read: FileDigest | null, final: boolean): Read[] {
    const isSteady = read !== null && !read.changed;
    if (!isSteady && final) this.unreadable.add(placeInRecord(path, this.#options.root).path);
    if (read === null || !(isSteady || final)) {
      this.#due.plan(path, standMs);
      return [];
    }
    const digest = this.#known.get(path)?.digest;
    return [{ path, read, grew: prefixBytes !== undefined && read.prefixDigest === digest }];
  }

  #record({ path, read, grew }: Read): ArtifactVersion[] {
    const attributed = this.#attribute(path);
    if (attributed === null) return this.#giveUp(path, read.stat);
    this.#due.forget(path);
    const before = grew ? this.#known.get(path) : undefined;
    const known: Known = {
      stat: read.stat,
      digest: read.digest,
      firstSeenAt: before?.firstSeenAt ?? this.#options.now(),
      recordedAtMs: Date.now(),
      settleMs: before === undefined ? standMs : Math.min(before.settleMs * 2, longestStandMs),
      attributed,
    };
    this.#known.set(path, known);
    const { sizeBytes } = read;
    const version = { ...this.#artifact(path, known), sizeBytes };
    return [{ ...version, ...(grew ? { grew } : {}) }];
  }

  /** Another run has written there since: what this one had there is overwritten. */
  #giveUp(path: BytePath, stat: FileStat): ArtifactVersion[] {
    this.#due.forget(path);
    const known = this.#known.get(path);
    this.#known.disown(path, stat);
    if (known === undefined) return [];
    return [{ ...this.#artifact(path, known), state: 'overwritten' }];
  }

  #leave(path: BytePath): ArtifactVersion[] {
    const known = this.#known.get(path);
    if (known === undefined) return [];
    const movedTo = this.#known.remove(path);
    const artifact = this.#artifact(path, known);
    if (movedTo === null) return [{ ...artifact, state: 'deleted' }];
    const { path: to } = placeInRecord(movedTo, this.#options.root);
    return [{ ...artifact, state: 'moved', to }];
  }

  #artifact(path: BytePath, known: Known): Artifact {
    const role = this.#named.get(path) ?? 'output';
    return describeVersion(path, known, {
      root: this.#options.root,
      role,
      now: this.#options.now(),
    });
  }
}

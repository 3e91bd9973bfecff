import { type BytePath, bytePath, placeInRecord } from '../../capture/byte-path.ts';
import type { FileDigest } from '../../capture/data/digest-file.ts';
import { type FileStat, statKey } from '../../core/seams.ts';
import type { ArtifactVersion } from '../../protocol/journal.ts';
import type { Artifact } from '../../protocol/record.ts';
import { KnownFiles, standMs } from './known-files.ts';
import { scanOutputs, statFile } from './scan.ts';
import { type OutputWatch, watchOutputs } from './watch.ts';

export interface ObserverOptions {
  root: string;
  /** Absolute, none inside another. */
  directories: string[];
  ignored(path: BytePath): boolean;
  /** Milliseconds since 1970. */
  launchedAtMs: number;
  /** Stat keys at launch. */
  baseline: Map<BytePath, string>;
  /** What an earlier recorder of this run has recorded already. */
  recorded: Artifact[];
  /** `dev:ino` of what the run's processes have open for writing; null where it is unknown. */
  heldForWriting(): Set<string> | null;
  /** Null where the file cannot be read. */
  digest(path: BytePath, sizeBytes: number, prefixBytes?: number): Promise<FileDigest | null>;
  /** `named`: the program itself said that it wrote the file. */
  attribute(named: boolean): Artifact['attribution'];
  emit(versions: ArtifactVersion[]): void;
  /** RFC 3339 in UTC. */
  now(): string;
}

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
  /** Paths to look at: when, and the stat that was seen since then. */
  readonly #due = new Map<BytePath, { atMs: number; stat: string; sinceMs: number }>();
  #watch: OutputWatch | null = null;
  #timer: NodeJS.Timeout | null = null;
  #working: Promise<void> = Promise.resolve();
  #nextScanMs = 0;
  #stopped = false;
  /** Files that the program itself named as its outputs, wherever they lie, with their role. */
  readonly #named = new Map<BytePath, string>();
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
      changed: (path) => this.#plan(bytePath(path), batchMs),
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
    this.#plan(path, batchMs);
  }

  /** Bytes of the files that changed and were not recorded yet: what `settle` has to read. */
  async pendingBytes(): Promise<number> {
    await this.#scan();
    let sum = 0;
    for (const path of this.#due.keys()) sum += Number(statFile(path)?.size ?? 0n);
    return sum;
  }

  /** Stops watching, and records all that changed and was not recorded yet. */
  async settle(): Promise<void> {
    await this.stop();
    await this.#scan();
    await this.#look([...this.#due.keys()], true);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#watch?.close();
    this.#watch = null;
    await this.#working;
  }

  #plan(path: BytePath, delayMs: number): void {
    const now = performance.now();
    const planned = this.#due.get(path);
    const { stat, sinceMs } = planned ?? { stat: '', sinceMs: now };
    this.#due.set(path, { atMs: now + delayMs, stat, sinceMs });
  }

  #tick(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#working = this.#pass();
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
    const now = performance.now();
    const due = [...this.#due].filter(([, plan]) => plan.atMs <= now).map(([path]) => path);
    await this.#look(due, false);
  }

  async #scan(): Promise<void> {
    const { directories, ignored, launchedAtMs } = this.#options;
    const older = (path: BytePath, stat: FileStat) => this.#known.addBaseline(path, stat);
    const found = await scanOutputs({ directories, ignored, launchedAtMs, older });
    for (const path of this.#named.keys()) {
      const stat = statFile(path);
      if (stat !== null) found.set(path, stat);
    }
    for (const [path, stat] of found) {
      if (!this.#known.isRecorded(path, stat)) this.#plan(path, 0);
    }
    for (const path of this.#known.paths()) if (!found.has(path)) this.#plan(path, 0);
  }

  /** Records what is complete among `paths`; what is there first, so that a move is told as one. */
  async #look(paths: BytePath[], final: boolean): Promise<void> {
    const versions: ArtifactVersion[] = [];
    const gone: BytePath[] = [];
    for (const path of paths) {
      const stat = statFile(path);
      if (stat === null) gone.push(path);
      else if (this.#known.isRecorded(path, stat)) this.#due.delete(path);
      else if (final || this.#isComplete(path, stat)) {
        const version = await this.#read(path, stat, final);
        if (version !== null) versions.push(version);
      }
    }
    for (const path of gone) {
      this.#due.delete(path);
      const version = this.#leave(path);
      if (version !== null) versions.push(version);
    }
    if (versions.length > 0) this.#options.emit(versions);
  }

  #isComplete(path: BytePath, stat: FileStat): boolean {
    const now = performance.now();
    const planned = this.#due.get(path);
    const current = statKey(stat);
    const sinceMs = planned?.stat === current ? planned.sinceMs : now;
    const settleMs = this.#known.get(path)?.settleMs ?? standMs;
    const held = this.#options.heldForWriting();
    const closed = held !== null && !held.has(`${stat.dev}:${stat.ino}`);
    if ((closed && !this.#grows(path, stat)) || now - sinceMs >= settleMs) return true;
    this.#due.set(path, { stat: current, sinceMs, atMs: now + Math.min(settleMs, standMs) });
    return false;
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

  async #read(path: BytePath, stat: FileStat, final: boolean): Promise<ArtifactVersion | null> {
    const known = this.#known.get(path);
    const prefixBytes = this.#grows(path, stat) ? Number(known?.stat.size) : undefined;
    const read = await this.#options.digest(path, Number(stat.size), prefixBytes);
    if (read === null || (read.changed && !final)) {
      this.#plan(path, standMs);
      if (final) this.unreadable.add(placeInRecord(path, this.#options.root).path);
      return null;
    }
    if (read.changed) this.unreadable.add(placeInRecord(path, this.#options.root).path);
    this.#due.delete(path);
    const grew =
      known !== undefined && prefixBytes !== undefined && read.prefixDigest === known.digest;
    const settleMs = grew ? Math.min(known.settleMs * 2, longestStandMs) : standMs;
    const firstSeenAt = grew ? known.firstSeenAt : this.#options.now();
    this.#known.set(path, { stat: read.stat, digest: read.digest, firstSeenAt, settleMs });
    return {
      ...this.#artifact(path, read.digest, read.sizeBytes, firstSeenAt),
      state: 'present',
      ...(grew ? { grew } : {}),
    };
  }

  #leave(path: BytePath): ArtifactVersion | null {
    const known = this.#known.get(path);
    if (known === undefined) return null;
    const movedTo = this.#known.remove(path);
    const artifact = this.#artifact(path, known.digest, Number(known.stat.size), known.firstSeenAt);
    if (movedTo === null) return { ...artifact, state: 'deleted' };
    return { ...artifact, state: 'moved', to: placeInRecord(movedTo, this.#options.root).path };
  }

  #artifact(path: BytePath, digest: string, sizeBytes: number, firstSeenAt: string) {
    return {
      ...placeInRecord(path, this.#options.root),
      digest,
      mode: 'full' as const,
      sizeBytes,
      role: this.#named.get(path) ?? 'output',
      mediaType: null,
      firstSeenAt,
      lastSeenAt: this.#options.now(),
      attribution: this.#options.attribute(this.#named.has(path)),
    };
  }
}

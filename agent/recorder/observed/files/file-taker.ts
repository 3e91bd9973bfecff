import type { BytePath } from '../../../capture/byte-path.ts';
import type { FileEvent } from '../../../core/observed/file-event.ts';
import { FileLedger, type ReadFile } from '../../../core/observed/file-ledger.ts';
import { InOrder } from '../../../core/observed/in-order.ts';
import type { WriteIndex } from '../../../core/observed/write-index.ts';
import type { Taker } from '../observation.ts';
import type { Observed } from '../observed-tail.ts';
import { isFolder, readFileLine } from './file-lines.ts';
import type { FilePlaces } from './file-places.ts';
import { filesBelow } from './files-below.ts';
import { PathResolver } from './resolve-path.ts';

/** What is younger may be preceded by a line that is not read yet. */
const youngSeconds = 0.1;

export interface FileTakerOptions {
  places: FilePlaces;
  /** What this run was seen to write. */
  writes: WriteIndex;
  /** Milliseconds since 1970. */
  startedAtMs: number;
  /** Whether a program of another kind was given this name, and so may have made the file. */
  isTold(path: BytePath): boolean;
  /** A file was opened for writing, or put in its place. */
  wrote(path: BytePath): void;
  /** Files that were read, and not made by the run. */
  read(files: ReadFile[]): void;
  /** A directory was listed. */
  listed(path: BytePath): void;
  /** All lines are taken. */
  done(ledger: FileLedger): Promise<void>;
}

/** Takes up which files the processes of a run read, write, move and remove. */
export class FileTaker implements Taker {
  readonly #options: FileTakerOptions;
  readonly #ledger = new FileLedger();
  readonly #order = new InOrder<FileEvent>();
  readonly #resolver = new PathResolver();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: FileTakerOptions) {
    this.#options = options;
  }

  take({ file, line }: Observed): void {
    const { places, writes, listed } = this.#options;
    if (line.t === 'process') places.addInterpreter(line.executable);
    if (line.t === 'directory') listed(this.#resolver.target(line.path).path);
    const event = readFileLine(line, this.#resolver, (path) => places.isFurniture(path));
    if (event === null) return;
    if (event.kind === 'read' && !this.#isInput(event)) return;
    event.at = this.#order.add(file, line.at, event);
    writes.take(event);
    if (event.kind === 'rename') this.#takeFolder(event.to as BytePath, event.at);
  }

  /** Files that a child's words name, absolute; where they were there before it. */
  addNamed({ file, line }: Observed, paths: string[]): void {
    const { places } = this.#options;
    for (const path of paths) {
      const { path: real, stat } = this.#resolver.target(path);
      const at = line.at ?? 0;
      // What has changed since the start is rather what another child has made.
      const isNew = stat !== null && Number(stat.ctimeMs) > this.#options.startedAtMs;
      if (stat?.isFile() !== true || isNew || !places.isInput(real)) continue;
      this.#order.add(file, line.at, { kind: 'name', path: real, stat, at });
    }
  }

  flush(): void {
    this.#resolver.forget();
    const { places, writes, wrote } = this.#options;
    for (const path of writes.drain())
      if (places.isResult(path as BytePath)) wrote(path as BytePath);
    this.drain(Date.now() / 1000 - youngSeconds);
    this.#drainLater();
  }

  async finish(): Promise<void> {
    this.flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.drain();
    await this.#options.done(this.#ledger);
  }

  /** Takes up in order what was said until a time, in seconds since 1970. */
  drain(untilSeconds = Number.POSITIVE_INFINITY): void {
    for (const event of this.#order.drain(untilSeconds)) this.#ledger.take(event);
    const files = this.#ledger.drain();
    if (files.length > 0) this.#options.read(files);
  }

  #isInput({ path, stat }: FileEvent & { kind: 'read' }): boolean {
    const { places, isTold, startedAtMs } = this.#options;
    const isNew = Number(stat.ctimeNs / 1_000_000n) > startedAtMs;
    return places.isInput(path as BytePath) && !(isNew && isTold(path as BytePath));
  }

  /** What is young now may be all that comes for a long time. */
  #drainLater(): void {
    if (this.#timer !== null || this.#order.isEmpty) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.drain(Date.now() / 1000 - youngSeconds);
        this.#drainLater();
      },
      2 * youngSeconds * 1000,
    );
    this.#timer.unref();
  }

  /** A folder that was moved brings all that lies in it. */
  #takeFolder(folder: BytePath, at: number): void {
    if (!isFolder(folder)) return;
    const { places, writes, wrote } = this.#options;
    writes.takeFolder(folder, at);
    for (const path of filesBelow(folder)) if (places.isResult(path)) wrote(path);
  }
}

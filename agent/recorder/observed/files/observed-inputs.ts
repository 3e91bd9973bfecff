import { type BytePath, bytePath, placeInRecord } from '../../../capture/byte-path.ts';
import { type DataProblem, describeError } from '../../../capture/data/data-problem.ts';
import { rememberDigest } from '../../../capture/data/digest-file.ts';
import type { HashPool } from '../../../capture/data/hash-pool.ts';
import { PointerFinder } from '../../../capture/data/pointers/find-pointer.ts';
import { contentDigest, recordPointer } from '../../../capture/data/pointers/pointer.ts';
import type { ReadFile } from '../../../core/observed/file-ledger.ts';
import { contentKey } from '../../../core/observed/stat-tuple.ts';
import { type DigestCache, statKey } from '../../../core/seams.ts';
import type { DataEntry } from '../../../protocol/record.ts';
import { statFile } from '../../outputs/scan.ts';

export interface InputOptions {
  root: string;
  cache: DigestCache;
  pool: HashPool;
  emit(entries: DataEntry[]): void;
}

/** What is only named is not worth the reading of more. */
const namedBytes = 256_000_000;
/** Hashed at one go: the recorder looks at its program in between. */
const sliceBytes = 16_000_000;
const sliceFiles = 256;
const entriesPerLine = 1_000;

interface Found {
  input: ReadFile;
  digest: string | null;
  sizeBytes: number;
  /** As it was when it was hashed. */
  stat: string;
  unreadable: boolean;
}

/**
 * Hashes what a run was seen to read, beside it. A file whose stat is no longer that of its opening
 * has the digest that was told from inside before it was changed, or none.
 */
export class ObservedInputs {
  readonly #options: InputOptions;
  readonly #queue: ReadFile[] = [];
  readonly #found = new Map<string, Found>();
  readonly problems: DataProblem[] = [];
  readonly #pointers = new PointerFinder();
  #working: Promise<void> | null = null;
  #stopped = false;
  /** Of what is being hashed now. */
  #sliceBytes = 0;

  constructor(options: InputOptions) {
    this.#options = options;
  }

  add(inputs: ReadFile[]): void {
    for (const input of inputs) this.#queue.push(input);
    this.#start();
  }

  #start(): void {
    if (this.#working !== null || this.#queue.length === 0) return;
    this.#working = this.#work().finally(() => {
      this.#working = null;
      // What was added after the last look at the queue.
      this.#start();
    });
  }

  /** Bytes that are still to be read. */
  get pendingBytes(): number {
    return this.#queue.reduce((sum, { stat }) => sum + Number(stat.size), this.#sliceBytes);
  }

  /** Leaves the rest to who takes the lines up again. */
  stop(): void {
    this.#stopped = true;
    this.#queue.length = 0;
  }

  async finish(): Promise<void> {
    while (this.#working !== null) await this.#working;
    this.#emitFound(true);
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      const slice: ReadFile[] = [];
      let bytes = 0;
      while (slice.length < sliceFiles && bytes < sliceBytes) {
        const next = this.#queue.shift();
        if (next === undefined) break;
        bytes += Number(next.stat.size);
        slice.push(next);
      }
      this.#sliceBytes = bytes;
      await this.#hash(slice);
      this.#sliceBytes = 0;
      if (this.#stopped) return;
      this.#emitFound(false);
    }
  }

  async #hash(inputs: ReadFile[]): Promise<void> {
    const { cache, pool } = this.#options;
    const jobs = [];
    for (const input of inputs) {
      const now = input.place === null ? null : statFile(input.place as BytePath);
      const isSame = now !== null && contentKey(now) === contentKey(input.stat);
      const digest = isSame ? cache.get(now) : undefined;
      const stat = statKey(isSame ? now : input.stat);
      const sizeBytes = Number(input.stat.size);
      const found: Found = { input, digest: digest ?? null, sizeBytes, stat, unreadable: false };
      this.#found.set(input.path, found);
      if (isUnread(found)) continue;
      if (isSame && digest === undefined)
        jobs.push({ found, job: { path: input.place as BytePath, sizeBytes, stat: now } });
    }
    const results = await pool.hash(jobs.map(({ job }) => job));
    jobs.forEach(({ found }, at) => {
      const result = results[at];
      if (result === undefined) return;
      if ('error' in result) {
        if (result.error !== 'ENOENT') this.#report(found, result);
        return;
      }
      rememberDigest(cache, result);
      if (result.changed || contentKey(result.stat) !== contentKey(found.input.stat)) return;
      found.digest = result.digest;
      found.stat = statKey(result.stat);
    });
  }

  #report(found: Found, { error, message }: { error: string; message: string }): void {
    const { path } = placeInRecord(found.input.path as BytePath, this.#options.root);
    this.problems.push({ path, what: describeError(error, message) });
    found.unreadable = true;
  }

  /** `final`: also what has no digest, as nobody will find one any more. */
  #emitFound(final: boolean): void {
    const entries: DataEntry[] = [];
    for (const [path, found] of this.#found) {
      const digest = found.digest ?? found.input.digest;
      if (digest === null && !final && !isUnread(found)) continue;
      this.#found.delete(path);
      entries.push(this.#entry(found, digest));
    }
    for (let start = 0; start < entries.length; start += entriesPerLine) {
      this.#options.emit(entries.slice(start, start + entriesPerLine));
    }
  }

  #entry(found: Found, digest: string | null): DataEntry {
    const { input, sizeBytes, stat, unreadable } = found;
    const path = input.path as BytePath;
    const root = bytePath(this.#options.root);
    const answer =
      input.place === null
        ? null
        : this.#pointers.find({ given: path, real: path, fileBytes: sizeBytes });
    const pointer =
      answer?.pointer ??
      (digest === null ? null : this.#pointers.findByContent(path, digest, sizeBytes));
    return {
      ...placeInRecord(path, this.#options.root),
      role: input.seen === 'hook' ? 'input' : 'named',
      seen: [input.seen],
      // A pointer has the digest of what it stands for.
      digest: answer?.stands ? contentDigest(answer.pointer) : digest,
      mode: isUnread(found) ? 'stat' : answer?.stands ? 'pointer' : 'full',
      sizeBytes,
      fileCount: 1,
      manifest: null,
      version: pointer?.version ?? null,
      hashed: isUnread(found) ? null : 'during',
      changedDuringRun: digest === null && !unreadable && !isUnread(found),
      digestAfter: null,
      stat,
      ...(pointer === null ? {} : { pointer: recordPointer(pointer, root) }),
    };
  }
}

function isUnread({ input, sizeBytes }: Found): boolean {
  return input.seen === 'argument' && sizeBytes > namedBytes;
}

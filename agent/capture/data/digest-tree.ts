import { createHash, type Hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type DigestCache, statKey } from '../../core/seams.ts';
import { type BytePath, joinBytes } from '../byte-path.ts';
import { rememberDigest } from './digest-file.ts';
import type { HashJob, HashResult } from './hash-job.ts';
import type { HashPool } from './hash-pool.ts';
import { ManifestWriter } from './manifest.ts';
import { type WalkProblem, walkTree } from './walk-tree.ts';

export interface TreeDigest {
  /** Digest of the manifest, `sha256:<hex>`; null where only the stats, or nothing, could be read. */
  digest: string | null;
  /** The manifest's bytes, to be kept as an object; null with `digest`. */
  manifest: Buffer | null;
  sizeBytes: number;
  fileCount: number;
  /** `tree:<files>:<bytes>:<hash>` of all names and stats: equal, nothing changed. */
  stat: string;
  /** Bytes that had to be read, as no cache knew them; whole blocks. */
  readBytes: number;
  /** What is missing in the manifest, and why. Paths are relative to the folder. */
  problems: WalkProblem[];
  /** Files that changed while they were hashed. */
  changed: BytePath[];
  /** The walk was ended by `maxFiles` or `maxBytes`. */
  tooLarge: boolean;
  /** One line a file, as a manifest with stats for digests; null where it was not asked for. */
  stats: Buffer | null;
}

export interface TreeOptions {
  pool: HashPool;
  cache?: DigestCache | undefined;
  /** Read so many bytes at most that the cache does not know; above, only the stats count. */
  readLimitBytes?: number;
  /** No digest is wanted, only the stats. */
  statsOnly?: boolean;
  /** Also list the stats, of so many files at most. */
  listStats?: number;
  /** End the walk above these. */
  maxFiles?: number;
  maxBytes?: number;
  signal?: AbortSignal | undefined;
  /** Called between files: how many were walked. */
  progress?: ((files: number) => void) | undefined;
}

interface Slot {
  path: BytePath;
  stat: BigIntStats;
  digest: string | undefined;
}

/** Files that are walked before their digests are awaited; between such chunks others may run. */
const chunkFiles = 1_024;
const chunksAhead = 8;
const blockBytes = 4_096;

/**
 * The digest of a folder's content: a manifest with a line a file (see `manifest.ts`; the order
 * and the treatment of links are those of `walkTree`), and its digest. Empty folders do not count.
 * Walking, look-ups in the cache and hashing overlap; the memory is that of the manifest.
 */
export async function digestTree(root: BytePath, options: TreeOptions): Promise<TreeDigest> {
  const tree = new TreeHasher(root, options);
  let chunk: Slot[] = [];
  for (const { path, stat } of walkTree(root, (problem) => tree.problems.push(problem))) {
    if (!tree.count(path, stat)) break;
    chunk.push({ path, stat, digest: tree.wanted ? options.cache?.get(stat) : undefined });
    if (chunk.length < chunkFiles) continue;
    await tree.take(chunk);
    options.progress?.(tree.fileCount);
    options.signal?.throwIfAborted();
    chunk = [];
  }
  await tree.take(chunk);
  return tree.finish();
}

class TreeHasher {
  readonly problems: WalkProblem[] = [];
  /** Digests are still wanted: the limit of what may be read was not reached. */
  wanted: boolean;
  private readonly root: BytePath;
  private readonly options: TreeOptions;
  private readonly manifest = new ManifestWriter();
  private readonly stats: Hash = createHash('sha256');
  private listed: ManifestWriter | null;
  private readonly ahead: Promise<void>[] = [];
  /** Lines are written in order, however the chunks end. */
  private written: Promise<void> = Promise.resolve();
  private readonly changed: BytePath[] = [];
  private sizeBytes = 0;
  fileCount = 0;
  private readBytes = 0;
  private tooLarge = false;

  constructor(root: BytePath, options: TreeOptions) {
    this.root = root;
    this.options = options;
    this.wanted = options.statsOnly !== true;
    this.listed = options.listStats === undefined ? null : new ManifestWriter();
  }

  /** False where the tree is larger than the caller wants to know. */
  count(path: BytePath, stat: BigIntStats): boolean {
    this.fileCount += 1;
    this.sizeBytes += Number(stat.size);
    const { maxFiles = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } =
      this.options;
    this.tooLarge = this.fileCount > maxFiles || this.sizeBytes > maxBytes;
    const key = statKey(stat);
    this.stats.update(`${key}\0${path}\0`, 'latin1');
    if (this.fileCount > (this.options.listStats ?? 0)) this.listed = null;
    this.listed?.add(path, key, Number(stat.size));
    return !this.tooLarge;
  }

  async take(chunk: Slot[]): Promise<void> {
    const missing = chunk.filter((slot) => slot.digest === undefined);
    // A file costs the reading of a block, however small it is.
    for (const { stat } of missing) this.readBytes += Math.max(Number(stat.size), blockBytes);
    if (this.readBytes > (this.options.readLimitBytes ?? Number.POSITIVE_INFINITY)) {
      this.wanted = false;
    }
    if (!this.wanted || this.tooLarge) return setImmediate();
    const hashed = this.options.pool.hash(
      missing.map(({ path, stat }): HashJob => {
        return { path: joinBytes(this.root, path), sizeBytes: Number(stat.size), stat };
      }),
    );
    const before = this.written;
    this.written = hashed.then(async (results) => {
      await before;
      this.write(chunk, results);
    });
    this.ahead.push(this.written);
    if (this.ahead.length >= chunksAhead) await this.ahead.shift();
    // Answers of the workers, and whoever else is waiting, come in here.
    await setImmediate();
  }

  async finish(): Promise<TreeDigest> {
    await this.written;
    const { sizeBytes, fileCount, readBytes, problems, changed, tooLarge } = this;
    // A folder that cannot be listed is not an empty one.
    const listed = !problems.some(({ path }) => path === '');
    const whole = this.wanted && !tooLarge && listed ? this.manifest.finish() : null;
    return {
      digest: whole?.digest ?? null,
      manifest: whole?.bytes ?? null,
      sizeBytes,
      fileCount,
      stat: `tree:${fileCount}:${sizeBytes}:${this.stats.digest('hex')}`,
      readBytes,
      problems,
      changed,
      tooLarge,
      stats: this.listed?.finish().bytes ?? null,
    };
  }

  private write(chunk: Slot[], results: HashResult[]): void {
    let next = 0;
    for (const { path, stat, digest } of chunk) {
      if (digest !== undefined) {
        this.manifest.add(path, digest, Number(stat.size));
        continue;
      }
      const result = results[next++];
      if (!result) continue;
      if ('error' in result) {
        this.problems.push({ path, ...result });
        continue;
      }
      if (result.changed) this.changed.push(path);
      rememberDigest(this.options.cache, result);
      this.manifest.add(path, result.digest, result.sizeBytes);
    }
  }
}

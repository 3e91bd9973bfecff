import { createHash, type Hash, hash as hashOnce } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';
import { type DigestCache, type FileStat, statKey } from '../../core/seams.ts';

export interface FileDigest {
  /** `sha256:<hex>` of the bytes that were read. */
  digest: string;
  sizeBytes: number;
  stat: FileStat;
  /** Digest of the first `prefixBytes`; null where not asked for or the file is shorter. */
  prefixDigest: string | null;
  /** The file changed while it was read, twice in a row: the digest is of no version for sure. */
  changed: boolean;
}

export interface DigestFileOptions {
  cache?: DigestCache | undefined;
  /** Also the digest of so many bytes from the start: tells a file that grew from a rewritten one. */
  prefixBytes?: number | undefined;
}

/** Thrown for what has no content of its own: a folder, a pipe, a device. */
export class NotRegularFileError extends Error {
  readonly code = 'ENOTREG';
  constructor() {
    super('not a regular file');
  }
}

/** 256 KiB stays in the processor's cache between read and hash: faster than 1 MiB and more. */
const chunkBytes = 256 * 1024;
/** Files of /proc say that they have no size; one that never ends must not be read for ever. */
const unsizedLimitBytes = 64 * 1024 * 1024;
let scratch: Buffer | null = null;

/**
 * SHA-256 of a regular file, read synchronously: one large file at the speed of the processor,
 * small ones without the cost of a promise each. Takes a path, or an open descriptor (its position
 * is not moved). Reads as many bytes as the file had when it was opened, so one that is being
 * appended to ends; a file that changed meanwhile is read once more.
 *
 * Throws the system's error (`ENOENT`, `EACCES` ...) or `NotRegularFileError`; a pipe or device is
 * never opened for reading.
 */
export function digestFile(
  source: string | Buffer | number,
  options: DigestFileOptions = {},
): FileDigest {
  if (typeof source === 'number') return digestDescriptor(source, options);
  const before = statSync(source, { bigint: true });
  if (!before.isFile()) throw new NotRegularFileError();
  const known = fromCache(before, options);
  if (known) return known;
  return withFile(source, (descriptor) => digestDescriptor(descriptor, options));
}

/** Opens so that nothing can block: between stat and open a pipe may have taken the place. */
function withFile<T>(path: string | Buffer, use: (descriptor: number) => T): T {
  const descriptor = openSync(
    path,
    constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0),
  );
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * As `digestFile` for a path that was just seen to be a file: without the cache, and for a small
 * one that is still as it was `seen`, with one stat instead of three.
 */
export function digestSeenFile(
  path: Buffer,
  seen: FileStat | undefined,
  prefixBytes?: number,
): FileDigest {
  return withFile(path, (descriptor) => {
    if (seen && seen.size <= chunkBytes && prefixBytes === undefined) {
      const read = readWhole(descriptor, Number(seen.size));
      const after = fstatSync(descriptor, { bigint: true });
      if (read && after.isFile() && statKey(after) === statKey(seen)) {
        return { ...read, stat: seen, changed: false };
      }
    }
    return digestDescriptor(descriptor, { prefixBytes });
  });
}

function digestDescriptor(descriptor: number, options: DigestFileOptions): FileDigest {
  let before = fstatSync(descriptor, { bigint: true });
  if (!before.isFile()) throw new NotRegularFileError();
  const known = fromCache(before, options);
  if (known) return known;
  for (let attempt = 0; ; attempt += 1) {
    const read = readAll(descriptor, before, options.prefixBytes);
    const after = fstatSync(descriptor, { bigint: true });
    const changed = statKey(before) !== statKey(after) && contentMayDiffer(before, after);
    if (changed && attempt === 0) {
      before = after;
      continue;
    }
    const result = { ...read, stat: after, changed };
    rememberDigest(options.cache, result);
    return result;
  }
}

/**
 * Keeps a digest for the stat that it belongs to: not of a file that changed, nor of one of /proc,
 * whose stat stays the same whatever it says.
 */
export function rememberDigest(cache: DigestCache | undefined, result: FileDigest): void {
  if (result.changed || Number(result.stat.size) !== result.sizeBytes) return;
  cache?.set(result.stat, result.digest);
}

/** A new link or mode moves only the ctime; no byte of the content changes with that. */
function contentMayDiffer(before: BigIntStats, after: BigIntStats): boolean {
  return before.size !== after.size || before.mtimeNs !== after.mtimeNs;
}

function fromCache(stat: BigIntStats, options: DigestFileOptions): FileDigest | null {
  if (options.prefixBytes !== undefined) return null;
  const digest = options.cache?.get(stat);
  if (digest === undefined) return null;
  return { digest, sizeBytes: Number(stat.size), stat, prefixDigest: null, changed: false };
}

/**
 * `md5:<hex>` of a regular file, for comparing with what other tools keep. Throws as `digestFile`.
 */
export function md5OfFile(path: Buffer): FileDigest {
  return withFile(path, (descriptor) => {
    const stat = fstatSync(descriptor, { bigint: true });
    if (!stat.isFile()) throw new NotRegularFileError();
    const hash = createHash('md5');
    const buffer = readBuffer();
    let position = 0;
    while (position < stat.size) {
      const length = readSync(descriptor, buffer, 0, buffer.length, position);
      if (length === 0) break;
      hash.update(length === buffer.length ? buffer : buffer.subarray(0, length));
      position += length;
    }
    const changed = statKey(fstatSync(descriptor, { bigint: true })) !== statKey(stat);
    const digest = `md5:${hash.digest('hex')}`;
    return { digest, sizeBytes: position, stat, prefixDigest: null, changed };
  });
}

type ReadDigest = Pick<FileDigest, 'digest' | 'sizeBytes' | 'prefixDigest'>;

function readAll(
  descriptor: number,
  stat: BigIntStats,
  prefixBytes: number | undefined,
): ReadDigest {
  const size = Number(stat.size);
  const small = size <= chunkBytes && prefixBytes === undefined;
  const read = small ? readWhole(descriptor, size) : null;
  return read ?? readInChunks(descriptor, size === 0 ? unsizedLimitBytes : size, prefixBytes);
}

/** The usual small file: one read, one call; null where it did not have the size that it said. */
function readWhole(descriptor: number, size: number): ReadDigest | null {
  const buffer = readBuffer();
  const length = readSync(descriptor, buffer, 0, size === 0 ? 1 : size, 0);
  if (length !== size) return null;
  const hex = hashOnce('sha256', buffer.subarray(0, length), 'hex');
  return { digest: `sha256:${hex}`, sizeBytes: length, prefixDigest: null };
}

function readBuffer(): Buffer {
  scratch ??= Buffer.allocUnsafeSlow(chunkBytes);
  return scratch;
}

function readInChunks(
  descriptor: number,
  limit: number,
  prefixBytes: number | undefined,
): ReadDigest {
  const buffer = readBuffer();
  const whole = createHash('sha256');
  let prefix: Hash | null = prefixBytes === 0 ? whole.copy() : null;
  let position = 0;
  while (position < limit) {
    const stop = prefixBytes !== undefined && position < prefixBytes ? prefixBytes : limit;
    const wanted = Math.min(buffer.length, stop - position);
    const length = readSync(descriptor, buffer, 0, wanted, position);
    if (length === 0) break;
    whole.update(length === buffer.length ? buffer : buffer.subarray(0, length));
    position += length;
    if (position === prefixBytes) prefix = whole.copy();
  }
  return {
    digest: `sha256:${whole.digest('hex')}`,
    sizeBytes: position,
    prefixDigest: prefix ? `sha256:${prefix.digest('hex')}` : null,
  };
}

import type { FileStat } from '../../core/seams.ts';
import { messageOf, systemCode } from '../../protocol/errors.ts';
import { type BytePath, pathBuffer } from '../byte-path.ts';
import { digestSeenFile, type FileDigest, md5OfFile } from './digest-file.ts';

/** A file to hash; the size (bytes, as last seen) is for sharing the work alone. */
export interface HashJob {
  path: BytePath;
  sizeBytes: number;
  /** As it was just seen: saves asking again. */
  stat?: FileStat;
  prefixBytes?: number;
  /** SHA-256 unless said; a result of the other is never for the cache of digests. */
  algorithm?: 'md5';
}

export type HashResult = FileDigest | { error: string; message: string };

/** What a worker is sent. Columns, not objects: copying them to another thread is quicker. */
export interface HashRequest {
  id: number;
  paths: BytePath[];
  /** Five numbers a file: dev, ino, size, mtimeNs, ctimeNs; or null where not all are known. */
  stats: BigInt64Array<ArrayBuffer> | null;
  prefixBytes: (number | undefined)[] | null;
  /** Of all of them: a request is of one kind. */
  algorithm: 'sha256' | 'md5';
}

/** What it answers: a digest a file, and whole results where there is more to say. */
export interface HashReply {
  id: number;
  digests: string[];
  others: { index: number; result: HashResult }[];
}

/** Hashes one job; what goes wrong is the result. */
export function hashOne(
  job: Pick<HashJob, 'path' | 'stat' | 'prefixBytes' | 'algorithm'>,
): HashResult {
  try {
    if (job.algorithm === 'md5') return md5OfFile(pathBuffer(job.path));
    return digestSeenFile(pathBuffer(job.path), job.stat, job.prefixBytes);
  } catch (error) {
    return { error: systemCode(error) ?? 'UNKNOWN', message: messageOf(error) };
  }
}

export function makeRequest(id: number, jobs: HashJob[]): HashRequest {
  const stats = jobs.every((job) => job.stat) ? new BigInt64Array(jobs.length * 5) : null;
  if (stats) {
    jobs.forEach(({ stat }, index) => {
      if (stat) stats.set([stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs], index * 5);
    });
  }
  const prefixed = jobs.some((job) => job.prefixBytes !== undefined);
  return {
    id,
    paths: jobs.map((job) => job.path),
    stats,
    prefixBytes: prefixed ? jobs.map((job) => job.prefixBytes) : null,
    algorithm: jobs[0]?.algorithm ?? 'sha256',
  };
}

/** The worker's side: hashes a request. */
export function answerRequest(request: HashRequest): HashReply {
  const reply: HashReply = { id: request.id, digests: [], others: [] };
  request.paths.forEach((path, index) => {
    const stat = request.stats ? statAt(request.stats, index * 5) : null;
    const prefixBytes = request.prefixBytes?.[index];
    const result = hashOne({
      path,
      ...(stat ? { stat } : {}),
      ...(prefixBytes === undefined ? {} : { prefixBytes }),
      ...(request.algorithm === 'md5' ? { algorithm: request.algorithm } : {}),
    });
    const plain = !('error' in result) && result.stat === stat;
    reply.digests.push(plain ? result.digest : '');
    if (!plain) reply.others.push({ index, result: portable(result) });
  });
  return reply;
}

/** The asking side: one result a file, in the order of the request. */
export function readReply(reply: HashReply, jobs: HashJob[]): HashResult[] {
  const results = jobs.map(({ stat }, index): HashResult => {
    const digest = reply.digests[index];
    if (!digest || !stat) return { error: 'UNKNOWN', message: 'no answer' };
    return { digest, sizeBytes: Number(stat.size), stat, prefixDigest: null, changed: false };
  });
  for (const { index, result } of reply.others) results[index] = result;
  return results;
}

/** Plain members: a `BigIntStats` has twice as many, and dates. */
function portable(result: HashResult): HashResult {
  if ('error' in result) return result;
  const { dev, ino, size, mtimeNs, ctimeNs } = result.stat;
  return { ...result, stat: { dev, ino, size, mtimeNs, ctimeNs } };
}

/** Device and inode numbers are unsigned, the times may lie before 1970. */
function statAt(stats: BigInt64Array, offset: number): FileStat {
  const [dev = 0n, ino = 0n, size = 0n, mtimeNs = 0n, ctimeNs = 0n] = stats.subarray(
    offset,
    offset + 5,
  );
  return { dev: BigInt.asUintN(64, dev), ino: BigInt.asUintN(64, ino), size, mtimeNs, ctimeNs };
}

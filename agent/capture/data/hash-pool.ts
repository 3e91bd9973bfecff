import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import {
  type HashJob,
  type HashReply,
  type HashResult,
  hashOne,
  makeRequest,
  readReply,
} from './hash-job.ts';

/** Workers take 36 ms to start: less than this is sooner done here. */
const inlineBytes = 48 * 1024 * 1024;
const inlineFiles = 1_000;
/** Small enough that two workers end together, large enough that messages cost nothing. */
const requestFiles = 256;
const requestBytes = 32 * 1024 * 1024;
/** A request in hand and one waiting: no worker is idle while its answer is read. */
const requestsPerWorker = 2;

export interface HashPoolOptions {
  /** Worker threads at most; 2, or as many as there are cores. */
  workers?: number;
  /** Always in workers, so that the calling thread is never held: for hashing beside a run. */
  background?: boolean;
}

interface Pending {
  jobs: HashJob[];
  resolve: (results: HashResult[]) => void;
}

interface Lane {
  worker: Worker;
  sent: Map<number, Pending>;
}

/**
 * Hashes files, in two worker threads where it pays. They start with the first work that is worth
 * it and end with `close`; where they cannot start or die, the work is done in this thread.
 */
export class HashPool {
  private readonly limit: number;
  private readonly background: boolean;
  private lanes: Lane[] | null = null;
  private readonly queue: Pending[] = [];
  private failed = false;
  private nextId = 0;
  private bytesSeen = 0;
  private filesSeen = 0;

  constructor(options: HashPoolOptions = {}) {
    this.limit = options.workers ?? Math.min(2, availableParallelism());
    this.background = options.background ?? false;
  }

  /** One result a job, in order; an unreadable file is a result with `error`, never a rejection. */
  async hash(jobs: HashJob[]): Promise<HashResult[]> {
    this.filesSeen += jobs.length;
    for (const job of jobs) this.bytesSeen += job.sizeBytes;
    if (!this.worthWorkers()) return jobs.map(hashOne);
    const parts = splitJobs(jobs).map(
      (part) => new Promise<HashResult[]>((resolve) => this.queue.push({ jobs: part, resolve })),
    );
    this.startLanes();
    this.feed();
    return (await Promise.all(parts)).flat();
  }

  /** Ends the threads; what was not done is answered with the error `ECANCELED`. */
  async close(): Promise<void> {
    this.failed = true;
    const lanes = this.lanes ?? [];
    this.lanes = null;
    for (const lane of lanes) this.takeBack(lane);
    for (const { jobs, resolve } of this.queue.splice(0)) {
      resolve(jobs.map(() => ({ error: 'ECANCELED', message: 'hashing was stopped' })));
    }
    await Promise.all(lanes.map((lane) => lane.worker.terminate()));
  }

  private worthWorkers(): boolean {
    if (this.failed || this.limit === 0) return false;
    return (
      this.lanes !== null ||
      this.background ||
      this.bytesSeen > inlineBytes ||
      this.filesSeen > inlineFiles
    );
  }

  private startLanes(): void {
    if (this.lanes || this.failed) return;
    try {
      this.lanes = Array.from({ length: this.limit }, () => this.startLane());
    } catch {
      this.failed = true;
    }
  }

  private startLane(): Lane {
    // Loaded here, as few launches need it and every one would wait for it.
    const threads = process.getBuiltinModule('node:worker_threads');
    const worker = new threads.Worker(workerPath(), { stdin: false, env: {}, execArgv: [] });
    const lane: Lane = { worker, sent: new Map() };
    worker.unref();
    worker.on('message', (reply: HashReply) => this.receive(lane, reply));
    worker.on('error', () => this.lose(lane));
    worker.on('exit', () => this.lose(lane));
    return lane;
  }

  private receive(lane: Lane, reply: HashReply): void {
    const pending = lane.sent.get(reply.id);
    lane.sent.delete(reply.id);
    if (lane.sent.size === 0) lane.worker.unref();
    pending?.resolve(readReply(reply, pending.jobs));
    this.feed();
  }

  /** A worker that died gives its work back. */
  private lose(lane: Lane): void {
    this.takeBack(lane);
    if (!this.lanes?.includes(lane)) return;
    this.lanes = this.lanes.filter((other) => other !== lane);
    if (this.lanes.length === 0) this.failed = true;
    this.feed();
  }

  private takeBack(lane: Lane): void {
    this.queue.unshift(...lane.sent.values());
    lane.sent.clear();
  }

  private feed(): void {
    if (this.failed || !this.lanes) {
      for (const { jobs, resolve } of this.queue.splice(0)) resolve(jobs.map(hashOne));
      return;
    }
    for (let round = 0; round < requestsPerWorker; round += 1) {
      for (const lane of this.lanes) {
        if (lane.sent.size <= round) this.send(lane, this.queue.shift());
      }
    }
  }

  private send(lane: Lane, pending: Pending | undefined): void {
    if (!pending) return;
    const id = this.nextId++;
    const request = makeRequest(id, pending.jobs);
    lane.sent.set(id, pending);
    // A worker with work in hand keeps the process alive; an idle one does not.
    lane.worker.ref();
    lane.worker.postMessage(request, request.stats ? [request.stats.buffer] : []);
  }
}

function splitJobs(jobs: HashJob[]): HashJob[][] {
  const parts: HashJob[][] = [];
  let part: HashJob[] = [];
  let bytes = 0;
  for (const job of jobs) {
    if (part.length > 0 && (part.length >= requestFiles || bytes + job.sizeBytes > requestBytes)) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(job);
    bytes += job.sizeBytes;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** Bundled, this code lies in a chunk beside `hash-worker.js`; as sources, beside the `.ts`. */
function workerPath(): string {
  for (const name of ['./hash-worker.js', './hash-worker.ts']) {
    const path = fileURLToPath(new URL(name, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new Error('hash-worker is missing beside hash-pool');
}

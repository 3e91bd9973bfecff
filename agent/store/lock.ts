import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { files } from '../protocol/names.ts';
import { ProcessIdentity } from '../protocol/record.ts';
import { writeDurably } from './durable.ts';
import { readSmallJson } from './small-file.ts';

/** Who may append to a run's journal; it names the recorder until its `started` line does. */
const LockFile = v.object({
  process: ProcessIdentity,
  host: v.string(),
  at: v.string(),
});
export type LockFile = v.InferOutput<typeof LockFile>;

export interface Lock {
  release(): void;
}

export interface LockOptions {
  /** Whether a process of this host is still there. */
  isAlive(process: ProcessIdentity): boolean;
  host?: string;
  at?: string;
}

/** How long nobody takes to replace a dead owner's lock. */
const breakingMs = 10_000;

/**
 * The one right to append to a run, or null where another has it. The lock of a process that is
 * gone (same host; its pid, start time and boot say so) is taken over; that of another host, or of
 * a pid namespace that cannot be seen into, never is.
 */
export function acquireLock(
  runFolder: string,
  self: ProcessIdentity,
  options: LockOptions,
): Lock | null {
  const path = join(runFolder, files.lock);
  const host = options.host ?? hostname();
  const at = options.at ?? new Date().toISOString();
  const content = Buffer.from(`${JSON.stringify({ process: self, host, at })}\n`);
  const lock: Lock = { release: () => releaseLock(path, content) };
  if (writeDurably(path, content, { exclusive: true })) return lock;
  if (!isStale(path, self, host, options)) return null;
  return replaceStale(path, content, () => isStale(path, self, host, options)) ? lock : null;
}

/** Who holds a run's lock, or held it when it died; null where nobody does. */
export function readLock(runFolder: string): LockFile | null {
  return readLockFile(join(runFolder, files.lock));
}

function readLockFile(path: string): LockFile | null {
  const content = readSmallJson(path, 100_000);
  return v.is(LockFile, content) ? content : null;
}

function isStale(
  path: string,
  self: ProcessIdentity,
  host: string,
  { isAlive }: LockOptions,
): boolean {
  const owner = readLockFile(path);
  // Without an owner in it: begun by one who died in the middle, once it is no longer new.
  if (owner === null) return ageMs(path) > breakingMs;
  if (owner.host !== host) return false;
  const { bootId, pidNamespace } = owner.process;
  if (bootId !== null && self.bootId !== null && bootId !== self.bootId) return true;
  if (pidNamespace && self.pidNamespace && pidNamespace !== self.pidNamespace) return false;
  return !isAlive(owner.process);
}

/**
 * Only who holds the `.break` file may replace a lock that is there, so of two that found the same
 * dead owner one wins; the other looks again and finds the winner alive.
 */
function replaceStale(path: string, content: Buffer, isStillStale: () => boolean): boolean {
  const breaking = `${path}.break`;
  if (!writeDurably(breaking, content, { exclusive: true })) {
    if (ageMs(breaking) > breakingMs) rmSync(breaking, { force: true });
    return false;
  }
  try {
    if (!isStillStale()) return false;
    writeDurably(path, content);
    return true;
  } finally {
    rmSync(breaking, { force: true });
  }
}

function releaseLock(path: string, content: Buffer): void {
  try {
    if (readFileSync(path).equals(content)) rmSync(path, { force: true });
  } catch {
    // Gone already, with its folder or by hand.
  }
}

function ageMs(path: string): number {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Date.now() - stat.mtimeMs;
}

import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { GitError, git } from '../git.ts';
import { booleanValue } from './git-config.ts';
import {
  type IndexEntry,
  IndexUnreadable,
  type Patch,
  patchIndex,
  readIndexEntries,
} from './index-file.ts';
import { createLook } from './look.ts';
import type { Worktree } from './repository.ts';
import { keepAge, type Sidecar } from './sidecar.ts';

/** The user's index, which is read and never handed to git. */
export interface UserIndex {
  /** Changes when the index does. */
  key: string;
  /** Our copy for `git status`, which may refresh it. */
  statusFile: string;
  /** Why the index itself could not be used. */
  problem: string | null;
  /** All of it: no split, no folders of a sparse index. */
  readWhole: () => Promise<WholeIndex>;
}

export interface WholeIndex {
  bytes: Buffer;
  entries: IndexEntry[];
  /** Of the file that the bytes are from. */
  mtimeNs: bigint;
}

export function hashBytesOf(worktree: Worktree): number {
  return worktree.objectFormat === 'sha256' ? 32 : 20;
}

/**
 * Opens the user's index and sees to it that there is a copy for `git status`. Where it cannot be
 * read, or `isBroken`, HEAD stands in for it.
 */
export async function openUserIndex(
  worktree: Worktree,
  sidecar: Sidecar,
  isBroken = false,
): Promise<UserIndex> {
  const file = join(worktree.gitDir, 'index');
  if (!existsSync(file)) return withoutIndex(sidecar);
  const hashBytes = hashBytesOf(worktree);
  const key = keyOf(file, hashBytes);
  const readWhole = () => readWholeIndex(worktree, sidecar, file);
  try {
    if (isBroken) throw new IndexUnreadable('git cannot read it');
    const statusFile = join(sidecar.folder, `status-${key}`);
    if (existsSync(statusFile)) return { key, statusFile, problem: null, readWhole };
    const whole = await readWhole();
    const bytes = statusBytes(worktree, whole, file);
    // Somebody works in the repository: what was read is not what the key stands for.
    if (keyOf(file, hashBytes) !== key) return await openUserIndex(worktree, sidecar, isBroken);
    writeCopy(statusFile, bytes, whole.mtimeNs);
    return { key, statusFile, problem: null, readWhole };
  } catch (error) {
    if (!(error instanceof IndexUnreadable)) throw error;
    return headInstead(worktree, sidecar, key, error.message);
  }
}

function withoutIndex(sidecar: Sidecar): UserIndex {
  const empty = { bytes: Buffer.alloc(0), entries: [], mtimeNs: 0n };
  const statusFile = join(sidecar.folder, 'status-none');
  return { key: 'none', statusFile, problem: null, readWhole: async () => empty };
}

/** The checksum at the end of the index, without reading the rest. */
function keyOf(file: string, hashBytes: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const { size, mtimeNs } = fstatSync(descriptor, { bigint: true });
    const tail = Buffer.alloc(hashBytes);
    readSync(descriptor, tail, 0, hashBytes, Math.max(0, Number(size) - hashBytes));
    const checksum = tail.toString('hex');
    // `index.skipHash` leaves it zero: then the time has to tell.
    return /^0+$/.test(checksum) ? `${size}-${mtimeNs}` : checksum;
  } finally {
    closeSync(descriptor);
  }
}

async function readWholeIndex(
  worktree: Worktree,
  sidecar: Sidecar,
  file: string,
): Promise<WholeIndex> {
  const hashBytes = hashBytesOf(worktree);
  const { mtimeNs } = statSync(file, { bigint: true });
  const bytes = readFileSync(file);
  const entries = readIndexEntries(bytes, hashBytes);
  const shared = readdirSync(worktree.gitDir).filter((name) => name.startsWith('sharedindex.'));
  const isSplit = shared.length > 0 && bytes.includes('link');
  if (!isSplit && !entries.some((entry) => entry.mode === 0o040000)) {
    return { bytes, entries, mtimeNs };
  }
  // Git writes the whole of it, in the sidecar: a read beside the user's own shared part would
  // renew the time of that.
  const own = `${file.replace(/.*[\\/]/, '')}-${process.pid}-${Date.now()}`;
  const copy = join(sidecar.folder, own);
  try {
    for (const name of shared)
      copyFileSync(join(worktree.gitDir, name), join(sidecar.folder, name));
    writeCopy(copy, bytes, mtimeNs);
    await git(['update-index', '--force-write-index'], {
      cwd: worktree.top,
      env: sidecar.env(copy),
    });
    const whole = readFileSync(copy);
    const written = statSync(copy, { bigint: true }).mtimeNs;
    return { bytes: whole, entries: readIndexEntries(whole, hashBytes), mtimeNs: written };
  } catch (error) {
    if (error instanceof GitError) throw new IndexUnreadable(error.message);
    throw error;
  } finally {
    rmSync(copy, { force: true });
  }
}

/**
 * The index for `git status`: files that git was told not to look at (assume-unchanged,
 * skip-worktree) are looked at all the same where they lie on disk, as they run all the same.
 */
function statusBytes(worktree: Worktree, whole: WholeIndex, file: string): Buffer {
  const isSparse = booleanValue(worktree.config, 'core.sparsecheckout') === true;
  // A sparse index is git's own to read: it knows which files are there.
  if (isSparse && booleanValue(worktree.config, 'index.sparse') === true) return readFileSync(file);
  const look = createLook(worktree.top);
  const patches = new Map<IndexEntry, Patch>();
  for (const entry of whole.entries) {
    const isShown = entry.skipWorktree && look(entry.path) !== null;
    if (isShown || (entry.assumeUnchanged && !entry.skipWorktree)) {
      patches.set(entry, { clearFlags: true });
    }
  }
  const bytes = patches.size === 0 ? whole.bytes : Buffer.from(whole.bytes);
  patchIndex(bytes, hashBytesOf(worktree), patches);
  return bytes;
}

/** Puts bytes of an index in place, with the age of the file that they are from. */
export function writeCopy(path: string, bytes: Uint8Array, mtimeNs: bigint): void {
  const own = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(own, bytes);
  keepAge(own, mtimeNs);
  renameSync(own, path);
}

async function headInstead(
  worktree: Worktree,
  sidecar: Sidecar,
  key: string,
  reason: string,
): Promise<UserIndex> {
  const statusFile = join(sidecar.folder, `status-head-${key.slice(0, 64)}`);
  rmSync(statusFile, { force: true });
  const env = { GIT_INDEX_FILE: statusFile };
  await git(['read-tree', 'HEAD'], { cwd: worktree.top, env }).catch((error: unknown) => {
    // No commit yet: an empty index.
    if (!(error instanceof GitError)) throw error;
  });
  const problem = `the index cannot be read (${reason}): what is staged is not known`;
  const readWhole = async (): Promise<WholeIndex> => {
    if (!existsSync(statusFile)) return withoutIndex(sidecar).readWhole();
    const bytes = readFileSync(statusFile);
    const { mtimeNs } = statSync(statusFile, { bigint: true });
    return { bytes, entries: readIndexEntries(bytes, hashBytesOf(worktree)), mtimeNs };
  };
  // Made anew each time, so nothing may be taken to agree with it.
  return { key: `head-${key}-${Date.now()}`, statusFile, problem, readWhole };
}

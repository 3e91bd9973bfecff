import { git } from '../git.ts';
import { isOn, readAttributes } from './attributes.ts';
import { type IndexEntry, type Patch, patchIndex } from './index-file.ts';
import type { Worktree } from './repository.ts';
import type { Sidecar } from './sidecar.ts';
import { hashBytesOf, type UserIndex, type WholeIndex, writeCopy } from './user-index.ts';

/**
 * Makes the first index of a sidecar from the user's, at `workFile`. An entry whose blob may not be
 * the bytes on disk, as git converted them on the way in, forgets its stat, so that it is read
 * again; so does one whose blob is not there.
 */
export async function seedIndex(
  worktree: Worktree,
  sidecar: Sidecar,
  user: UserIndex,
  workFile: string,
): Promise<WholeIndex> {
  const whole = await user.readWhole();
  if (whole.bytes.length === 0) return whole;
  const files = whole.entries.filter((entry) => isFile(entry) && entry.stage === 0);
  const [sizes, attributes] = await Promise.all([
    blobSizes(worktree, sidecar, files),
    readAttributes(
      worktree,
      user.statusFile,
      files.map((entry) => entry.path),
    ),
  ]);
  const patches = new Map<IndexEntry, Patch>();
  for (const entry of whole.entries) {
    if (entry.skipWorktree || entry.assumeUnchanged) patches.set(entry, { clearFlags: true });
  }
  files.forEach((entry, at) => {
    const found = attributes.get(entry.path);
    const isConverted =
      // Line ends change the size, whatever the attributes say today.
      sizes[at] !== entry.size ||
      isOn(found, 'filter') ||
      isOn(found, 'ident') ||
      isOn(found, 'working-tree-encoding');
    if (isConverted) patches.set(entry, { ...patches.get(entry), forgetStat: true });
  });
  const bytes = Buffer.from(whole.bytes);
  patchIndex(bytes, hashBytesOf(worktree), patches);
  writeCopy(workFile, bytes, whole.mtimeNs);
  return whole;
}

function isFile(entry: IndexEntry): boolean {
  return entry.mode === 0o100644 || entry.mode === 0o100755 || entry.mode === 0o120000;
}

/** The size of each entry's blob modulo 2^32; -1 for one that is not there. */
async function blobSizes(
  worktree: Worktree,
  sidecar: Sidecar,
  entries: IndexEntry[],
): Promise<number[]> {
  if (entries.length === 0) return [];
  const output = await git(['cat-file', '--batch-check=%(objectsize)', '--buffer'], {
    cwd: worktree.top,
    env: sidecar.env(sidecar.indexFile),
    input: Buffer.from(entries.map((entry) => `${entry.id}\n`).join('')),
  });
  return output
    .toString('latin1')
    .split('\n')
    .map((line) => (/^\d+$/.test(line) ? Number(line) % 2 ** 32 : -1));
}

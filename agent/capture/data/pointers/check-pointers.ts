import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { DataEntry } from '../../../protocol/record.ts';
import { type BytePath, joinBytes, pathBuffer, pathText, placeOnDisk } from '../../byte-path.ts';
import type { HashPool } from '../hash-pool.ts';
import { walkTree } from '../walk-tree.ts';
import type { Md5Memory } from './md5-memory.ts';

export interface CheckOptions {
  workspaceRoot: string;
  pool: HashPool;
  memory: Md5Memory;
  /** Bytes and files that may be read for it all; what is above stays open. */
  budget: { bytes: number; files: number };
}

/**
 * Whether what lies there is what its tool says of it, for the entries where that is open and can be
 * told: by SHA-256 where the tool has that; for DVC by size and number of files, then by MD5, in its
 * own way for folders. Answers the entries of which more is known now.
 */
export async function checkPointers(
  entries: DataEntry[],
  options: CheckOptions,
): Promise<DataEntry[]> {
  const told: DataEntry[] = [];
  for (const entry of entries) {
    const { pointer } = entry;
    if (pointer === undefined || pointer.agrees !== null || !isWhole(entry)) continue;
    const agrees = await compare(entry, pointer, options);
    if (agrees !== null) told.push({ ...entry, pointer: { ...pointer, agrees } });
  }
  options.memory.save();
  return told;
}

/** Only content that was read whole, and stood still, can be compared. */
function isWhole(entry: DataEntry): boolean {
  return (entry.mode === 'full' || entry.mode === 'tree') && !entry.changedDuringRun;
}

async function compare(
  entry: DataEntry,
  pointer: NonNullable<DataEntry['pointer']>,
  options: CheckOptions,
): Promise<boolean | null> {
  // A pointer that was named itself is not what it stands for.
  if (pointer.path === entry.path) return null;
  if (pointer.digest?.startsWith('sha256:')) {
    return entry.digest === null ? null : entry.digest === pointer.digest;
  }
  const wanted = /^md5:[0-9a-f]{32}(\.dir)?$/.exec(pointer.digest ?? '');
  if (!wanted || (pointer.within !== undefined && wanted[1] !== undefined)) return null;
  if ((entry.mode === 'tree') !== (wanted[1] !== undefined)) return false;
  const differs = (said: number | null, found: number | null): boolean =>
    said !== null && found !== null && said !== found;
  // Text whose line ends DVC did not count (before its version 3) has another size on the disk.
  const isExact = pointer.comparable !== false;
  if (isExact && differs(pointer.sizeBytes, entry.sizeBytes)) return false;
  if (isExact && differs(pointer.fileCount, entry.fileCount)) return false;
  if (entry.digest === null) return null;
  const md5 = options.memory.get(entry.digest) ?? (await readMd5(entry, options));
  if (md5 === null) return null;
  options.memory.set(entry.digest, md5);
  return md5 === pointer.digest ? true : isExact ? false : null;
}

async function readMd5(entry: DataEntry, options: CheckOptions): Promise<string | null> {
  const { budget } = options;
  const bytes = entry.sizeBytes ?? Number.POSITIVE_INFINITY;
  const files = entry.fileCount ?? Number.POSITIVE_INFINITY;
  if (bytes > budget.bytes || files > budget.files) return null;
  budget.bytes -= bytes;
  budget.files -= files;
  const path = placeOnDisk(entry, options.workspaceRoot);
  return entry.mode === 'tree' ? md5OfTree(path, options.pool) : md5OfOne(path, options.pool);
}

async function md5OfOne(path: BytePath, pool: HashPool): Promise<string | null> {
  const stat = statSync(pathBuffer(path), { throwIfNoEntry: false });
  if (!stat?.isFile()) return null;
  const [result] = await pool.hash([{ path, sizeBytes: stat.size, algorithm: 'md5' }]);
  return result === undefined || 'error' in result || result.changed ? null : result.digest;
}

/**
 * DVC's digest of a folder: the MD5 of the JSON that its Python writes of the sorted list of files.
 * Null where something could not be read, or has a name that Python would write in its own way.
 */
export async function md5OfTree(root: BytePath, pool: HashPool): Promise<string | null> {
  let failed = false;
  const files = [
    ...walkTree(root, () => {
      failed = true;
    }),
  ];
  const results = await pool.hash(
    files.map(({ path, stat }) => ({
      path: joinBytes(root, path),
      sizeBytes: Number(stat.size),
      algorithm: 'md5' as const,
    })),
  );
  const items: string[] = [];
  for (const [index, { path }] of files.entries()) {
    const result = results[index];
    const name = pathText(path);
    if (!result || 'error' in result || result.changed || name.includes('\uFFFD')) failed = true;
    else
      items.push(
        `{"md5": "${result.digest.slice('md5:'.length)}", "relpath": ${pythonString(name)}}`,
      );
  }
  if (failed) return null;
  return `md5:${createHash('md5')
    .update(`[${items.join(', ')}]`)
    .digest('hex')}.dir`;
}

/** As Python's `json.dumps`: ASCII alone. */
function pythonString(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

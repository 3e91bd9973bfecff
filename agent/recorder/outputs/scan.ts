import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { type BytePath, bytePath, joinBytes, pathBuffer } from '../../capture/byte-path.ts';
import { type FileStat, statKey } from '../../core/seams.ts';

/** The state of a regular file, or null for what is not there or not a regular file. */
export function statFile(path: BytePath): FileStat | null {
  try {
    const stat = lstatSync(pathBuffer(path), { bigint: true });
    if (!stat.isFile()) return null;
    // Only what is compared: a whole `BigIntStats` takes three times the memory.
    const { dev, ino, size, mtimeNs, ctimeNs } = stat;
    return { dev, ino, size, mtimeNs, ctimeNs };
  } catch {
    return null;
  }
}

export interface ScanOptions {
  /** Absolute directories; one that is not there is empty. */
  directories: string[];
  /** True for what is never recorded. */
  ignored(path: BytePath): boolean;
  /**
   * When the run was launched, ms since 1970. Behind a link that was put in a directory's place
   * since, what has not changed from then on is not the run's.
   */
  launchedAtMs?: number;
  /** Told of what was left out for that reason. */
  older?(path: BytePath, stat: FileStat): void;
  /** Stops early. */
  signal?: AbortSignal;
}

/**
 * The regular files below the directories with their stats. Links are not followed: what they
 * point to is recorded where it lies. Yields to the event loop after each thousand entries, so
 * that signals are passed on while a large tree is read.
 */
export async function scanOutputs(options: ScanOptions): Promise<Map<BytePath, FileStat>> {
  const found = new Map<BytePath, FileStat>();
  const { launchedAtMs = 0 } = options;
  const real = options.directories.map(followLink);
  const linked = real.filter((path, at) => path !== options.directories[at]).map(bytePath);
  const isOlder = (path: BytePath, stat: FileStat) =>
    Number(stat.ctimeNs / 1_000_000n) < launchedAtMs &&
    linked.some((folder) => path.startsWith(`${folder}/`));
  const open = [...new Set(real)].map(bytePath);
  let sinceYield = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of listFolder(folder)) {
      const path = joinBytes(folder, entry.name.toString('latin1'));
      if (options.ignored(path)) continue;
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile()) {
        const stat = statFile(path);
        if (stat !== null && isOlder(path, stat)) options.older?.(path, stat);
        else if (stat !== null) found.set(path, stat);
      }
      sinceYield += 1;
    }
    if (sinceYield > 1000) {
      sinceYield = 0;
      await new Promise((resolve) => setImmediate(resolve));
      options.signal?.throwIfAborted();
    }
  }
  return found;
}

/** A directory behind a link is recorded where it lies; one that is not there stays as named. */
export function followLink(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function listFolder(folder: BytePath) {
  try {
    return readdirSync(pathBuffer(folder), { withFileTypes: true, encoding: 'buffer' });
  } catch {
    return [];
  }
}

/** The stats as they are kept with the record: one JSON line a file, `[path, stat]`, sorted. */
export function writeStats(stats: Map<BytePath, FileStat>): string {
  return [...stats]
    .map(([key, stat]) => JSON.stringify([key, statKey(stat)]))
    .sort()
    .map((line) => `${line}\n`)
    .join('');
}

/** Reads {@link writeStats} back: stat keys by path. */
export function readStats(text: string): Map<BytePath, string> {
  const stats = new Map<BytePath, string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const entry: unknown = JSON.parse(line);
    if (Array.isArray(entry)) stats.set(String(entry[0]) as BytePath, String(entry[1]));
  }
  return stats;
}

/** Absolute output directories, without those that lie in another of them. */
export function outermost(directories: string[], root: string): string[] {
  const absolute = [
    ...new Set(directories.map((path) => (isAbsolute(path) ? path : join(root, path)))),
  ];
  return absolute.filter(
    (path) =>
      !absolute.some((other) => {
        const inner = relative(other, path);
        return inner !== '' && !inner.startsWith('..') && !isAbsolute(inner);
      }),
  );
}

import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { bytePath } from '../agent/capture/byte-path.ts';
import { digestFile } from '../agent/capture/data/digest-file.ts';
import { digestTree } from '../agent/capture/data/digest-tree.ts';
import { HashPool } from '../agent/capture/data/hash-pool.ts';
import { openDigestCache } from '../agent/store/digest-cache.ts';
import { ensureHome, workspaceLayout } from '../agent/store/layout.ts';
import { fillFolder } from './capture-programs.ts';
import type { Comparison } from './capture-table.ts';
import { minimum } from './measure.ts';

const pieceBytes = 16 * 1024 * 1024;

/** One large file against `openssl dgst -sha256`. The whole of `gigabytes` is in the page cache. */
export function compareLargeFile(folder: string, gigabytes: number, turns: number): Comparison {
  const path = join(folder, `large-${gigabytes}.bin`);
  if (!existsSync(path)) writeLargeFile(path, gigabytes);
  const openssl = () => execFileSync('openssl', ['dgst', '-sha256', path], { encoding: 'utf8' });
  const [ours = Number.NaN, theirs = Number.NaN] = inTurn(
    turns,
    () => digestFile(path).digest,
    openssl,
  );
  return {
    what: `one file of ${gigabytes} GiB`,
    peers: { ours, 'openssl dgst -sha256': theirs },
    budget: { limit: '1.1 x openssl', kept: ours <= 1.1 * theirs },
  };
}

/** Many small ones against `b3sum`, whose time includes its start, as ours that of the threads. */
export async function compareSmallFiles(
  folder: string,
  count: number,
  turns: number,
  hasB3sum: boolean,
): Promise<Comparison> {
  const place = join(folder, `small-${count}`);
  fillFolder(place, count, (index) => 4_096 + ((index * 7_919) % 61_440));
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let turn = 0; turn <= turns; turn += 1) {
    ours.push(await timeOf(() => hashFolder(place)));
    if (hasB3sum)
      theirs.push(
        await timeOf(async () => {
          const all = `find ${place} -type f -print0 | xargs -0 -n ${count} b3sum --no-names`;
          execFileSync('sh', ['-c', all], { stdio: ['ignore', 'ignore', 'inherit'] });
        }),
      );
  }
  const [own, peer] = [minimum(ours.slice(1)), minimum(theirs.slice(1))];
  return {
    what: `${count.toLocaleString('en')} small files`,
    peers: { ours: own, ...(hasB3sum ? { b3sum: peer } : {}) },
    budget: hasB3sum ? { limit: '1 x b3sum', kept: own <= peer } : null,
  };
}

/** A folder in which nothing has changed since it was hashed. */
export async function measureUnchanged(
  folder: string,
  count: number,
  turns: number,
  limitMs: number,
): Promise<Comparison> {
  const place = join(folder, `unchanged-${count}`);
  fillFolder(place, count, () => 40);
  const layout = workspaceLayout(folder);
  ensureHome(layout);
  const times: number[] = [];
  for (let turn = 0; turn <= turns; turn += 1) {
    const cache = openDigestCache(layout);
    times.push(await timeOf(() => hashFolder(place, cache)));
    cache.close();
  }
  const ours = minimum(times.slice(1));
  return {
    what: `${count.toLocaleString('en')} unchanged files`,
    peers: { ours },
    budget: { limit: `${limitMs} ms`, kept: ours <= limitMs },
  };
}

async function hashFolder(
  place: string,
  cache?: ReturnType<typeof openDigestCache>,
): Promise<void> {
  const pool = new HashPool();
  try {
    const { digest } = await digestTree(bytePath(place), { pool, cache });
    if (digest === null) throw new Error(`${place} could not be hashed`);
  } finally {
    await pool.close();
  }
}

function writeLargeFile(path: string, gigabytes: number): void {
  const piece = randomFillSync(Buffer.alloc(pieceBytes));
  const file = openSync(`${path}.part`, 'w');
  for (let at = 0; at < gigabytes * 1024 ** 3; at += pieceBytes) writeSync(file, piece);
  closeSync(file);
  renameSync(`${path}.part`, path);
}

/** The least time of each, in ms; the first turn warms the page cache and is not counted. */
function inTurn(turns: number, ...works: (() => unknown)[]): number[] {
  const times: number[][] = works.map(() => []);
  for (let turn = 0; turn <= turns; turn += 1)
    works.forEach((work, at) => {
      const startedMs = performance.now();
      work();
      if (turn > 0) times[at]?.push(performance.now() - startedMs);
    });
  return times.map(minimum);
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

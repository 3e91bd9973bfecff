import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DigestCache, FileStat } from '../core/seams.ts';
import { isLocalFolder } from './filesystem.ts';
import { userCacheFolder } from './index/database-path.ts';
import type { Layout } from './layout.ts';

/** A change so long after the last one has another time, whatever the file system's clock. */
const settledNs = 2_000_000_000n;
const mostPending = 10_000;

type Row = [dev: bigint, ino: bigint, size: bigint, mtime: bigint, ctime: bigint, digest: string];

/**
 * Digests by stat, kept between runs; in the user's cache folder where the workspace is on a file
 * system that is not known to be local. Never fatal: without a database it lasts for this process.
 */
export function openDigestCache(layout: Layout): DigestCache & { close(): void } {
  let db = openOrNull(layout);
  const pending = new Map<string, Row>();
  const select = attempt(() =>
    db?.prepare('SELECT size, mtime, ctime, digest FROM digest WHERE dev = ? AND ino = ?'),
  );
  select?.setReadBigInts(true);
  const flush = () => {
    attempt(() => save(db, [...pending.values()]));
    // Without a database they stay, as there is nowhere else to ask.
    if (db !== null) pending.clear();
  };
  return {
    get: (stat) => {
      const row = toRow(stat, '');
      const waiting = pending.get(keyOf(row));
      if (waiting !== undefined) return isSameFile(waiting, row) ? waiting[5] : undefined;
      const known = attempt(() => select?.get(row[0], row[1]));
      if (known === undefined) return undefined;
      const isSame = known.size === row[2] && known.mtime === row[3] && known.ctime === row[4];
      return isSame ? String(known.digest) : undefined;
    },
    set: (stat, digest) => {
      const settled = BigInt(Date.now()) * 1_000_000n - settledNs;
      if (stat.mtimeNs > settled || stat.ctimeNs > settled) return;
      const row = toRow(stat, digest);
      pending.set(keyOf(row), row);
      if (db !== null && pending.size >= mostPending) flush();
    },
    close: () => {
      flush();
      attempt(() => db?.close());
      db = null;
    },
  };
}

function openOrNull(layout: Layout): DatabaseSync | null {
  const folder = isLocalFolder(layout.home) ? layout.cache : userCacheFolder(layout);
  let db: DatabaseSync | null = null;
  try {
    mkdirSync(folder, { recursive: true });
    db = new DatabaseSync(join(folder, 'digests.sqlite'), { timeout: 1000 });
    // After a power loss the file is whole, if a little old: all that a cache needs.
    const journal = isLocalFolder(folder) ? 'WAL' : 'DELETE';
    db.exec(`PRAGMA journal_mode = ${journal}; PRAGMA synchronous = NORMAL`);
    db.exec(`CREATE TABLE IF NOT EXISTS digest (
      dev INTEGER, ino INTEGER, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
      ctime INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (dev, ino)) WITHOUT ROWID`);
    return db;
  } catch {
    attempt(() => db?.close());
    return null;
  }
}

function save(db: DatabaseSync | null, rows: Row[]): void {
  if (db === null || rows.length === 0) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    const insert = db.prepare('INSERT OR REPLACE INTO digest VALUES (?, ?, ?, ?, ?, ?)');
    for (const row of rows) insert.run(...row);
    db.exec('COMMIT');
  } catch (thrown) {
    db.exec('ROLLBACK');
    throw thrown;
  }
}

/** Device and inode may use all 64 bits, of which SQLite's whole numbers have a sign. */
function toRow({ dev, ino, size, mtimeNs, ctimeNs }: FileStat, digest: string): Row {
  return [BigInt.asIntN(64, dev), BigInt.asIntN(64, ino), size, mtimeNs, ctimeNs, digest];
}

function keyOf([dev, ino]: Row): string {
  return `${dev}:${ino}`;
}

function isSameFile(a: Row, b: Row): boolean {
  return a[2] === b[2] && a[3] === b[3] && a[4] === b[4];
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

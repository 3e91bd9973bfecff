import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { RunRecordError } from '../../protocol/errors.ts';
import { isLocalFolder } from '../filesystem.ts';
import type { Layout } from '../layout.ts';
import { databasePath } from './database-path.ts';
import { migrations, tableNames } from './schema.ts';
import { isDamage, isNoWrite, retryWhileBusy } from './sqlite-error.ts';

/** An open index. `path` is null where it is in memory, made anew each time. */
export interface Database {
  db: DatabaseSync;
  path: string | null;
  /** Prepares a statement once. */
  statement(sql: string): StatementSync;
  /** Numbers of package lists that were written through this connection. */
  packageSets: WeakMap<object, number>;
  close(): void;
}

/**
 * Opens the index, brings it to this version, and answers it. A damaged file is moved aside and
 * told through `notice`; where nothing can be written the index is in memory.
 *
 * @throws RunRecordError `index-newer` where a newer Run Record made the file
 */
export function openDatabase(layout: Layout, notice: (text: string) => void): Database {
  const path = databasePath(layout);
  if (path === null) return openMemory();
  const inode = inodeOf(path);
  try {
    return openFile(path);
  } catch (thrown) {
    if (thrown instanceof RunRecordError) throw thrown;
    if (isDamage(thrown)) {
      moveAside(path, inode, notice);
      return openFile(path);
    }
    if (isNoWrite(thrown)) return openMemory();
    throw thrown;
  }
}

export function openMemory(): Database {
  return prepare(new DatabaseSync(':memory:'), null);
}

export function openFile(path: string): Database {
  const db = new DatabaseSync(path, { timeout: 5000 });
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    // With other types in the shared memory of WAL the file would be lost, so only where it works.
    const isLocal = isLocalFolder(join(path, '..'));
    retryWhileBusy(() => {
      db.exec(
        isLocal
          ? 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL'
          : 'PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA',
      );
    });
    db.exec('PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32000');
    return prepare(db, path);
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

function prepare(db: DatabaseSync, path: string | null): Database {
  migrate(db, path);
  const statements = new Map<string, StatementSync>();
  return {
    db,
    path,
    statement: (sql) => {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = db.prepare(sql);
      statements.set(sql, statement);
      return statement;
    },
    packageSets: new WeakMap(),
    close: () => db.close(),
  };
}

function migrate(db: DatabaseSync, path: string | null): void {
  const version = () => Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version() > migrations.length) {
    throw new RunRecordError(
      'index-newer',
      `The index ${path} was made by a newer Run Record (version ${version()}; this one knows ${migrations.length}).`,
      'Update Run Record; or delete the file, and this version makes it again from the journals.',
    );
  }
  if (version() < migrations.length) {
    inTransaction(db, () => {
      // Another process may have done it while this one waited.
      for (const step of migrations.slice(version())) db.exec(step);
      db.exec(`PRAGMA user_version = ${migrations.length}`);
    });
  }
  const found = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const names = new Set(found.map(({ name }) => name));
  const missing = tableNames.find((name) => !names.has(name));
  if (missing !== undefined) throw Object.assign(new Error(`no table ${missing}`), { errcode: 11 });
}

/** All or nothing, as one writer among many; waits for the others for up to a minute. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  retryWhileBusy(() => db.exec('BEGIN IMMEDIATE'));
  try {
    const result = work();
    retryWhileBusy(() => db.exec('COMMIT'));
    return result;
  } catch (thrown) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw thrown;
  }
}

/** Only what was found damaged is moved: by now another process may have put a good one there. */
export function moveAside(
  path: string,
  inode: bigint | null,
  notice: (text: string) => void,
): void {
  if (inode === null || inodeOf(path) !== inode) return;
  const aside = `${path}.damaged-${Date.now()}`;
  renameSync(path, aside);
  for (const part of ['-wal', '-shm', '-journal']) {
    try {
      renameSync(`${path}${part}`, `${aside}${part}`);
    } catch {
      // Most often there is none.
    }
  }
  notice(`The index was damaged. It was moved to ${aside} and is made again from the journals.`);
}

/** By stat alone: to open the file from a process that has the database open would drop its locks. */
export function inodeOf(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}

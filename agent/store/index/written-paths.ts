import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Layout } from '../layout.ts';
import { databasePath } from './database-path.ts';

/** Which files an earlier run was seen to write. */
export interface WrittenPaths {
  /** `path`: as records have it, relative to the workspace. */
  has(path: string): boolean;
  close(): void;
}

/**
 * By the index as it lies there, for a launch, which does not wait for it to be brought up to date.
 * Opened at the first question; without an index nothing was written.
 */
export function openWrittenPaths(layout: Layout): WrittenPaths {
  let opened: { db: DatabaseSync; find: StatementSync } | null | undefined;
  return {
    has(path) {
      try {
        if (opened === undefined) opened = open(layout);
        return opened?.find.get(path) !== undefined;
      } catch {
        opened = null; // Damaged, or another program is writing it.
        return false;
      }
    },
    close: () => opened?.db.close(),
  };
}

function open(layout: Layout): { db: DatabaseSync; find: StatementSync } | null {
  const path = databasePath(layout);
  if (path === null) return null;
  // Read only where there is something to ask: most launches have no untracked files.
  const sqlite = process.getBuiltinModule('node:sqlite');
  const db = new sqlite.DatabaseSync(path, { readOnly: true, timeout: 100 });
  return { db, find: db.prepare('SELECT 1 FROM artifact WHERE path = ? LIMIT 1') };
}

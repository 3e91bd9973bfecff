import { DatabaseSync } from 'node:sqlite';
import type { Layout } from '../layout.ts';
import { databasePath } from './database-path.ts';

/**
 * Ids of the runs of a fingerprint, newest first, by the index as it lies there: for a launch,
 * which does not wait for it to be brought up to date. Without an index there are none.
 */
export function findRepeats(layout: Layout, fingerprint: string): string[] {
  const path = databasePath(layout);
  if (path === null) return [];
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 100 });
    try {
      const sql = 'SELECT id FROM run WHERE fingerprint = ? ORDER BY created_at DESC, id DESC';
      return db
        .prepare(sql)
        .all(fingerprint)
        .map(({ id }) => String(id));
    } finally {
      db.close();
    }
  } catch {
    return []; // No index yet, or one that another program is writing.
  }
}

import type { Database } from './database.ts';
import { tablesOfRun } from './schema.ts';

/** Takes all rows of a run out of the index; what other runs share stays. */
export function removeRun({ statement }: Database, id: string): void {
  const row = statement('SELECT key FROM run WHERE id = ?').get(id);
  statement('DELETE FROM journal WHERE id = ?').run(id);
  if (row === undefined) return;
  const key = Number(row.key);
  statement('DELETE FROM point WHERE series IN (SELECT id FROM metric WHERE run = ?)').run(key);
  statement('DELETE FROM metric WHERE run = ?').run(key);
  for (const table of tablesOfRun) statement(`DELETE FROM ${table} WHERE run = ?`).run(key);
  statement('DELETE FROM run WHERE key = ?').run(key);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Layout } from '../layout.ts';
import { type Database, inTransaction, openDatabase, openFile } from './database.ts';
import type { ProcessProbe } from './probe.ts';
import { refreshIndex } from './refresh.ts';
import { derivedTables } from './schema.ts';

/**
 * Makes the index anew from the folders, in a file aside, and then puts its rows in the place of
 * the old ones in one transaction: the file itself stays, as other processes may have it open.
 * Answers how many runs it holds.
 *
 * @throws RunRecordError `index-newer` where a newer Run Record made the file
 */
export function reindex(
  layout: Layout,
  options: {
    probe: ProcessProbe;
    notice?: (text: string) => void;
    progress?: (done: number, total: number) => void;
  },
): number {
  const notice = options.notice ?? (() => undefined);
  const database = openDatabase(layout, notice);
  // Beside the index it would be in the way of a disk that is nearly full as much as elsewhere.
  const folder = mkdtempSync(join(tmpdir(), 'runrecord-'));
  try {
    const path = join(folder, 'runs.sqlite');
    const fresh = openFile(path);
    try {
      for (const _ of refreshIndex(fresh, layout, { ...options, notice }));
    } finally {
      fresh.close();
    }
    replaceRows(database, path);
    return Number(database.db.prepare('SELECT count(*) AS count FROM run').get()?.count ?? 0);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function replaceRows({ db }: Database, path: string): void {
  db.prepare('ATTACH ? AS fresh').run(path);
  inTransaction(db, () => {
    db.exec(`INSERT OR IGNORE INTO main.end_hash SELECT old.id, old.last_hash
      FROM main.journal AS old JOIN fresh.journal AS new USING (id)
     WHERE old.last_hash IS NOT NULL AND old.last_hash IS NOT new.last_hash`);
    for (const table of derivedTables) {
      db.exec(`DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM fresh.${table}`);
    }
  });
  db.exec('DETACH fresh');
}

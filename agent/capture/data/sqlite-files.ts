import type { BytePath } from '../byte-path.ts';
import { readHead, statOrNull } from './pointers/read-head.ts';

/**
 * What belongs to an SQLite database besides its file: a write-ahead log, or the journal of a
 * transaction that was not ended. Their content decides what a reader of the database sees. Empty
 * for any other file, and where there is nothing in them.
 */
export function listCompanions(database: BytePath): BytePath[] {
  const present = ['-wal', '-journal']
    .map((ending) => `${database}${ending}` as BytePath)
    .filter((path) => {
      const stat = statOrNull(path);
      return stat?.isFile() && stat.size > 0;
    });
  if (present.length === 0) return [];
  return readHead(database, 16) === 'SQLite format 3\0' ? present : [];
}

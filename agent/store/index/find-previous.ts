import type { RunRecord } from '../../protocol/record.ts';
import type { RunIndex } from './open-index.ts';

/** Id of the run of the same name that was made before this one. */
export function findPrevious(index: Pick<RunIndex, 'query'>, record: RunRecord): string | null {
  if (record.name === null) return null;
  const [row] = index.query(
    'SELECT id FROM runs WHERE name = ? AND (created_at, id) < (?, ?) ' +
      'ORDER BY created_at DESC, id DESC LIMIT 1',
    [record.name, record.lifecycle.createdAt, record.id],
  );
  return row === undefined ? null : String(row.id);
}

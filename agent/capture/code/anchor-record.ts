import { resolve } from 'node:path';
import type { RunRecord } from '../../protocol/record.ts';
import { anchorJournal } from './anchor.ts';

/**
 * Keeps a closed journal in the repository of the code: there it survives what deletes
 * `.runrecord/`. Without a repository there is nothing to do.
 */
export async function anchorRecord(
  root: string,
  { id, code }: Pick<RunRecord, 'id' | 'code'>,
  readJournal: () => Buffer,
): Promise<void> {
  if (code.root !== null) await anchorJournal(resolve(root, code.root), id, readJournal());
}

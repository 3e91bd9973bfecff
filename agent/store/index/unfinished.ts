import type { Layout } from '../layout.ts';
import type { Database } from './database.ts';
import { gatherFacts, type ProcessProbe } from './probe.ts';
import { journaledRun, loadState } from './run-state.ts';

/** A run whose journal was not closed. */
export interface Unfinished {
  id: string;
  /**
   * It ran on this host, in this boot, and nobody is left to close it: neither its recorder nor
   * its keeper, nor a program that would have to be waited for.
   */
  isAbandoned: boolean;
}

/** Older ones were left long ago, and are no more looked at each time. */
const most = 200;

export function listUnfinished(
  database: Database,
  layout: Layout,
  probe: ProcessProbe,
): Unfinished[] {
  const sql = 'SELECT id FROM journal WHERE is_final = 0 ORDER BY id DESC LIMIT ?';
  const rows = database.statement(sql).all(most);
  return rows.map(({ id }) => ({
    id: String(id),
    isAbandoned: isAbandoned(database, layout, String(id), probe),
  }));
}

function isAbandoned(database: Database, layout: Layout, id: string, probe: ProcessProbe): boolean {
  const state = loadState(database, id, { packages: false });
  const run = state === null ? null : journaledRun(state);
  if (run === null) return false;
  const facts = gatherFacts(run, layout.runFolder(id), probe);
  const isOurs = facts.sameHost && facts.sameBoot && facts.samePidNamespace;
  return isOurs && !facts.recorderAlive && !facts.keeperAlive && !facts.programAlive;
}

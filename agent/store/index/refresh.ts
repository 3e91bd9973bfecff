import { readdirSync } from 'node:fs';
import { messageOf, systemCode } from '../../protocol/errors.ts';
import type { Layout } from '../layout.ts';
import { readObject } from '../objects.ts';
import { statPath } from '../stat-path.ts';
import { type Database, inTransaction } from './database.ts';
import { findJudgements, ingestJudgement } from './ingest-judgements.ts';
import { ingestRun } from './ingest-run.ts';
import { currentRecord, type ProcessProbe } from './probe.ts';
import { removeRun } from './remove-run.ts';
import { emptyState, journaledRun, loadState, saveState } from './run-state.ts';
import { deriveTrust } from './trust.ts';
import { writeRun } from './write-run.ts';

const runName = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const runsInTransaction = 500;
const bytesInTransaction = 16 * 1024 * 1024;

export interface RefreshOptions {
  probe: ProcessProbe;
  notice(text: string): void;
  progress?: (done: number, total: number) => void;
  /** A step ends when it has taken so long; without, by the amount alone. */
  stepMs?: number;
}

/**
 * Brings the index up to what lies in the folders, in steps between which the caller may do
 * something else: no transaction is open there. Where nothing changed, nothing is written and no
 * lock is taken. Any number of processes may do this at any time.
 */
export function* refreshIndex(
  database: Database,
  layout: Layout,
  options: RefreshOptions,
): Generator<void> {
  const { changed, gone, unfinished } = findChanges(database, layout);
  yield* ingestRuns(database, layout, changed, options);
  if (gone.length > 0) {
    inTransaction(database.db, () => {
      for (const id of gone) removeRun(database, id);
      deriveTrust(database);
    });
  }
  updateUnfinished(database, layout, unfinished, options.probe);
  const judgements = findJudgements(database, layout);
  if (judgements.size === 0) return;
  inTransaction(database.db, () => {
    for (const [id, stamp] of judgements) ingestJudgement(database, layout, id, stamp);
    deriveTrust(database);
  });
}

/** The same for one run, without a look at the others: there may be a hundred thousand. */
export function* refreshRun(
  database: Database,
  layout: Layout,
  id: string,
  options: RefreshOptions,
): Generator<void> {
  if (statPath(layout.journal(id)) === null) return;
  yield* ingestRuns(database, layout, [id], options);
}

/** How many journals hold something that the index has not. */
export function countBehind(database: Database, layout: Layout): number {
  return findChanges(database, layout).changed.length;
}

function findChanges(
  { statement }: Database,
  layout: Layout,
): { changed: string[]; gone: string[]; unfinished: string[] } {
  const known = new Map<string, { stamp: string; isFinal: boolean }>();
  const rows = statement('SELECT id, size_bytes, mtime_ns, is_final FROM journal').all();
  for (const { id, size_bytes, mtime_ns, is_final } of rows) {
    known.set(String(id), { stamp: `${size_bytes} ${mtime_ns}`, isFinal: is_final === 1 });
  }
  const changed: string[] = [];
  const unfinished: string[] = [];
  for (const id of listRuns(layout)) {
    const stat = statPath(layout.journal(id));
    if (stat === null || !stat.isFile()) continue;
    const standing = known.get(id);
    known.delete(id);
    if (standing?.stamp !== `${stat.size} ${stat.mtimeNs}`) changed.push(id);
    else if (!standing.isFinal) unfinished.push(id);
  }
  return { changed, gone: [...known.keys()], unfinished };
}

/** Names of the run folders, oldest first. A folder that cannot be listed is an error; none is not. */
function listRuns(layout: Layout): string[] {
  try {
    return readdirSync(layout.runs)
      .filter((name) => runName.test(name))
      .sort();
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

function* ingestRuns(
  database: Database,
  layout: Layout,
  changed: string[],
  { probe, notice, progress, stepMs = Number.POSITIVE_INFINITY }: RefreshOptions,
): Generator<void> {
  let done = 0;
  while (done < changed.length) {
    const endMs = performance.now() + stepMs;
    inTransaction(database.db, () => {
      let bytes = 0;
      const until = Math.min(done + runsInTransaction, changed.length);
      while (done < until && bytes < bytesInTransaction) {
        const id = changed[done] as string;
        const read = ingestOrNote(database, layout, id, probe, notice);
        bytes += read.bytes;
        if (!read.isMore) done += 1;
        if (performance.now() > endMs) break;
      }
      deriveTrust(database);
    });
    progress?.(done, changed.length);
    yield;
  }
}

/** One run that cannot be taken in does not keep out the others. */
function ingestOrNote(
  database: Database,
  layout: Layout,
  id: string,
  probe: ProcessProbe,
  notice: (text: string) => void,
): { bytes: number; isMore: boolean } {
  const { db } = database;
  db.exec('SAVEPOINT one_run');
  try {
    return ingestRun(database, layout, id, probe);
  } catch (thrown) {
    if (typeof thrown === 'object' && thrown !== null && 'errcode' in thrown) throw thrown;
    db.exec('ROLLBACK TO one_run');
    const stat = statPath(layout.journal(id));
    const problem = messageOf(thrown);
    removeRun(database, id);
    if (stat !== null) {
      const sizeBytes = Number(stat.size);
      saveState(database, { ...emptyState(id), sizeBytes, mtimeNs: String(stat.mtimeNs), problem });
    }
    notice(`The journal of run ${id} cannot be read: ${problem}.`);
    return { bytes: 0, isMore: false };
  } finally {
    if (db.isTransaction) db.exec('RELEASE one_run');
  }
}

/** Runs without an end change without a new line: their processes end, their keeper writes the exit. */
function updateUnfinished(
  database: Database,
  layout: Layout,
  ids: string[],
  probe: ProcessProbe,
): void {
  for (const id of ids) {
    if (!hasMoved(database, layout, id, probe)) continue;
    inTransaction(database.db, () => {
      // Looked at again: another process may have gone further since.
      const state = loadState(database, id);
      const run = state === null ? null : journaledRun(state);
      if (state === null || run === null) return;
      const record = currentRecord(run, layout.runFolder(id), probe);
      writeRun(database, null, record, state.lastHash, (digest) => readObject(layout, digest));
    });
  }
}

function hasMoved(database: Database, layout: Layout, id: string, probe: ProcessProbe): boolean {
  const state = loadState(database, id, { packages: false });
  const run = state === null ? null : journaledRun(state);
  if (run === null) return false;
  const record = currentRecord(run, layout.runFolder(id), probe);
  const row = database.statement('SELECT lifecycle, complete FROM run WHERE id = ?').get(id);
  const isSame = row?.lifecycle === JSON.stringify(record.lifecycle);
  return !isSame || row?.complete !== Number(record.complete);
}

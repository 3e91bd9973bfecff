import { DatabaseSync } from 'node:sqlite';
import type { Judgement } from '../../protocol/judgement.ts';
import type { RunRecord } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';
import type { ListRow, Trust } from '../../protocol/verbs.ts';
import type { Layout } from '../layout.ts';
import { type Database, inodeOf, moveAside, openDatabase, openMemory } from './database.ts';
import { currentRecord, type ProcessProbe } from './probe.ts';
import { runReadOnly } from './read-only-query.ts';
import { countBehind, type RefreshOptions, refreshIndex, refreshRun } from './refresh.ts';
import { type Resolved, resolveRef } from './resolve-ref.ts';
import { type RowsOptions, readRows } from './rows.ts';
import { journaledRun, loadState } from './run-state.ts';
import { isBusy, isDamage, isNoWrite } from './sqlite-error.ts';
import { readTrust } from './trust.ts';
import { listUnfinished, type Unfinished } from './unfinished.ts';

/** Of a refresh in steps: what a person who types does not notice. */
const stepMs = 40;

export interface IndexOptions {
  probe: ProcessProbe;
  /** Never write to the workspace: the index is made in memory. */
  readOnly?: boolean;
  /** Told what the user should know: a damaged index, a journal that cannot be read. */
  notice?: (text: string) => void;
  /** Open it as it is; the caller brings it up to date. */
  asItIs?: boolean;
  /** For a process that stays: keep this much of the file in memory, not what is fastest. */
  cacheBytes?: number;
}

/** The runs of a workspace, as their folders tell them. */
export interface RunIndex {
  /** Takes in what is new. A disk that cannot be written is no hindrance. */
  refresh(progress?: (done: number, total: number) => void): void;
  /** The same in short steps, with a pause after each; ends early where a pause answers false. */
  refreshInSteps(pause: () => Promise<boolean>): Promise<void>;
  /** Takes in what is new of this run alone, whatever else there is. */
  refreshRun(id: string): void;
  /** How many journals hold something that is not taken in yet. */
  behind(): number;
  /** Another text whenever the index was changed, by this process or any other. */
  stamp(): string;
  /** Whether the run was looked at, whatever came of it. */
  has(id: string): boolean;
  /** Gives memory back that is kept for later. */
  trim(): void;
  /** Runs whose journals have no end, newest first. */
  unfinished(): Unfinished[];
  rows(options?: RowsOptions): ListRow[];
  /** The record as it is now, with what was judged of it; null where there is none. */
  record(id: string): RunRecord | null;
  /** Of a run by its id, of content by its digest, of a promotion by `name@vN`. */
  trustOf(id: string): Trust;
  /** What concerns a run: judgements of it, of what it wrote and of what it used; oldest first. */
  judgementsOf(id: string): Judgement[];
  resolveRef(ref: string): Resolved;
  /** One statement that only reads, over the views of docs/schema.md. */
  query(sql: string, params?: readonly (string | number)[]): Record<string, Json>[];
  /** Hash of the last line of the run's journal. */
  lastHash(id: string): string | null;
  /** Hashes that the run's journal must hold: as the index and judgements saw them. */
  knownHashes(id: string): string[];
  /** What was wrong with journals as they were read, by run; such a run may have no row. */
  problems(): { id: string; problem: string }[];
  /** Where the index lies; null where it is in memory. */
  path(): string | null;
  close(): void;
}

/**
 * Opens the index of a workspace and brings it up to date.
 *
 * @throws RunRecordError `index-newer` where a newer Run Record made the file
 */
export function openIndex(layout: Layout, options: IndexOptions): RunIndex {
  const notice = options.notice ?? (() => undefined);
  const open = () => {
    const opened = options.readOnly ? openMemory() : openDatabase(layout, notice);
    const { cacheBytes } = options;
    if (cacheBytes !== undefined && opened.path !== null) {
      opened.db.exec(`PRAGMA cache_size = -${Math.ceil(cacheBytes / 1024)}`);
    }
    return opened;
  };
  let database = open();
  const replace = (next: () => Database) => {
    database.close();
    database = next();
  };
  const steps = function* (
    more: Pick<RefreshOptions, 'progress' | 'stepMs'> & { only?: string },
  ): Generator<void> {
    const how = { probe: options.probe, notice, ...more };
    const takeIn = () =>
      more.only === undefined
        ? refreshIndex(database, layout, how)
        : refreshRun(database, layout, more.only, how);
    try {
      yield* takeIn();
    } catch (thrown) {
      const { path } = database;
      if (path === null) throw thrown;
      if (isBusy(thrown)) {
        notice('The index is being written by another process; what is shown may be a little old.');
        return;
      }
      if (isDamage(thrown)) {
        const inode = inodeOf(path);
        database.close();
        moveAside(path, inode, notice);
        database = open();
      } else if (isNoWrite(thrown)) replace(openMemory);
      else throw thrown;
      yield* takeIn();
    }
  };
  const refresh: RunIndex['refresh'] = (progress) => {
    for (const _ of steps(progress === undefined ? {} : { progress }));
  };
  try {
    if (options.asItIs !== true) refresh();
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  return {
    refresh,
    refreshInSteps: async (pause) => {
      for (const _ of steps({ stepMs })) if (!(await pause())) return;
    },
    refreshRun: (id) => {
      for (const _ of steps({ only: id }));
    },
    behind: () => countBehind(database, layout),
    stamp: () => readStamp(database),
    has: (id) => database.statement('SELECT 1 FROM journal WHERE id = ?').get(id) !== undefined,
    trim: () => database.db.exec('PRAGMA shrink_memory'),
    unfinished: () => listUnfinished(database, layout, options.probe),
    rows: (wanted = {}) => readRows(database, wanted),
    record: (id) => readRecord(database, layout, id, options.probe),
    trustOf: (id) => readTrust(database, kindOf(id), id),
    judgementsOf: (id) => readJudgementsOf(database, id),
    resolveRef: (ref) => resolveRef(database, ref),
    query: (sql, params = []) => query(database, sql, params),
    lastHash: (id) => {
      const row = database.statement('SELECT last_hash FROM journal WHERE id = ?').get(id);
      return row?.last_hash == null ? null : String(row.last_hash);
    },
    knownHashes: (id) => readKnownHashes(database, id),
    problems: () => {
      const sql = 'SELECT id, problem FROM journal WHERE problem IS NOT NULL ORDER BY id';
      const rows = database.statement(sql).all();
      return rows.map(({ id, problem }) => ({ id: String(id), problem: String(problem) }));
    },
    path: () => database.path,
    close: () => database.close(),
  };
}

function kindOf(id: string): 'run' | 'digest' | 'promotion' {
  if (id.startsWith('sha256:')) return 'digest';
  return id.includes('@') ? 'promotion' : 'run';
}

function readRecord(
  database: Database,
  layout: Layout,
  id: string,
  probe: ProcessProbe,
): RunRecord | null {
  const state = loadState(database, id);
  const run = state === null ? null : journaledRun(state);
  if (run === null) return null;
  const record = currentRecord(run, layout.runFolder(id), probe);
  return { ...record, judgements: readJudgementsOf(database, id) as RunRecord['judgements'] };
}

function readJudgementsOf({ statement }: Database, id: string): Judgement[] {
  const rows = statement(
    `SELECT document FROM judgement
      WHERE subject_run = ?1
         OR subject_digest IN (SELECT digest FROM artifacts WHERE run_id = ?1)
         OR subject_digest IN (SELECT digest FROM inputs WHERE run_id = ?1 AND role = 'input')
      ORDER BY at, id`,
  ).all(id);
  return rows.map(({ document }) => JSON.parse(String(document)) as Judgement);
}

function readStamp({ db, statement, path }: Database): string {
  const others = path === null ? '' : Object.values(statement('PRAGMA data_version').get() ?? {});
  const own = db.prepare('SELECT total_changes() AS n').get()?.n;
  return `${path} ${others} ${own}`;
}

function readKnownHashes({ statement }: Database, id: string): string[] {
  const rows = statement(
    `SELECT last_hash AS hash FROM journal WHERE id = ?1 AND last_hash IS NOT NULL
     UNION SELECT hash FROM end_hash WHERE id = ?1
     UNION SELECT json_extract(document, '$.journalHash') FROM judgement
      WHERE subject_run = ?1 AND json_extract(document, '$.journalHash') IS NOT NULL`,
  ).all(id);
  return rows.map(({ hash }) => String(hash));
}

/** On a connection that can only read, so that no statement of a user's can reach ours. */
function query(
  { db, path }: Database,
  sql: string,
  params: readonly (string | number)[],
): Record<string, Json>[] {
  if (path === null) return runReadOnly(db, sql, params);
  const reader = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    return runReadOnly(reader, sql, params);
  } finally {
    reader.close();
  }
}

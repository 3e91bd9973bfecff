import type { ProcessIdentity, RunRecord } from '../../protocol/record.ts';
import type { Database } from './database.ts';
import { readPackages } from './package-sets.ts';
import type { JournaledRun } from './probe.ts';

/** How far a run's journal was read, and what it said up to there. */
export interface RunState {
  id: string;
  sizeBytes: number;
  mtimeNs: string;
  offset: number;
  goodOffset: number;
  seq: number;
  lastHash: string | null;
  lastType: string;
  problem: string | null;
  recorder: ProcessIdentity | null;
  keeper: ProcessIdentity | null;
  /** Null where there is no launch line (yet). */
  record: RunRecord | null;
}

export function emptyState(id: string): RunState {
  return {
    id,
    sizeBytes: 0,
    mtimeNs: '0',
    offset: 0,
    goodOffset: 0,
    seq: 0,
    lastHash: null,
    lastType: '',
    problem: null,
    recorder: null,
    keeper: null,
    record: null,
  };
}

/** `packages: false` leaves them out where only the lifecycle is looked at. */
export function loadState(
  database: Database,
  id: string,
  { packages = true } = {},
): RunState | null {
  const row = database.statement('SELECT * FROM journal WHERE id = ?').get(id);
  if (row === undefined) return null;
  const parse = <T>(text: unknown): T | null =>
    typeof text === 'string' ? (JSON.parse(text) as T) : null;
  const record = parse<RunRecord>(row.record);
  return {
    id,
    sizeBytes: Number(row.size_bytes),
    mtimeNs: String(row.mtime_ns),
    offset: Number(row.offset),
    goodOffset: Number(row.good_offset),
    seq: Number(row.seq),
    lastHash: row.last_hash === null ? null : String(row.last_hash),
    lastType: String(row.last_type),
    problem: row.problem === null ? null : String(row.problem),
    recorder: parse<ProcessIdentity>(row.recorder),
    keeper: parse<ProcessIdentity>(row.keeper),
    record: packages ? withPackages(database, record) : record,
  };
}

export function saveState({ statement }: Database, state: RunState): void {
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  statement(
    `INSERT OR REPLACE INTO journal (id, size_bytes, mtime_ns, offset, good_offset, seq, last_hash,
       last_type, is_final, problem, recorder, keeper, record)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    state.id,
    state.sizeBytes,
    state.mtimeNs,
    state.offset,
    state.goodOffset,
    state.seq,
    state.lastHash,
    state.lastType,
    state.lastType === 'closed' || state.record === null ? 1 : 0,
    state.problem,
    json(state.recorder),
    json(state.keeper),
    json(withoutPackages(state.record)),
  );
}

/** What `currentRecord` needs; null for a journal without a launch line. */
export function journaledRun(state: RunState): JournaledRun | null {
  const { record, recorder, keeper, seq, lastHash: hash, lastType: type } = state;
  return record === null ? null : { record, recorder, keeper, last: { seq, hash, type } };
}

function withoutPackages(record: RunRecord | null): RunRecord | null {
  if (record?.environment == null) return record;
  return { ...record, environment: { ...record.environment, packages: null } };
}

function withPackages(database: Database, record: RunRecord | null): RunRecord | null {
  if (record?.environment == null) return record;
  const row = database.statement('SELECT package_set FROM run WHERE id = ?').get(record.id);
  if (row?.package_set == null) return record;
  const packages = readPackages(database, Number(row.package_set));
  return { ...record, environment: { ...record.environment, packages } };
}

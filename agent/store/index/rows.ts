import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Numeric } from '../../protocol/values.ts';
import type { ListRow } from '../../protocol/verbs.ts';
import type { Database } from './database.ts';
import { fromSql } from './sql-value.ts';

export interface RowsOptions {
  /** These runs, in this order; those that are not there are left out. */
  ids?: readonly string[];
  /** A condition over the view `runs`. */
  where?: { sql: string; params: readonly (string | number)[] };
  /** What stands after `ORDER BY`; newest first without. */
  orderBy?: string;
  limit?: number;
  /** Further columns of the view `runs`. */
  columns?: readonly string[];
}

type Row = Record<string, SQLOutputValue>;

/** Rows of the history, with the last value of each metric. */
export function readRows(database: Database, options: RowsOptions): ListRow[] {
  const conditions: string[] = [];
  const params: SQLInputValue[] = [];
  if (options.ids !== undefined) {
    conditions.push('runs.id IN (SELECT value FROM json_each(?))');
    params.push(JSON.stringify(options.ids));
  }
  if (options.where !== undefined) {
    conditions.push(`(${options.where.sql})`);
    params.push(...options.where.params);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const order = options.orderBy ?? 'runs.created_at DESC, runs.id DESC';
  const limit = options.limit === undefined ? '' : 'LIMIT ?';
  if (options.limit !== undefined) params.push(BigInt(options.limit));
  const sql = `SELECT * FROM runs ${where} ORDER BY ${order} ${limit}`;
  const statement = database.db.prepare(sql);
  statement.setReadBigInts(true);
  const found = statement.all(...params);
  const metrics = readMetrics(database, found);
  const rows = found.map((row) => toListRow(row, metrics, options.columns ?? []));
  return options.ids === undefined ? rows : inOrder(rows, options.ids);
}

function inOrder(rows: ListRow[], ids: readonly string[]): ListRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
}

function readMetrics(database: Database, runs: Row[]): Map<string, Record<string, Numeric | null>> {
  const statement = database.db.prepare(
    `SELECT run_id, name, last, last_text FROM metrics
      WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY run_id, name`,
  );
  statement.setReadBigInts(true);
  const byRun = new Map<string, [string, Numeric | null][]>();
  for (const row of statement.all(JSON.stringify(runs.map(({ id }) => id)))) {
    const metric: [string, Numeric | null] = [
      String(row.name),
      fromSql(row.last_text ?? row.last) as Numeric | null,
    ];
    const known = byRun.get(String(row.run_id));
    if (known === undefined) byRun.set(String(row.run_id), [metric]);
    else known.push(metric);
  }
  // `fromEntries` defines members; a metric named `__proto__` is a member like others.
  return new Map([...byRun].map(([id, entries]) => [id, Object.fromEntries(entries)]));
}

function toListRow(
  row: Row,
  metrics: Map<string, Record<string, Numeric | null>>,
  columns: readonly string[],
): ListRow {
  const value = (name: string) => fromSql(row[name]);
  const text = (name: string) => (row[name] == null ? null : String(row[name]));
  const flag = (name: string) => (row[name] == null ? null : Number(row[name]) === 1);
  return {
    ...Object.fromEntries(columns.map((name) => [name, value(name)])),
    id: String(row.id),
    name: text('name'),
    status: String(row.status) as ListRow['status'],
    trust: String(row.trust) as ListRow['trust'],
    createdAt: String(row.created_at),
    startedAt: text('started_at'),
    endedAt: text('ended_at'),
    durationMs: value('duration_ms') as number | null,
    exitCode: value('exit_code') as number | null,
    unattended: flag('unattended') === true,
    complete: flag('complete') === true,
    commit: text('commit_id'),
    branch: text('branch'),
    clean: flag('clean'),
    fingerprint: text('fingerprint'),
    reason: text('reason'),
    tags: JSON.parse(String(row.tags)) as Record<string, string>,
    argv: JSON.parse(String(row.argv)) as string[],
    metrics: metrics.get(String(row.id)) ?? {},
  };
}

import type { SQLInputValue } from 'node:sqlite';
import { flattenConfig } from '../../core/config/flatten.ts';
import { fieldNames } from '../../protocol/names.ts';
import type { RunRecord } from '../../protocol/record.ts';

import type { Database } from './database.ts';
import { keepManifest } from './manifest-members.ts';
import { keepPackages } from './package-sets.ts';
import { splitNumeric, sqlType, toSql } from './sql-value.ts';

type Row = Record<string, SQLInputValue>;
type ReadObject = (digest: string) => Buffer | null;

/**
 * Writes the rows of a run and answers its key. Of the parts that are the same object in `before`
 * nothing is written: they are as they were.
 */
export function writeRun(
  database: Database,
  before: RunRecord | null,
  record: RunRecord,
  lastHash: string | null,
  readObject: ReadObject,
): number {
  const packages = record.environment?.packages ?? null;
  const packageSet = packages === null ? null : keepPackages(database, packages);
  const key = upsertRun(database, {
    ...runRow(record),
    last_hash: lastHash,
    package_set: packageSet,
  });
  const write = (table: string, rows: Iterable<Row>) => replaceRows(database, table, key, rows);
  if (before?.config !== record.config) write('config_leaf', configRows(record));
  if (before?.data !== record.data) {
    write('input', inputRows(record));
    for (const { manifest } of record.data) {
      if (manifest !== null) keepManifest(database, manifest, readObject);
    }
  }
  if (before?.artifacts !== record.artifacts) write('artifact', artifactRows(record));
  if (before?.custom !== record.custom) write('custom_value', customRows(record));
  if (before?.capture !== record.capture) write('capture_status', captureRows(record));
  if (before?.metrics !== record.metrics) writeMetrics(database, key, before, record);
  return key;
}

function runRow(record: RunRecord): Row {
  const { lifecycle, code, command, intent, environment, config } = record;
  const interpreter = environment?.interpreter;
  return {
    id: record.id,
    name: record.name,
    status: lifecycle.status,
    created_at: lifecycle.createdAt,
    started_at: lifecycle.startedAt,
    ended_at: lifecycle.endedAt,
    duration_ms: lifecycle.durationMs,
    exit_code: lifecycle.exitCode,
    commit_id: code.commit,
    branch: code.branch,
    clean: toSql(code.clean),
    tree_id: code.tree,
    fingerprint: record.fingerprint,
    complete: toSql(record.complete),
    host: command.launcher.host,
    user: command.launcher.user,
    argv: JSON.stringify(command.argv),
    reason: intent.reason,
    failure_kind: lifecycle.failure?.kind ?? null,
    parent: record.parent,
    rerun_of: record.rerunOf,
    failure_message: lifecycle.failure?.message ?? null,
    signal: lifecycle.signal,
    unattended: toSql(lifecycle.unattended),
    inferred: toSql(lifecycle.inferred ?? false),
    heartbeat_at: lifecycle.heartbeatAt,
    expectation: intent.expectation,
    tags: JSON.stringify(intent.tags),
    cwd: command.cwd,
    via: command.launcher.via,
    sweep: record.sweep,
    executable: command.executable.path,
    snapshot_ref: code.snapshot?.ref ?? null,
    config_digest: config.digest,
    hardware_class: environment?.hardware.class ?? null,
    interpreter: interpreter
      ? [interpreter.name, interpreter.version].filter(Boolean).join(' ')
      : null,
    peak_memory_bytes: lifecycle.peakMemoryBytes,
    cpu_time_ms: lifecycle.cpuTimeMs,
    lifecycle: JSON.stringify(lifecycle),
  };
}

function upsertRun({ statement }: Database, row: Row): number {
  const names = Object.keys(row);
  const updates = names.map((name) => `${name} = excluded.${name}`).join(', ');
  const places = names.map(() => '?').join(', ');
  const sql = `INSERT INTO run (${names.join(', ')}) VALUES (${places})
    ON CONFLICT (id) DO UPDATE SET ${updates} RETURNING key`;
  return Number(statement(sql).get(...Object.values(row))?.key);
}

function replaceRows(
  { statement }: Database,
  table: string,
  key: number,
  rows: Iterable<Row>,
): void {
  statement(`DELETE FROM ${table} WHERE run = ?`).run(key);
  for (const row of rows) {
    const names = Object.keys(row);
    const places = names.map(() => '?').join(', ');
    // Two keys may be one once they are text that SQLite can hold.
    const sql = `INSERT OR REPLACE INTO ${table} (run, ${names.join(', ')}) VALUES (?, ${places})`;
    statement(sql).run(key, ...Object.values(row));
  }
}

function* configRows({ config }: RunRecord): Generator<Row> {
  if (config.resolved === null) return;
  for (const [key, value] of flattenConfig(config.resolved)) {
    const origin = Object.hasOwn(config.origins, key) ? config.origins[key] : undefined;
    yield {
      key,
      value: toSql(value),
      type: sqlType(value),
      origin: origin?.kind ?? null,
      origin_path: origin?.path ?? null,
      origin_line: origin?.line ?? null,
      origin_text: origin?.text ?? null,
    };
  }
}

function* inputRows({ data }: RunRecord): Generator<Row> {
  for (const [n, entry] of data.entries()) {
    yield {
      n,
      path: entry.path,
      role: entry.role,
      digest: entry.digest,
      mode: entry.mode,
      size_bytes: entry.sizeBytes,
      seen: JSON.stringify(entry.seen),
      name: entry.name ?? null,
      file_count: entry.fileCount,
      version: entry.version,
      changed_during_run: toSql(entry.changedDuringRun),
      digest_after: entry.digestAfter,
    };
  }
}

function* artifactRows({ artifacts }: RunRecord): Generator<Row> {
  for (const [n, artifact] of artifacts.entries()) {
    yield {
      n,
      path: artifact.path,
      digest: artifact.digest,
      mode: artifact.mode,
      size_bytes: artifact.sizeBytes,
      attribution: artifact.attribution.kind,
      state: artifact.state,
      role: artifact.role,
      media_type: artifact.mediaType,
      first_seen_at: artifact.firstSeenAt,
      last_seen_at: artifact.lastSeenAt,
      moved_to: artifact.to ?? null,
    };
  }
}

function* customRows({ custom }: RunRecord): Generator<Row> {
  for (const [key, { value, type, unit }] of Object.entries(custom)) {
    yield { key, value: toSql(value), type, unit };
  }
}

function* captureRows({ capture }: RunRecord): Generator<Row> {
  for (const field of fieldNames) {
    const { status, detail, durationMs } = capture[field];
    yield { field, status, detail, duration_ms: durationMs };
  }
}

/** Series keep their number: their points hang on it. */
function writeMetrics(
  { statement }: Database,
  key: number,
  before: RunRecord | null,
  record: RunRecord,
): void {
  const known = new Set(before?.metrics);
  for (const metric of record.metrics) {
    if (known.has(metric)) continue;
    const { number, text } = splitNumeric(metric.last);
    statement(
      `INSERT INTO metric (run, name, last, min, max, step, count, unit, last_text, source)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, name) DO UPDATE SET
       last = excluded.last, min = excluded.min, max = excluded.max, step = excluded.step,
       count = excluded.count, unit = excluded.unit, last_text = excluded.last_text,
       source = excluded.source`,
    ).run(
      key,
      metric.name,
      number,
      splitNumeric(metric.min).number,
      splitNumeric(metric.max).number,
      metric.step,
      metric.count,
      metric.unit,
      text,
      metric.source,
    );
  }
}

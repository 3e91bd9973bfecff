import { views } from './describe-views.ts';

/**
 * The tables behind the views. `run.key` is a number, so that the rows of a run stay small; it is
 * no part of any view, as it differs from one ingestion to the next.
 *
 * `journal` says how far each run's journal was read. `record` holds the record as JSON without
 * its packages: most runs share those, and a `package_set` is kept once. `end_hash` keeps what
 * stood at the end of a journal that is another one by now, so that `verify` can tell.
 */
const tables = `
CREATE TABLE journal (
  id TEXT PRIMARY KEY, size_bytes INTEGER NOT NULL, mtime_ns TEXT NOT NULL,
  offset INTEGER NOT NULL, good_offset INTEGER NOT NULL, seq INTEGER NOT NULL,
  last_hash TEXT, last_type TEXT NOT NULL, is_final INTEGER NOT NULL, problem TEXT,
  recorder TEXT, keeper TEXT, record TEXT
) WITHOUT ROWID;
CREATE TABLE run (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, status TEXT NOT NULL,
  created_at TEXT NOT NULL, started_at TEXT, ended_at TEXT, duration_ms REAL, exit_code INTEGER,
  commit_id TEXT, branch TEXT, clean INTEGER, tree_id TEXT, fingerprint TEXT,
  complete INTEGER NOT NULL, host TEXT, user TEXT, argv TEXT NOT NULL, reason TEXT,
  failure_kind TEXT, parent TEXT, rerun_of TEXT, failure_message TEXT, signal TEXT,
  unattended INTEGER NOT NULL, inferred INTEGER NOT NULL, heartbeat_at TEXT, expectation TEXT,
  tags TEXT NOT NULL, cwd TEXT, via TEXT, sweep TEXT, executable TEXT, snapshot_ref TEXT,
  config_digest TEXT, hardware_class TEXT, interpreter TEXT, peak_memory_bytes INTEGER,
  cpu_time_ms REAL, last_hash TEXT, package_set INTEGER, lifecycle TEXT NOT NULL
);
CREATE INDEX run_created ON run (created_at, id);
CREATE INDEX run_name ON run (name) WHERE name IS NOT NULL;
CREATE INDEX run_fingerprint ON run (fingerprint) WHERE fingerprint IS NOT NULL;
CREATE INDEX run_package_set ON run (package_set);
CREATE TABLE config_leaf (
  run INTEGER NOT NULL, key TEXT NOT NULL, value, type TEXT NOT NULL, origin TEXT,
  origin_path TEXT, origin_line INTEGER, origin_text TEXT, PRIMARY KEY (run, key)
) WITHOUT ROWID;
CREATE INDEX config_key ON config_leaf (key, value);
CREATE TABLE input (
  run INTEGER NOT NULL, n INTEGER NOT NULL, path TEXT NOT NULL, role TEXT NOT NULL, digest TEXT,
  mode TEXT NOT NULL, size_bytes INTEGER, seen TEXT NOT NULL, name TEXT, file_count INTEGER,
  version TEXT, changed_during_run INTEGER NOT NULL, digest_after TEXT, PRIMARY KEY (run, n)
) WITHOUT ROWID;
CREATE INDEX input_digest ON input (digest) WHERE digest IS NOT NULL;
CREATE TABLE artifact (
  run INTEGER NOT NULL, n INTEGER NOT NULL, path TEXT NOT NULL, digest TEXT, mode TEXT NOT NULL,
  size_bytes INTEGER, attribution TEXT NOT NULL, state TEXT NOT NULL, role TEXT, media_type TEXT,
  first_seen_at TEXT, last_seen_at TEXT, moved_to TEXT, PRIMARY KEY (run, n)
) WITHOUT ROWID;
CREATE INDEX artifact_digest ON artifact (digest) WHERE digest IS NOT NULL;
CREATE INDEX artifact_path ON artifact (path);
CREATE TABLE manifest_member (
  manifest TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (manifest, digest)
) WITHOUT ROWID;
CREATE INDEX manifest_member_digest ON manifest_member (digest);
CREATE TABLE metric (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL, name TEXT NOT NULL, last REAL, min REAL, max REAL,
  step NUMERIC, count INTEGER NOT NULL, unit TEXT, last_text TEXT, source TEXT, UNIQUE (run, name)
);
CREATE INDEX metric_name ON metric (name);
CREATE TABLE point (
  series INTEGER NOT NULL, n INTEGER NOT NULL, step NUMERIC, epoch NUMERIC, at, value REAL,
  text TEXT,
  PRIMARY KEY (series, n)
) WITHOUT ROWID;
CREATE TABLE package_set (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE);
CREATE TABLE package (
  package_set INTEGER NOT NULL, n INTEGER NOT NULL, ecosystem TEXT NOT NULL, name TEXT NOT NULL,
  version TEXT, source TEXT, imported INTEGER, PRIMARY KEY (package_set, n)
) WITHOUT ROWID;
CREATE INDEX package_name ON package (name);
CREATE TABLE custom_value (
  run INTEGER NOT NULL, key TEXT NOT NULL, value, type TEXT, unit TEXT, PRIMARY KEY (run, key)
) WITHOUT ROWID;
CREATE INDEX custom_key ON custom_value (key, value);
CREATE TABLE capture_status (
  run INTEGER NOT NULL, field TEXT NOT NULL, status TEXT NOT NULL, detail TEXT,
  duration_ms REAL, PRIMARY KEY (run, field)
) WITHOUT ROWID;
CREATE TABLE judgement (
  id TEXT PRIMARY KEY, size_bytes INTEGER NOT NULL, mtime_ns TEXT NOT NULL, kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL, subject_id TEXT, subject_digest TEXT, name TEXT, version INTEGER,
  at TEXT NOT NULL, by_name TEXT, reason TEXT, subject_run TEXT, retired_as TEXT,
  document TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX judgement_run ON judgement (subject_run) WHERE subject_run IS NOT NULL;
CREATE INDEX judgement_digest ON judgement (subject_digest) WHERE subject_digest IS NOT NULL;
CREATE TABLE end_hash (id TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (id, hash)) WITHOUT ROWID;
CREATE TABLE distrust (
  kind TEXT NOT NULL, id TEXT NOT NULL, trust TEXT NOT NULL, PRIMARY KEY (kind, id)
) WITHOUT ROWID;
`;

/** Every table, in an order in which they can be copied. */
export const tableNames: string[] = [...tables.matchAll(/CREATE TABLE (\w+)/g)].map(
  ([, name]) => name as string,
);

/** Tables that come back the same from the folders; `end_hash` remembers what they held before. */
export const derivedTables: string[] = tableNames.filter((name) => name !== 'end_hash');

/** Tables whose rows belong to one run, by their column `run`. */
export const tablesOfRun = ['config_leaf', 'input', 'artifact', 'custom_value', 'capture_status'];

const viewStatements = views.map(({ name, columns, from }) => {
  const selected = columns.map((column) => `${column.sql} AS "${column.name}"`).join(', ');
  return `CREATE VIEW "${name}" AS SELECT ${selected} ${from};`;
});

/**
 * What brings a database from each version to the next; `PRAGMA user_version` counts them. Never
 * edit one that was released: add another.
 */
export const migrations: string[] = [
  [tables, ...viewStatements].join('\n'),
  // Members of a package that no column has, as JSON.
  'ALTER TABLE package ADD COLUMN more TEXT;',
];

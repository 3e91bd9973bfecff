import { RunRecordError } from '../../protocol/errors.ts';
import type { Database } from './database.ts';

/** What a reference stands for: always a run, and of it perhaps an artifact or a promotion. */
export interface Resolved {
  id: string;
  kind: 'run' | 'artifact' | 'promotion';
  digest: string | null;
  path: string | null;
  /** `name@vN` of a promotion. */
  promotion: string | null;
}

const shortestHex = 4;

/**
 * The run that a reference means: its id, a unique beginning or end of it (4 hex digits or more),
 * its name (the newest of that name), `name@version` of a promoted artifact, the path of an
 * artifact or its digest (the newest run that wrote it).
 *
 * @throws RunRecordError `not-found`, or `ambiguous` with the candidates
 */
export function resolveRef(database: Database, ref: string): Resolved {
  const text = ref.trim();
  const found =
    findById(database, text) ??
    findByName(database, text) ??
    findPromotion(database, text) ??
    findByPath(database, text) ??
    findByDigest(database, text);
  if (found !== null) return found;
  throw new RunRecordError(
    'not-found',
    `Nothing is recorded here that ${JSON.stringify(ref)} could mean.`,
    'Give the id of a run (or 4 digits of its beginning or end), its name, the path or digest of an artifact, or name@version; `runrecord list` shows the runs.',
  );
}

function asRun(id: unknown): Resolved {
  return { id: String(id), kind: 'run', digest: null, path: null, promotion: null };
}

function findById({ statement }: Database, text: string): Resolved | null {
  const hex = text.toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f-]+$/i.test(text) || hex.length < shortestHex || hex.length > 32) return null;
  const rows = statement(
    `SELECT id FROM run WHERE replace(id, '-', '') LIKE ? OR replace(id, '-', '') LIKE ?
      ORDER BY created_at DESC, id DESC LIMIT 6`,
  ).all(`${hex}%`, `%${hex}`);
  // A run may be named like the hex digits of others: a name that is exactly that goes first.
  if (rows.length > 1) {
    const named = statement('SELECT 1 FROM run WHERE name = ?').get(text);
    if (named !== undefined) return null;
    throw ambiguous(
      text,
      rows.map(({ id }) => String(id)),
    );
  }
  return rows[0] === undefined ? null : asRun(rows[0].id);
}

function findByName({ statement }: Database, text: string): Resolved | null {
  const row = statement(
    'SELECT id FROM run WHERE name = ? ORDER BY created_at DESC, id DESC LIMIT 1',
  ).get(text);
  return row === undefined ? null : asRun(row.id);
}

function findPromotion({ statement }: Database, text: string): Resolved | null {
  const [, name, version] = /^([A-Za-z0-9][A-Za-z0-9._-]*)@(?:v?(\d+)|latest)$/.exec(text) ?? [];
  if (name === undefined) return null;
  const row = statement(
    `SELECT name, version, subject_run, subject_digest, json_extract(document, '$.subject.path') AS path
       FROM judgement WHERE kind = 'promotion' AND name = ? AND (? IS NULL OR version = ?)
      ORDER BY version DESC, at DESC LIMIT 1`,
  ).get(name, version ?? null, version === undefined ? null : Number(version));
  if (row?.subject_run == null) return null;
  return {
    id: String(row.subject_run),
    kind: 'promotion',
    digest: row.subject_digest === null ? null : String(row.subject_digest),
    path: row.path === null ? null : String(row.path),
    promotion: `${row.name}@v${row.version}`,
  };
}

const artifactColumns = `SELECT run.id AS id, artifact.path AS path, artifact.digest AS digest
  FROM artifact JOIN run ON run.key = artifact.run`;
const newestFirst = 'ORDER BY run.created_at DESC, run.id DESC, artifact.n DESC';

function findByPath({ statement }: Database, text: string): Resolved | null {
  const path = text.replaceAll('\\', '/').replace(/^(?:\.\/+)+/, '');
  const sql = `${artifactColumns} WHERE artifact.path IN (?, ?) ${newestFirst} LIMIT 1`;
  const row = statement(sql).get(text, path);
  return row === undefined ? null : asArtifact(row);
}

function findByDigest({ statement }: Database, text: string): Resolved | null {
  const hex = text.toLowerCase().replace(/^sha256:/, '');
  if (!/^[0-9a-f]{4,64}$/.test(hex)) return null;
  const [from, to] = [`sha256:${hex}`, `sha256:${hex}g`];
  const between = 'artifact.digest >= ? AND artifact.digest < ?';
  const digests = statement(`SELECT DISTINCT digest FROM artifact WHERE ${between} LIMIT 6`);
  const found = digests.all(from, to).map(({ digest }) => String(digest));
  if (found.length > 1) throw ambiguous(text, found);
  const row = statement(`${artifactColumns} WHERE ${between} ${newestFirst} LIMIT 1`).get(from, to);
  return row === undefined ? null : asArtifact(row);
}

function asArtifact(row: Record<string, unknown>): Resolved {
  const digest = row.digest === null ? null : String(row.digest);
  return { id: String(row.id), kind: 'artifact', digest, path: String(row.path), promotion: null };
}

function ambiguous(text: string, candidates: string[]): RunRecordError {
  const listed = candidates.slice(0, 5).join(', ');
  const more = candidates.length > 5 ? ' and more' : '';
  return new RunRecordError(
    'ambiguous',
    `${JSON.stringify(text)} could be ${listed}${more}.`,
    'Give more of it.',
  );
}

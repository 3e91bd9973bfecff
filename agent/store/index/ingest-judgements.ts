import type { Judgement } from '../../protocol/judgement.ts';
import { judgementPath, listJudgements, readJudgement } from '../judgements.ts';
import type { Layout } from '../layout.ts';
import { statPath } from '../stat-path.ts';
import type { Database } from './database.ts';

/** Judgements that came, went or changed since they were read; null stands for one that went. */
export function findJudgements({ statement }: Database, layout: Layout): Map<string, Stamp | null> {
  const known = new Map<string, string>();
  for (const row of statement('SELECT id, size_bytes, mtime_ns FROM judgement').all()) {
    known.set(String(row.id), `${row.size_bytes} ${row.mtime_ns}`);
  }
  const found = new Map<string, Stamp | null>();
  for (const id of listJudgements(layout)) {
    const stat = statPath(judgementPath(layout, id));
    if (stat === null) continue;
    const stamp = { sizeBytes: Number(stat.size), mtimeNs: String(stat.mtimeNs) };
    if (known.get(id) !== `${stamp.sizeBytes} ${stamp.mtimeNs}`) found.set(id, stamp);
    known.delete(id);
  }
  for (const id of known.keys()) found.set(id, null);
  return found;
}

export interface Stamp {
  sizeBytes: number;
  mtimeNs: string;
}

/** Takes one judgement in, inside a transaction of the caller's. One that cannot be read has no row. */
export function ingestJudgement(
  { statement }: Database,
  layout: Layout,
  id: string,
  stamp: Stamp | null,
): void {
  const judgement = stamp === null ? null : readJudgement(layout, id);
  statement('DELETE FROM judgement WHERE id = ?').run(id);
  if (stamp === null || judgement === null) return;
  const { subject } = judgement;
  const name = textOf(judgement.name) ?? subject.name;
  const version = typeof judgement.version === 'number' ? judgement.version : subject.version;
  statement(
    `INSERT INTO judgement (id, size_bytes, mtime_ns, kind, subject_kind, subject_id,
       subject_digest, name, version, at, by_name, reason, subject_run, retired_as, document)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    id,
    stamp.sizeBytes,
    stamp.mtimeNs,
    judgement.kind,
    subject.kind,
    subjectId(judgement),
    subject.digest,
    name,
    version,
    judgement.at,
    judgement.by.name ?? judgement.by.identity,
    judgement.reason,
    subject.run,
    judgement.kind === 'retirement' ? textOf(judgement.as) : null,
    JSON.stringify(judgement),
  );
}

function subjectId({ subject }: Judgement): string | null {
  if (subject.kind === 'run') return subject.run;
  if (subject.kind !== 'promotion') return subject.digest;
  return subject.name === null ? null : `${subject.name}@v${subject.version}`;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

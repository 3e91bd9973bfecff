import type { Trust } from '../../protocol/verbs.ts';
import type { Database } from './database.ts';
import { emptyDigest } from './lineage-view.ts';

/**
 * What is retired by the last word on it, and everything downstream: what a run wrote, who used
 * it, the folders that hold it, what was promoted of it, and so on. An input of the same digest is
 * the same thing; the digest of an empty file is nobody's.
 */
const derive = `
INSERT INTO distrust (kind, id, trust)
WITH RECURSIVE
  word AS (
    SELECT CASE WHEN subject_kind IN ('artifact', 'dataset') THEN 'digest' ELSE subject_kind END AS kind,
           subject_id AS id, retired_as,
           row_number() OVER (
             PARTITION BY CASE WHEN subject_kind IN ('artifact', 'dataset') THEN 'digest' ELSE subject_kind END,
                          subject_id
             ORDER BY at DESC, judgement.id DESC
           ) AS place
      FROM judgement WHERE kind = 'retirement' AND subject_id IS NOT NULL
  ),
  retired AS (
    SELECT kind, id FROM word WHERE place = 1 AND coalesce(retired_as, '') <> 'reinstated'
  ),
  reached (kind, id) AS (
    SELECT kind, id FROM retired
    UNION
    SELECT 'digest', artifact.digest FROM reached
      JOIN run ON run.id = reached.id JOIN artifact ON artifact.run = run.key
     WHERE reached.kind = 'run' AND artifact.digest IS NOT NULL AND artifact.mode <> 'stat'
       AND artifact.attribution <> 'unattributed' AND artifact.digest <> '${emptyDigest}'
    UNION
    SELECT 'run', run.id FROM reached
      JOIN input ON input.digest = reached.id JOIN run ON run.key = input.run
     WHERE reached.kind = 'digest' AND input.role = 'input' AND input.mode <> 'stat'
    UNION
    SELECT 'digest', member.manifest FROM reached
      JOIN manifest_member AS member ON member.digest = reached.id
     WHERE reached.kind = 'digest'
    UNION
    SELECT 'promotion', promoted.name || '@v' || promoted.version FROM reached
      JOIN judgement AS promoted ON promoted.subject_digest = reached.id
     WHERE reached.kind = 'digest' AND promoted.kind = 'promotion' AND promoted.name IS NOT NULL
    UNION
    SELECT 'run', run.id FROM reached
      JOIN judgement AS promoted
        ON promoted.kind = 'promotion' AND promoted.name || '@v' || promoted.version = reached.id
      JOIN input ON input.digest = promoted.subject_digest JOIN run ON run.key = input.run
     WHERE reached.kind = 'promotion' AND input.role = 'input' AND input.mode <> 'stat'
  )
SELECT kind, id, CASE WHEN (kind, id) IN (SELECT kind, id FROM retired) THEN 'retired' ELSE 'suspect' END
  FROM reached`;

/** Derives trust anew, inside a transaction that changed runs or judgements. */
export function deriveTrust({ statement }: Database): void {
  const any = statement(
    `SELECT EXISTS (SELECT 1 FROM judgement WHERE kind = 'retirement')
         OR EXISTS (SELECT 1 FROM distrust) AS any_at_all`,
  ).get();
  if (any?.any_at_all !== 1) return;
  statement('DELETE FROM distrust').run();
  statement(derive).run();
}

/** Of a run by its id, of an artifact or a dataset by its digest, of a promotion by `name@vN`. */
export function readTrust(
  { statement }: Database,
  kind: 'run' | 'digest' | 'promotion',
  id: string,
): Trust {
  const row = statement('SELECT trust FROM distrust WHERE kind = ? AND id = ?').get(kind, id);
  return row === undefined ? 'ok' : (String(row.trust) as Trust);
}

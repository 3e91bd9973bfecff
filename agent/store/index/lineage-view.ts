import type { View } from './views.ts';

/** SHA-256 of no bytes: empty files are alike without one coming from the other. */
export const emptyDigest =
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * Who used, made and promoted what, in the direction in which data flows. A digest is an
 * `artifact` where a run of this workspace wrote it, else a `dataset`. The digest of a stat names
 * no content, so it makes no edge; a file whose writer is not known makes none from a run.
 */
export const lineageView: View = {
  name: 'lineage',
  meaning: 'One row an edge: what `to` has from `from`.',
  from: `FROM (
    SELECT CASE WHEN EXISTS (SELECT 1 FROM artifact WHERE artifact.digest = input.digest)
                THEN 'artifact' ELSE 'dataset' END AS from_kind,
           input.digest AS from_id, 'run' AS to_kind, run.id AS to_id, 'used' AS relation
      FROM input JOIN run ON run.key = input.run
     WHERE input.role = 'input' AND input.digest IS NOT NULL AND input.mode <> 'stat'
    UNION
    SELECT 'run', run.id, 'artifact', artifact.digest, 'produced'
      FROM artifact JOIN run ON run.key = artifact.run
     WHERE artifact.digest IS NOT NULL AND artifact.mode <> 'stat'
       AND artifact.attribution <> 'unattributed'
    UNION
    SELECT 'artifact', member.digest, 'dataset', member.manifest, 'derived'
      FROM manifest_member AS member
     WHERE EXISTS (SELECT 1 FROM artifact WHERE artifact.digest = member.digest)
       AND member.digest <> '${emptyDigest}'
    UNION
    SELECT 'run', parent, 'run', id, 'derived' FROM run WHERE parent IS NOT NULL
    UNION
    SELECT 'run', rerun_of, 'run', id, 'derived' FROM run WHERE rerun_of IS NOT NULL
    UNION
    SELECT 'artifact', subject_digest, 'promotion', name || '@v' || version, 'promoted'
      FROM judgement
     WHERE kind = 'promotion' AND subject_digest IS NOT NULL AND name IS NOT NULL
  ) AS edge`,
  columns: [
    { name: 'from_kind', sql: 'from_kind', meaning: 'dataset, artifact or run.' },
    { name: 'from_id', sql: 'from_id', meaning: 'Digest, or id of the run.' },
    { name: 'to_kind', sql: 'to_kind', meaning: 'run, artifact, dataset or promotion.' },
    { name: 'to_id', sql: 'to_id', meaning: 'Id of the run, digest, or `name@vN`.' },
    {
      name: 'relation',
      sql: 'relation',
      meaning:
        'used, produced, derived (a run from another, a directory from a file in it) or promoted.',
    },
  ],
};

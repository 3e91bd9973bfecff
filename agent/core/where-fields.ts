/** The fields that an expression, `--sort` and `--columns` may name. */

export type FieldKind = 'text' | 'hex' | 'number' | 'boolean' | 'time' | 'duration';

/** A column of the view `runs`. `negated`: the field is the opposite of the column. */
export interface RunField {
  table: 'runs';
  name: string;
  column: string;
  kind: FieldKind;
  negated?: boolean;
}

/** A value that a run has one of by a key: `config.lr`, `metrics.loss`, `data.data/train.csv`. */
export interface KeyedField {
  table: 'config' | 'metrics' | 'tags' | 'custom' | 'inputs' | 'packages';
  name: string;
  key: string;
  /** Written without a prefix: taken for a metric, as it is no common field. */
  bare?: boolean;
}

export type Field = RunField | KeyedField;

type Row = [name: string, column: string, kind: FieldKind, ...aliases: string[]];

const runFields: Row[] = [
  ['id', 'id', 'hex'],
  ['name', 'name', 'text'],
  ['status', 'status', 'text'],
  ['trust', 'trust', 'text'],
  ['created', 'created_at', 'time', 'createdat'],
  ['started', 'started_at', 'time', 'startedat'],
  ['ended', 'ended_at', 'time', 'endedat'],
  ['duration', 'duration_ms', 'duration', 'durationms'],
  ['exit', 'exit_code', 'number', 'exitcode'],
  ['commit', 'commit_id', 'hex', 'commitid', 'code'],
  ['branch', 'branch', 'text'],
  ['clean', 'clean', 'boolean'],
  ['tree', 'tree_id', 'hex', 'treeid'],
  ['fingerprint', 'fingerprint', 'hex'],
  ['complete', 'complete', 'boolean'],
  ['host', 'host', 'text'],
  ['user', 'user', 'text'],
  ['command', 'argv', 'text', 'argv'],
  ['reason', 'reason', 'text'],
  ['failure', 'failure_kind', 'text', 'failurekind'],
  ['signal', 'signal', 'text'],
  ['unattended', 'unattended', 'boolean'],
  ['via', 'via', 'text'],
  ['cwd', 'cwd', 'text'],
  ['interpreter', 'interpreter', 'text'],
  ['sweep', 'sweep', 'text'],
  ['parent', 'parent', 'hex'],
  ['rerunOf', 'rerun_of', 'hex', 'rerunof'],
];

/** Names of the common fields, as help and errors list them. */
export const commonFields: readonly string[] = [...runFields.map(([name]) => name), 'dirty'];

const prefixes: Record<string, KeyedField['table']> = {
  config: 'config',
  metrics: 'metrics',
  metric: 'metrics',
  tags: 'tags',
  tag: 'tags',
  custom: 'custom',
  data: 'inputs',
  packages: 'packages',
  package: 'packages',
};

/** The field of a name; a bare name that is no common field is a metric's. Null: an empty key. */
export function findField(name: string): Field | null {
  const plain = name.toLowerCase().replaceAll('_', '');
  const row = runFields.find(([first, , , ...others]) =>
    [first.toLowerCase(), ...others].includes(plain),
  );
  if (row !== undefined) return { table: 'runs', name: row[0], column: row[1], kind: row[2] };
  if (plain === 'dirty') {
    return { table: 'runs', name: 'dirty', column: 'clean', kind: 'boolean', negated: true };
  }
  const dot = name.indexOf('.');
  const table = dot > 0 ? prefixes[name.slice(0, dot).toLowerCase()] : undefined;
  if (table !== undefined) {
    const key = name.slice(dot + 1);
    return key === '' ? null : { table, name, key };
  }
  return { table: 'metrics', name, key: name, bare: true };
}

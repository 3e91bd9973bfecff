import { isEqual } from '../core/compare-values.ts';
import { describeOrigin } from '../core/describe/origin.ts';
import { cell } from '../core/text/cell.ts';
import { cutAround } from '../core/text/cut-around.ts';
import { formatNumbers } from '../core/text/number.ts';
import { quoteWord } from '../core/text/quote-word.ts';
import { shortCommit, shortDigest } from '../core/text/short.ts';
import type { Cell } from '../core/text/table.ts';
import { formatValue } from '../core/text/value.ts';
import type { Origin, RunRecord } from '../protocol/record.ts';
import type { Json } from '../protocol/values.ts';
import type { Comparison, ContentDifference } from '../protocol/verbs.ts';

/** What it is, its value on each side, and a word. */
export interface DiffRow {
  label: Cell;
  a: Cell;
  b: Cell;
  note: Cell;
  /** Both sides have a value; else `b` alone says what there is to say. */
  isPair: boolean;
}

export interface Section {
  title: string;
  rows: DiffRow[];
}

const longestValue = 600;

/** The sections of `look.md`, in its order; those without rows are empty. */
export function listSections(comparison: Comparison, a: RunRecord, b: RunRecord): Section[] {
  return [
    { title: 'Config', rows: comparison.config.map(describeKey) },
    { title: 'Command', rows: comparison.command.map(describeWords) },
    { title: 'Code', rows: describeCode(comparison.code, a, b) },
    { title: 'Environment', rows: comparison.environment.map(describeSetting) },
    { title: 'Data', rows: comparison.data.map(describeContent) },
    { title: 'Artifacts', rows: comparison.artifacts.map(describeContent) },
    { title: 'Metrics', rows: describeMetrics(comparison.metrics) },
  ];
}

/** A row of two values, coloured where they differ. */
function pair(label: string, a: string, b: string, note = '', differs = a !== b): DiffRow {
  const [left, right] = cutAround(a, b, longestValue);
  return {
    label: cell(label),
    a: differs ? cell(left, 'removed') : cell(left),
    b: differs ? cell(right, 'added') : cell(right),
    note: cell(note),
    isPair: true,
  };
}

function describeKey({ key, a, b, originA, originB }: Comparison['config'][0]): DiffRow {
  return pair(key, withOrigin(a, originA), withOrigin(b, originB), '', !isEqual(a, b));
}

function withOrigin(value: Json | undefined, origin: Origin | null): string {
  const from = value === undefined ? '' : describeOrigin(origin);
  return from === '' ? formatValue(value) : `${formatValue(value)}  (${from})`;
}

function describeWords({ name, a, b }: Comparison['command'][0]): DiffRow {
  return pair(name, formatWords(a), formatWords(b));
}

/** Words of a command or of the environment: texts as they are, digests short. */
function formatWords(value: Json | undefined): string {
  if (value === null) return 'not set';
  if (typeof value === 'string') return value.startsWith('sha256:') ? shortDigest(value) : value;
  if (!Array.isArray(value)) return formatValue(value);
  return value
    .map((word) => (typeof word === 'string' ? quoteWord(word) : formatValue(word)))
    .join(' ');
}

function describeCode(code: Comparison['code'], a: RunRecord, b: RunRecord): DiffRow[] {
  const commitA = shortCommit(code.commitA, a.code.clean);
  const commitB = shortCommit(code.commitB, b.code.clean);
  const commit = commitA === commitB ? [] : [pair('commit', commitA, commitB)];
  return [...commit, ...code.files.map(describeFile)];
}

function describeFile({ path, kind, added, removed }: Comparison['code']['files'][0]): DiffRow {
  const count = (sign: string, lines: number | null): string => `${sign}${lines ?? '?'}`;
  const isBinary = added === null && removed === null;
  const counts = isBinary ? 'binary' : `${count('+', added)} ${count('-', removed)}`;
  return {
    label: cell(path),
    a: cell(''),
    b: cell(counts, 'changed'),
    note: cell(kind),
    isPair: false,
  };
}

function describeSetting({ name, a, b, change }: Comparison['environment'][0]): DiffRow {
  return pair(name, formatWords(a), formatWords(b), change === null ? '' : `(${change})`);
}

const changeWords: Record<ContentDifference['change'], string> = {
  changed: '',
  added: 'only in B',
  removed: 'only in A',
  unknown: 'not known',
  same: '',
};

function describeContent(entry: ContentDifference): DiffRow {
  const { path, change, a, b, modeA, modeB } = entry;
  const differs = change !== 'same' && change !== 'unknown';
  return pair(
    path,
    describeDigest(a, modeA),
    describeDigest(b, modeB),
    changeWords[change],
    differs,
  );
}

/** Modes that are not of the whole content are said, so that nobody takes them for it. */
function describeDigest(digest: string | null, mode: ContentDifference['modeA']): string {
  if (mode === null) return '-';
  const text = digest === null ? 'unknown' : shortDigest(digest);
  return mode === 'full' || mode === 'tree' ? text : `${text} (${mode})`;
}

function describeMetrics(metrics: Comparison['metrics']): DiffRow[] {
  const rows = metrics.map((metric) => {
    const texts = formatNumbers([metric.a, metric.b]);
    return { name: metric.name, texts, difference: formatDifference(metric, texts) };
  });
  const widest = Math.max(...rows.flatMap((row) => row.texts.map((text) => text.length)), 0);
  return rows.map(({ name, texts, difference }) => {
    const [a = '', b = ''] = texts.map((text) => text.padStart(widest));
    return pair(name, a, b, difference);
  });
}

/** With the decimals that the values themselves are shown with, and its sign. */
function formatDifference({ difference }: Comparison['metrics'][0], texts: string[]): string {
  if (difference === null || difference === 0) return '';
  const decimals = Math.max(...texts.map((text) => (text.split('.')[1] ?? '').length));
  const alike = typeof difference === 'number' && !texts.some((text) => text.includes('e'));
  const short = alike ? difference.toFixed(decimals) : '0';
  const text = Number(short) === 0 ? (formatNumbers([difference])[0] ?? '') : short;
  return text.startsWith('-') ? text : `+${text}`;
}

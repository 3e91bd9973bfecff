import type { Artifact, RunRecord } from '../../protocol/record.ts';
import { cell } from '../text/cell.ts';
import { formatNumbers } from '../text/number.ts';
import { shortDigest, shortId } from '../text/short.ts';
import { formatSize } from '../text/size.ts';
import type { Cell, Column } from '../text/table.ts';
import type { Section } from './section.ts';

/** Metrics and artifacts: what came out. */
export function describeResults(record: RunRecord): Section[] {
  return [
    {
      title: 'Metrics',
      kind: 'table',
      columns: chooseColumns(record),
      rows: metricRows(record),
      one: 'metric',
    },
    {
      title: 'Artifacts',
      kind: 'table',
      columns: artifactColumns,
      rows: artifactRows(record),
      one: 'artifact',
    },
  ];
}

const metricColumns: Column[] = [
  { header: 'Name', least: 12 },
  { header: 'Last', align: 'right' },
  { header: 'Min', align: 'right' },
  { header: 'Max', align: 'right' },
  { header: 'Step', align: 'right', optional: 2 },
  { header: 'Points', align: 'right', optional: 3 },
];

/** A column of units where any metric has one. */
function chooseColumns({ metrics }: RunRecord): Column[] {
  const units = metrics.some((metric) => metric.unit !== null);
  return units ? [...metricColumns, { header: 'Unit', optional: 1 }] : metricColumns;
}

function metricRows({ metrics }: RunRecord): Cell[][] {
  return metrics.map(({ name, last, min, max, step, count, unit }) => [
    cell(name),
    // The values of one metric are of one kind: they are written alike.
    ...formatNumbers([last, min, max]).map((text) => cell(text)),
    cell(formatNumbers([step])[0]),
    cell(String(count)),
    cell(unit),
  ]);
}

const artifactColumns: Column[] = [
  { header: 'Path', cut: 'middle', least: 16 },
  { header: 'Digest', cut: 'never' },
  { header: 'Size', align: 'right', cut: 'never' },
  { header: 'Role', optional: 2 },
  { header: 'State', least: 8 },
  { header: 'Written by', optional: 1, least: 10 },
];

function artifactRows({ artifacts, id }: RunRecord): Cell[][] {
  return artifacts.map((artifact) => [
    cell(artifact.path),
    cell(formatDigest(artifact)),
    cell(formatSize(artifact.sizeBytes)),
    cell(artifact.role),
    cell(artifact.to === undefined ? artifact.state : `${artifact.state} to ${artifact.to}`),
    cell(describeAttribution(artifact, id)),
  ]);
}

/** A digest that is not of the content says so. */
export function formatDigest({ digest, mode }: Pick<Artifact, 'digest' | 'mode'>): string {
  const text = digest === null ? 'unknown' : shortDigest(digest);
  return mode === 'full' || mode === 'tree' ? text : `${text} (${mode})`;
}

function describeAttribution({ attribution }: Artifact, id: string): string {
  const others = attribution.runs.filter((run) => run !== id).map(shortId);
  switch (attribution.kind) {
    case 'observed':
      return 'this run';
    case 'exclusive-directory':
      return 'this run (its folder)';
    case 'contested':
      return others.length === 0 ? 'contested' : `contested with ${others.join(', ')}`;
    case 'unattributed':
      return 'not known';
  }
}

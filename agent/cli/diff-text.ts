import { cell } from '../core/text/cell.ts';
import { formatAge } from '../core/text/duration.ts';
import { shortId } from '../core/text/short.ts';
import { countOf } from '../core/text/size.ts';
import type { Column } from '../core/text/table.ts';
import { makeVisible } from '../core/text/visible.ts';
import { wrapText } from '../core/text/wrap.ts';
import type { RunRecord } from '../protocol/record.ts';
import type { Comparison } from '../protocol/verbs.ts';
import { layOutGrid } from './diff-grid.ts';
import { listSections } from './diff-sections.ts';
import type { Output } from './output.ts';

/** Two runs as `look.md` has them: who they are, what differs, how much is the same. */
export function describeComparison(
  comparison: Comparison,
  a: RunRecord,
  b: RunRecord,
  output: Output,
  nowMs: number,
): string[] {
  return [
    ...describeSides(a, b, output, nowMs),
    ...wrapText(countInputs(comparison), output.width),
    '',
    ...layOutGrid(listSections(comparison, a, b), output),
    ...describeGaps(comparison, output),
    ...wrapText(countSame(comparison), output.width),
  ];
}

function describeSides(a: RunRecord, b: RunRecord, output: Output, nowMs: number): string[] {
  const rows = (
    [
      ['A', a],
      ['B', b],
    ] as const
  ).map(([side, record]) => [
    cell(side, 'strong'),
    cell(record.name),
    cell(shortId(record.id)),
    cell(record.lifecycle.status, record.lifecycle.status),
    cell(formatAge(record.lifecycle.startedAt ?? record.lifecycle.createdAt, nowMs)),
    cell(record.complete ? '' : 'incomplete record'),
  ]);
  const whole: Column = { header: '', cut: 'never' };
  const sides = [whole, { header: '' }, whole, whole, whole, { header: '' }];
  return output.table(sides, rows, { header: false });
}

function describeGaps(comparison: Comparison, output: Output): string[] {
  const lines = comparison.gaps.flatMap(({ side, field, status, detail }) => {
    const why = detail === null ? '' : `: ${makeVisible(detail)}`;
    return wrapText(`${field} of ${side.toUpperCase()} is ${status}${why}`, output.width);
  });
  return lines.length === 0 ? [] : ['More may differ than is listed:', ...lines, ''];
}

const isInput = (name: string): boolean => /^(argv|cwd|executable|\$)/.test(name);

/** The differences that could explain the others: what went in, not what came out. */
function countInputs(comparison: Comparison): string {
  const differs = (entry: { a: unknown; b: unknown }): boolean =>
    JSON.stringify(entry.a) !== JSON.stringify(entry.b);
  const environment = comparison.environment.filter(differs);
  const packages = environment.filter((entry) => entry.kind === 'package').length;
  const data = comparison.data.filter(
    (entry) => entry.change !== 'same' && entry.change !== 'unknown',
  );
  const counts: [number, string, string?][] = [
    [comparison.config.filter(differs).length, 'config key'],
    [
      comparison.command.filter((entry) => isInput(entry.name) && differs(entry)).length,
      'part of the command',
      'parts of the command',
    ],
    [comparison.code.files.length, 'file of code', 'files of code'],
    [packages, 'package'],
    [environment.length - packages, 'setting of the environment', 'settings of the environment'],
    [data.length, 'data file'],
  ];
  const total = counts.reduce((sum, [count]) => sum + count, 0);
  if (total === 0) return 'Nothing that went in differs, as far as it is recorded.';
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => countOf(count, one, many));
  return `${countOf(total, 'difference')} in what went in: ${parts.join(', ')}.`;
}

function countSame({ same }: Comparison): string {
  const counts: [number | undefined, string, string?][] = [
    [same.config, 'key'],
    [same.packages, 'package'],
    [same.environment, 'setting'],
    [same.data, 'data file'],
    [same.artifacts, 'artifact'],
    [same.metrics, 'metric'],
  ];
  const parts = counts
    .filter((entry): entry is [number, string, string?] => (entry[0] ?? 0) > 0)
    .map(([count, one, many]) => countOf(count, one, many));
  if (same.code) parts.unshift('the code');
  return parts.length === 0 ? 'Nothing is known to be the same.' : `The same: ${parts.join(', ')}.`;
}

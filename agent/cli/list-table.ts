import { cell } from '../core/text/cell.ts';
import { durationOf, formatAge, formatDuration } from '../core/text/duration.ts';
import { formatNumbers } from '../core/text/number.ts';
import { shortCommit, shortId } from '../core/text/short.ts';
import type { Cell, Column } from '../core/text/table.ts';
import type { ListRow } from '../protocol/verbs.ts';

export interface Table {
  columns: Column[];
  rows: Cell[][];
}

const mostMetrics = 12;

interface Part {
  column: Column;
  cells: Cell[];
}

/** The history as `look.md` has it; the metrics that fit, and the code before them, give way. */
export function defaultTable(rows: readonly ListRow[], nowMs: number): Table {
  const parts: Part[] = [
    part({ header: 'Status', cut: 'never' }, rows.map(statusCell)),
    part(
      { header: 'Name' },
      rows.map((row) => cell(row.name)),
    ),
    part(
      { header: 'Started', align: 'right', cut: 'never' },
      rows.map((row) => cell(formatAge(row.startedAt ?? row.createdAt, nowMs))),
    ),
    part(
      { header: 'Duration', align: 'right', cut: 'never', optional: 1 },
      rows.map((row) => cell(formatDuration(durationOf(row, nowMs)))),
    ),
    ...metricParts(rows),
    part(
      { header: 'Code', cut: 'never', optional: 2 },
      rows.map((row) => cell(shortCommit(row.commit, row.clean))),
    ),
    ...remarkParts(rows),
    part(
      { header: 'Id', cut: 'never' },
      rows.map((row) => cell(shortId(row.id))),
    ),
  ];
  return {
    columns: parts.map((one) => one.column),
    rows: rows.map((_, at) => parts.map((one) => one.cells[at] as Cell)),
  };
}

const part = (column: Column, cells: Cell[]): Part => ({ column, cells });

function statusCell(row: Pick<ListRow, 'status'>): Cell {
  return cell(row.status, row.status);
}

function metricParts(rows: readonly ListRow[]): Part[] {
  const counts = new Map<string, number>();
  for (const name of rows.flatMap((row) => Object.keys(row.metrics))) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  // Those that most runs have come first; the order of the newest run decides among equals.
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  return names.slice(0, mostMetrics).map((name, at) =>
    part(
      { header: cell(name).text, align: 'right', least: 10, optional: 10 + at },
      formatNumbers(rows.map((row) => row.metrics[name])).map((text) => cell(text)),
    ),
  );
}

/** A run that goes on is not complete yet, and that is no fault. */
function isOpen({ status }: ListRow): boolean {
  return status === 'queued' || status === 'preparing' || status === 'running';
}

/** What a reader must know before he trusts a row: a column that is there when there is any. */
function remarkParts(rows: readonly ListRow[]): Part[] {
  const remarks = rows.map((row) =>
    [
      row.complete || isOpen(row) ? '' : 'incomplete',
      row.trust === 'ok' ? '' : row.trust,
      row.unattended ? 'unattended' : '',
    ]
      .filter((word) => word !== '')
      .join(', '),
  );
  if (remarks.every((remark) => remark === '')) return [];
  return [
    part(
      { header: 'Remarks', least: 10 },
      remarks.map((text) => cell(text)),
    ),
  ];
}

import type { RunRecord } from '../../protocol/record.ts';
import { flattenConfig } from '../config/flatten.ts';
import { cell } from '../text/cell.ts';
import { formatAge } from '../text/duration.ts';
import { formatSize } from '../text/size.ts';
import type { Cell, Column } from '../text/table.ts';
import { formatValue } from '../text/value.ts';
import { describeCode } from './code.ts';
import { describeEnvironment } from './environment.ts';
import { describeOrigin } from './origin.ts';
import { formatDigest } from './results.ts';
import type { Facts, Section } from './section.ts';

/** Configuration, code, data, environment, and what was judged and said. */
export function describeInputs(record: RunRecord, nowMs: number): Section[] {
  const facts = (title: string, list: Facts): Section => ({ title, kind: 'facts', facts: list });
  return [
    {
      title: 'Config',
      kind: 'table',
      columns: configColumns,
      rows: configRows(record),
      one: 'key',
    },
    facts('Unresolved at launch', unresolvedFacts(record)),
    facts('Other than at launch', differenceFacts(record)),
    facts('Code', describeCode(record.code)),
    { title: 'Data', kind: 'table', columns: dataColumns, rows: dataRows(record), one: 'entry' },
    facts('Environment', describeEnvironment(record.environment)),
    facts('Gates', gateFacts(record)),
    facts('Judgements', judgementFacts(record, nowMs)),
    facts('Notes of the program', noteFacts(record, nowMs)),
    facts('Custom', customFacts(record)),
    facts('Log', logFacts(record)),
    facts('Left out as secret', redactionFacts(record)),
  ];
}

const configColumns: Column[] = [
  { header: 'Key', cut: 'middle', least: 16 },
  { header: 'Value', least: 12 },
  { header: 'Origin', cut: 'middle', least: 12 },
];

function configRows({ config }: RunRecord): Cell[][] {
  if (config.resolved === null) return [];
  return [...flattenConfig(config.resolved)].map(([key, value]) => [
    cell(key),
    cell(formatValue(value)),
    cell(describeOrigin(config.origins[key])),
  ]);
}

function unresolvedFacts({ config }: RunRecord): Facts {
  return config.unresolved.map(({ key, reason, message, path, line, decision }) => {
    const place = path === null ? '' : ` in ${path}${line === null ? '' : `:${line}`}`;
    const decided = decision === null ? '' : ` (${decision})`;
    return [key ?? '-', `${message ?? reason}${place}${decided}`];
  });
}

/** Where the program held something else than what its files and its command line said. */
function differenceFacts({ config }: RunRecord): Facts {
  return (config.differences ?? []).map(({ key, atLaunch, inProgram }) => [
    key,
    `${formatValue(atLaunch)} at launch, ${formatValue(inProgram)} in the program`,
  ]);
}

const dataColumns: Column[] = [
  { header: 'Path', cut: 'middle', least: 16 },
  { header: 'Digest', cut: 'never' },
  { header: 'Size', align: 'right', cut: 'never' },
  { header: 'Role', least: 5 },
  { header: 'Remarks', least: 8 },
];

function dataRows({ data }: RunRecord): Cell[][] {
  return data.map((entry) => [
    cell(entry.path),
    cell(formatDigest(entry)),
    cell(formatSize(entry.sizeBytes)),
    cell(entry.role),
    cell(
      [
        entry.changedDuringRun ? `${entry.change ?? 'changed'} during the run` : '',
        entry.mode === 'pointer' ? 'only a pointer was there' : '',
        entry.pointer?.agrees === false ? `not what ${entry.pointer.tool} says` : '',
        entry.partOf === undefined ? '' : `part of ${entry.partOf}`,
        entry.fileCount !== null && entry.fileCount !== 1 ? `${entry.fileCount} files` : '',
        entry.version ?? '',
      ]
        .filter((remark) => remark !== '')
        .join(', '),
    ),
  ]);
}

function gateFacts({ gates }: RunRecord): Facts {
  return gates
    .filter((gate) => gate.verdict !== 'clean')
    .map(({ gate, verdict, decision, reason }) => [
      gate,
      [verdict, decision, reason].filter((part) => part !== null).join(', '),
    ]);
}

function judgementFacts({ judgements }: RunRecord, nowMs: number): Facts {
  return judgements.map((judgement) => {
    const by = judgement.by as { name?: string | null; email?: string | null } | undefined;
    const when = formatAge(String(judgement.at), nowMs);
    const who = by?.name ?? by?.email ?? 'somebody';
    const kind = judgement.as ?? judgement.kind;
    return [String(kind), `${judgement.reason ?? ''} (${who}, ${when})`.trim()];
  });
}

function noteFacts({ notes }: RunRecord, nowMs: number): Facts {
  return notes.map(({ at, text }) => [formatAge(at, nowMs), text]);
}

function customFacts({ custom }: RunRecord): Facts {
  return Object.entries(custom).map(([key, { value, unit }]) => [
    key,
    `${formatValue(value)}${unit === null ? '' : ` ${unit}`}`,
  ]);
}

function logFacts({ lifecycle: { log, logAbsent } }: RunRecord): Facts {
  if (log === null) return logAbsent ? [['none', logAbsent]] : [];
  return [[log.path, `${formatSize(log.sizeBytes)}${log.truncated ? ', cut at the limit' : ''}`]];
}

function redactionFacts({ redactions }: RunRecord): Facts {
  return redactions.map(({ where, rule }) => [where, rule]);
}

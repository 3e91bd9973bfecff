import { fieldNames } from '../protocol/names.ts';
import type { RunRecord } from '../protocol/record.ts';
import type { Numeric } from '../protocol/values.ts';
import type { Comparison } from '../protocol/verbs.ts';
import { listCommand, listConfig } from './compare-config.ts';
import { listContent } from './compare-content.ts';
import { listEnvironment } from './compare-environment.ts';
import { hasRedaction, isEqual, unionKeys } from './compare-values.ts';
import { isGenerated } from './config/generated.ts';
import { subtract } from './text/number.ts';

type CodeFiles = Comparison['code']['files'];

export interface CompareOptions {
  /** List what is the same too. */
  all?: boolean;
}

/** Entries to show and how many are the same. */
export interface Compared<T> {
  entries: T[];
  same: number;
}

/**
 * What differs between two runs, section by section. `codeFiles` are the files whose content
 * differs between the two trees; null where the repository could not tell. Nothing that is
 * unknown is taken to be the same: it is counted in no section, and `gaps` says what is missing.
 */
export function compareRecords(
  a: RunRecord,
  b: RunRecord,
  codeFiles: CodeFiles | null,
  options: CompareOptions = {},
): Comparison {
  const all = options.all ?? false;
  const config = compareConfig(a, b, all);
  const environment = listEnvironment(a.environment, b.environment, all);
  const data = listContent(a.data, b.data, all);
  const artifacts = listContent(lastVersions(a), lastVersions(b), all);
  const metrics = compareMetrics(a, b, all);
  const command = listCommand(a, b, all);
  return {
    a: a.id,
    b: b.id,
    config: config.entries,
    environment: environment.entries,
    code: { commitA: a.code.commit, commitB: b.code.commit, files: codeFiles ?? [] },
    data: data.entries,
    artifacts: artifacts.entries,
    metrics: metrics.entries,
    command: command.entries,
    same: {
      config: config.same,
      environment: environment.same,
      packages: environment.samePackages,
      data: data.same,
      artifacts: artifacts.same,
      metrics: metrics.same,
      command: command.same,
      code: a.code.tree !== null && a.code.tree === b.code.tree ? 1 : 0,
    },
    gaps: listGaps(a, b, codeFiles),
  };
}

function compareConfig(
  a: RunRecord,
  b: RunRecord,
  all: boolean,
): Compared<Comparison['config'][0]> {
  const [inA, inB] = [listConfig(a.config), listConfig(b.config)];
  // Where one side has no resolved configuration, its keys are unknown, not absent.
  if (inA === null || inB === null) return { entries: [], same: 0 };
  const entries: Comparison['config'] = [];
  let same = 0;
  for (const key of unionKeys(inA, inB)) {
    const equal = inA.has(key) && inB.has(key) && isEqual(inA.get(key), inB.get(key));
    if (equal && !hasRedaction(inA.get(key))) same += 1;
    const [originA, originB] = [a.config.origins[key] ?? null, b.config.origins[key] ?? null];
    // What each run draws anew for itself is no difference between what was asked of them.
    const drawn = isGenerated(originA) && isGenerated(originB);
    if ((equal || drawn) && !all) continue;
    entries.push({ key, a: inA.get(key), b: inB.get(key), originA, originB });
  }
  return { entries, same };
}

function compareMetrics(
  a: RunRecord,
  b: RunRecord,
  all: boolean,
): Compared<Comparison['metrics'][0]> {
  const lastOf = (record: RunRecord): Map<string, Numeric | null> =>
    new Map(record.metrics.map((metric) => [metric.name, metric.last]));
  const [inA, inB] = [lastOf(a), lastOf(b)];
  const entries: Comparison['metrics'] = [];
  let same = 0;
  for (const name of unionKeys(inA, inB)) {
    const [valueA, valueB] = [inA.get(name) ?? null, inB.get(name) ?? null];
    const equal = valueA !== null && isEqual(valueA, valueB);
    if (equal) same += 1;
    if (equal && !all) continue;
    entries.push({ name, a: valueA, b: valueB, difference: subtract(valueB, valueA) });
  }
  return { entries, same };
}

/** One artifact a path: the version that stood at the end, else the last that was seen. */
function lastVersions(record: RunRecord): RunRecord['artifacts'] {
  const byPath = new Map<string, RunRecord['artifacts'][0]>();
  for (const artifact of record.artifacts) {
    const known = byPath.get(artifact.path);
    if (known?.state === 'present' && artifact.state !== 'present') continue;
    byPath.set(artifact.path, artifact);
  }
  return [...byPath.values()];
}

function listGaps(a: RunRecord, b: RunRecord, codeFiles: CodeFiles | null): Comparison['gaps'] {
  const gaps: Comparison['gaps'] = [];
  for (const [side, record] of [
    ['a', a],
    ['b', b],
  ] as const) {
    for (const field of fieldNames) {
      const { status, detail } = record.capture[field];
      if (status === 'captured' || status === 'absent') continue;
      gaps.push({ side, field, status, detail });
    }
    if (codeFiles === null && record.code.tree === null && !hasGap(gaps, side)) {
      gaps.push({ side, field: 'code', status: 'absent', detail: record.capture.code.detail });
    }
  }
  return gaps;
}

const hasGap = (gaps: Comparison['gaps'], side: 'a' | 'b'): boolean =>
  gaps.some((gap) => gap.side === side && gap.field === 'code');

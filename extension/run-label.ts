import type { RunSummary } from '../agent/protocol/rpc.ts';
import { chooseKeyMetric } from './key-metric.ts';
import { isLive } from './run-status.ts';
import { formatAge, formatDuration, formatNumber, oneLine, shortId } from './text.ts';

/** `digits`; a run without a name goes by the end of its id. */
export const labelOf = (run: RunSummary): string =>
  run.name === null ? `...${shortId(run.id)}` : oneLine(run.name);

/** Age and key metric: `2 h ago, val_acc .943`. */
export function describeRun(run: RunSummary, nowMs: number): string {
  const metric = chooseKeyMetric(run.metrics);
  const parts = [
    formatAge(run.createdAt, nowMs),
    metric === null ? '' : `${oneLine(metric.name)} ${formatNumber(metric.value)}`,
    run.complete || isLive(run.status) ? '' : 'incomplete',
    run.trust === 'ok' ? '' : run.trust,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** `digits 12 s`, or `3 runs`; empty where nothing goes on. */
export function describeLive(live: readonly RunSummary[], nowMs: number): string {
  const [run] = live;
  if (run === undefined) return '';
  if (live.length > 1) return `${live.length} runs`;
  return `${labelOf(run)} ${formatDuration(elapsedMs(run, nowMs))}`;
}

function elapsedMs(run: RunSummary, nowMs: number): number {
  // Whole seconds: the item is drawn once a second.
  return Math.max(1000, nowMs - Date.parse(run.startedAt ?? run.createdAt));
}

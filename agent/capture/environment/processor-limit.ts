import { dirname, join } from 'node:path';
import { readLine, readText } from './read-text.ts';

/**
 * How many processors' worth of time the control group may use, as `1.5`; null without a limit.
 * Libraries that count cores do not see it: they start too many threads. The group's own limit and
 * those of the groups above count.
 */
export function readProcessorLimit(root = ''): number | null {
  const groups = readText(join(root, '/proc/self/cgroup')) ?? '';
  const unified = /^0::(.*)$/m.exec(groups)?.[1];
  const named = /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(.*)$/m.exec(groups)?.[1];
  const limits = [
    ...(unified === undefined ? [] : upwards(unified).map((group) => readUnified(root, group))),
    ...(named === undefined ? [] : upwards(named).map((group) => readNamed(root, group))),
  ].filter((limit) => limit !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}

/** A group and those above it; in a container the path may not be there, but its root is. */
function upwards(group: string): string[] {
  const groups = [group];
  for (let above = group; above !== '/' && above !== '.'; ) {
    above = dirname(above);
    groups.push(above);
  }
  return groups;
}

/** `150000 100000`, or `max 100000`. */
function readUnified(root: string, group: string): number | null {
  const [quota, period] = (readLine(join(root, '/sys/fs/cgroup', group, 'cpu.max')) ?? '').split(
    ' ',
  );
  return divide(quota, period);
}

function readNamed(root: string, group: string): number | null {
  const folder = join(root, '/sys/fs/cgroup/cpu', group);
  const quota = readLine(join(folder, 'cpu.cfs_quota_us'));
  return divide(quota, readLine(join(folder, 'cpu.cfs_period_us')));
}

function divide(
  quota: string | null | undefined,
  period: string | null | undefined,
): number | null {
  const [part, whole] = [Number(quota ?? Number.NaN), Number(period ?? Number.NaN)];
  return part > 0 && whole > 0 ? part / whole : null;
}

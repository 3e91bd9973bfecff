import type { Point } from '../protocol/journal.ts';
import type { Metric } from '../protocol/record.ts';
import type { Numeric } from '../protocol/values.ts';

/** The number that a value stands for; NaN for `NaN`, rounded beyond 2^53. */
export function numberOf(value: Numeric): number {
  return typeof value === 'number' ? value : Number(value);
}

/**
 * The summary of each series after more points. `min` and `max` are over the numbers: a NaN
 * counts and is the last value, but does not become the least or the greatest.
 */
export function foldMetrics(metrics: Metric[], points: Point[], source: string): Metric[] {
  if (points.length === 0) return metrics;
  const folded = new Map(metrics.map((metric) => [metric.name, metric]));
  const fresh = new Set<string>();
  for (const point of points) {
    const standing = folded.get(point.name);
    // Copied once a batch: the caller's record stays as it was, and a batch stays linear.
    const metric =
      standing === undefined
        ? startOf(point, source)
        : fresh.has(point.name)
          ? standing
          : { ...standing };
    if (standing !== metric) folded.set(point.name, metric);
    fresh.add(point.name);
    addPoint(metric, point);
  }
  return [...folded.values()];
}

function startOf(point: Point, source: string): Metric {
  const unknown = { last: null, min: null, max: null, step: null, unit: null };
  return { name: point.name, ...unknown, count: 0, source };
}

function addPoint(metric: Metric, point: Point): void {
  metric.count += 1;
  metric.last = point.value;
  if (point.step !== null) metric.step = point.step;
  if (point.unit !== null) metric.unit = point.unit;
  const value = numberOf(point.value);
  if (Number.isNaN(value)) return;
  if (metric.min === null || compareNumeric(point.value, metric.min) < 0) metric.min = point.value;
  if (metric.max === null || compareNumeric(point.value, metric.max) > 0) metric.max = point.value;
}

/** Negative where a < b. Digits beyond 2^53 are compared as whole numbers, not rounded ones. */
function compareNumeric(a: Numeric, b: Numeric): number {
  const difference = numberOf(a) - numberOf(b);
  if (difference !== 0 || typeof a === 'number' || typeof b === 'number') return difference;
  if (!/^-?\d+$/.test(a) || !/^-?\d+$/.test(b)) return 0;
  return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
}

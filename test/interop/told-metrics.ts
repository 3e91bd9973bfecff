import assert from 'node:assert/strict';
import type { RunRecord } from '../../agent/protocol/record.ts';

/** That these metrics are in the record, each with so many points, by one source, and told once. */
export function holdsMetrics(
  { metrics }: RunRecord,
  expected: Record<string, [count: number, source: string]>,
): void {
  const names = metrics.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)]);
  const held = Object.fromEntries(
    metrics
      .filter(({ name }) => Object.hasOwn(expected, name))
      .map(({ name, count, source }) => [name, [count, source]]),
  );
  assert.deepEqual(held, expected);
}

/** That the generators of these libraries were seeded so. */
export function holdsSeeds({ environment }: RunRecord, expected: Record<string, number>): void {
  const seeds = (environment?.seeds ?? [])
    .filter(({ library }) => Object.hasOwn(expected, library))
    .map(({ library, value }) => [library, value]);
  assert.deepEqual(Object.fromEntries(seeds), expected);
}

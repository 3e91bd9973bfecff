import assert from 'node:assert/strict';
import { formatAge, formatDuration } from '../../agent/core/text/duration.ts';

const now = Date.parse('2026-11-23T18:00:00.000Z');
const before = (ms: number): string => new Date(now - ms).toISOString();

describe('a duration as it is written', () => {
  const written: [number, string][] = [
    [0, '0 ms'],
    [850, '850 ms'],
    [999.6, '1.0 s'],
    [4_210, '4.2 s'],
    [9_960, '10 s'],
    [11_000, '11 s'],
    [59_600, '1 m 00 s'],
    [242_000, '4 m 02 s'],
    [252_000, '4 m 12 s'],
    [7_500_000, '2 h 05 m'],
    [273_600_000, '3 d 04 h'],
  ];
  for (const [ms, text] of written) {
    it(`${ms} ms is ${text}`, () => assert.equal(formatDuration(ms), text));
  }
  it('is a dash where it is not known', () => assert.equal(formatDuration(null), '-'));
});

describe('an age as it is written', () => {
  const written: [number, string][] = [
    [-30_000, 'now'],
    [-600_000, 'in 10 m'],
    [500, 'now'],
    [11_000, '11 s ago'],
    [300_000, '5 m ago'],
    [7_200_000, '2 h ago'],
    [30 * 3_600_000, '30 h ago'],
    [12 * 86_400_000, '12 d ago'],
    [100 * 86_400_000, '2026-08-15'],
  ];
  for (const [ms, text] of written) {
    it(`${ms} ms ago is ${text}`, () => assert.equal(formatAge(before(ms), now), text));
  }
  it('is a dash where it is not known or no time', () => {
    assert.equal(formatAge(null, now), '-');
    assert.equal(formatAge('yesterday', now), '-');
  });
});

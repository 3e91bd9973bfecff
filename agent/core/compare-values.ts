import type { Artifact, DataEntry } from '../protocol/record.ts';
import { canonicalJson } from './canonical.ts';

/** Whether two things are the same; `unknown` where what is recorded cannot tell. */
export type Likeness = 'same' | 'different' | 'unknown';

type Pinned = Pick<DataEntry | Artifact, 'digest' | 'mode' | 'sizeBytes'> & {
  stat?: string | undefined;
  version?: string | null;
  changedDuringRun?: boolean;
};

/**
 * Compares what two records know of a file. A digest of one mode says nothing about a digest of
 * another, and what is unknown is never equal; sizes that differ are enough to differ.
 */
export function compareContent(a: Pinned, b: Pinned): Likeness {
  const whole = a.mode === b.mode && (a.mode === 'full' || a.mode === 'tree');
  if (a.sizeBytes !== null && b.sizeBytes !== null && a.sizeBytes !== b.sizeBytes) {
    if (whole || isFile(a) === isFile(b)) return 'different';
  }
  if (a.mode !== b.mode) return 'unknown';
  // What a program saw of a file that changed while it ran is not pinned by either digest.
  const steady = !a.changedDuringRun && !b.changedDuringRun;
  if (a.digest !== null && b.digest !== null) {
    if (a.digest !== b.digest) return 'different';
    return steady ? 'same' : 'unknown';
  }
  if (a.mode === 'stat' && a.stat !== undefined && a.stat === b.stat && steady) return 'same';
  if (a.version && b.version) return a.version === b.version ? 'same' : 'different';
  return 'unknown';
}

const isFile = (entry: Pinned): boolean => entry.mode !== 'tree';

/** Equal as JSON values; members in any order. */
export function isEqual(a: unknown, b: unknown): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
}

/** The keys of both, in the order of `a` and then what only `b` has, each once. */
export function unionKeys<T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])];
}

/** What stands where a credential was: two of them are alike, whatever they were of. */
export function hasRedaction(value: unknown): boolean {
  return value !== undefined && canonicalJson(value).includes('[redacted');
}

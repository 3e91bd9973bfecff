import type { Artifact, DataEntry } from '../protocol/record.ts';
import type { ContentDifference } from '../protocol/verbs.ts';
import type { Compared } from './compare.ts';
import { compareContent, unionKeys } from './compare-values.ts';

type Entry = DataEntry | Artifact;

/** Files by path (or by its bytes where it is not UTF-8): what differs, or cannot be told. */
export function listContent(
  a: readonly Entry[],
  b: readonly Entry[],
  all: boolean,
): Compared<ContentDifference> {
  const [inA, inB] = [byPath(a), byPath(b)];
  const entries: ContentDifference[] = [];
  let same = 0;
  for (const key of unionKeys(inA, inB)) {
    const [one, other] = [inA.get(key), inB.get(key)];
    const change = describeChange(one, other);
    if (change === 'same') same += 1;
    if (change === 'same' && !all) continue;
    entries.push({
      path: (one ?? other)?.path ?? key,
      a: one?.digest ?? null,
      b: other?.digest ?? null,
      modeA: one?.mode ?? null,
      modeB: other?.mode ?? null,
      change,
    });
  }
  return { entries, same };
}

function byPath(entries: readonly Entry[]): Map<string, Entry> {
  return new Map(
    entries.map((entry) => [
      entry.pathBytes === undefined ? entry.path : `bytes:${entry.pathBytes}`,
      entry,
    ]),
  );
}

function describeChange(a: Entry | undefined, b: Entry | undefined): ContentDifference['change'] {
  if (a === undefined) return 'added';
  if (b === undefined) return 'removed';
  const likeness = compareContent(a, b);
  return likeness === 'different' ? 'changed' : likeness;
}

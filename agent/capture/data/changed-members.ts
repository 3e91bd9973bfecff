import { type BytePath, recordedPath } from '../byte-path.ts';
import { type ManifestEntry, readManifest } from './manifest.ts';

/** A file of a folder that is not what it was; digests where they are known. */
export interface ChangedMember {
  path: string;
  pathBytes?: string;
  change: 'added' | 'deleted' | 'modified';
  before: string | null;
  after: string | null;
}

/** What differs between two manifests (or two lists of stats), both sorted by path. */
export function* diffManifests(before: Buffer, after: Buffer): Generator<ChangedMember> {
  const [one, other] = [readManifest(before), readManifest(after)];
  let [a, b] = [one.next(), other.next()];
  while (!a.done || !b.done) {
    const order = a.done ? 1 : b.done ? -1 : comparePaths(a.value.path, b.value.path);
    if (order < 0 && !a.done) {
      yield describe('deleted', a.value, null);
      a = one.next();
    } else if (order > 0 && !b.done) {
      yield describe('added', null, b.value);
      b = other.next();
    } else if (!a.done && !b.done) {
      if (a.value.mark !== b.value.mark) yield describe('modified', a.value, b.value);
      a = one.next();
      b = other.next();
    }
  }
}

function comparePaths(a: BytePath, b: BytePath): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function describe(
  change: ChangedMember['change'],
  before: ManifestEntry | null,
  after: ManifestEntry | null,
): ChangedMember {
  const { path } = (after ?? before) as ManifestEntry;
  return {
    ...recordedPath(path),
    change,
    before: digestOf(before),
    after: digestOf(after),
  };
}

/** A list of stats has none. */
function digestOf(entry: ManifestEntry | null): string | null {
  return entry !== null && /^[0-9a-f]{64}$/.test(entry.mark) ? `sha256:${entry.mark}` : null;
}

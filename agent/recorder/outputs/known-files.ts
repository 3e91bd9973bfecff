import { type BytePath, placeInRecord, placeOnDisk } from '../../capture/byte-path.ts';
import { type FileStat, statKey } from '../../core/seams.ts';
import type { Artifact } from '../../protocol/record.ts';
import { statFile } from './scan.ts';

/** Whose a version is, and how that was seen. */
export type Attributed = Pick<Artifact, 'attribution' | 'seen'>;

/** The version of a file that was recorded last. */
export interface Known {
  stat: FileStat;
  digest: string;
  firstSeenAt: string;
  /** How long the next version must stand still, in ms: doubled while the file only grows. */
  settleMs: number;
  /** When it was recorded, ms since 1970. */
  recordedAtMs: number;
  attributed: Attributed;
}

export const standMs = 1000;

/** What was recorded of a run's outputs, by path and by file, so that a move is told. */
export class KnownFiles {
  readonly #files = new Map<BytePath, Known>();
  readonly #paths = new Map<string, BytePath>();
  readonly #baseline: Map<BytePath, string>;

  /** `baseline`: stat keys at launch. A file that is as it was then is not this run's. */
  constructor(baseline: Map<BytePath, string>) {
    this.#baseline = baseline;
  }

  /** A file that was there at launch too, in a place that the run came to only later. */
  addBaseline(path: BytePath, stat: FileStat): void {
    if (!this.#files.has(path)) this.#baseline.set(path, statKey(stat));
  }

  /** What lies there now is another run's; only a further change is looked at. */
  disown(path: BytePath, stat: FileStat): void {
    this.remove(path);
    this.#baseline.set(path, statKey(stat));
  }

  get(path: BytePath): Known | undefined {
    return this.#files.get(path);
  }

  paths(): IterableIterator<BytePath> {
    return this.#files.keys();
  }

  set(path: BytePath, known: Known): void {
    this.#files.set(path, known);
    this.#paths.set(fileId(known.stat), path);
  }

  /** Forgets a path; answers where its file is now known, or null. */
  remove(path: BytePath): BytePath | null {
    const known = this.#files.get(path);
    if (known === undefined) return null;
    this.#files.delete(path);
    const id = fileId(known.stat);
    const now = this.#paths.get(id);
    if (now !== path) return now ?? null;
    this.#paths.delete(id);
    return null;
  }

  isRecorded(path: BytePath, stat: FileStat): boolean {
    const before = this.#files.get(path)?.stat;
    const key = before === undefined ? this.#baseline.get(path) : statKey(before);
    return key !== undefined && contentPart(key) === contentPart(statKey(stat));
  }

  /** Takes up what an earlier recorder of the run has written down. */
  resume(artifacts: Artifact[], root: string): void {
    for (const artifact of artifacts) {
      if (artifact.state !== 'present' || artifact.digest === null) continue;
      const path = placeOnDisk(artifact, root);
      const stat = statFile(path);
      const untouched =
        stat !== null &&
        stat.size === BigInt(artifact.sizeBytes ?? -1) &&
        Number(stat.mtimeNs / 1_000_000n) <= Date.parse(artifact.lastSeenAt);
      // What may have changed since is given a stat that nothing has: it is read again.
      const none = { dev: 0n, ino: 0n, size: -1n, mtimeNs: 0n, ctimeNs: 0n };
      const { digest, firstSeenAt, attribution, seen } = artifact;
      const attributed = { attribution, ...(seen === undefined ? {} : { seen }) };
      const recordedAtMs = Date.parse(artifact.lastSeenAt);
      const known = { digest, firstSeenAt, settleMs: standMs, recordedAtMs, attributed };
      this.set(path, { ...known, stat: untouched ? stat : none });
    }
  }
}

function fileId(stat: FileStat): string {
  return `${stat.dev}:${stat.ino}`;
}

/** A new link or mode moves only the ctime: the content is as it was. */
function contentPart(key: string): string {
  return key.slice(0, key.lastIndexOf(':'));
}

/** A version as the record has it, while it is present. */
export function describeVersion(
  path: BytePath,
  known: Known,
  { root, role, now }: { root: string; role: string; now: string },
): Artifact {
  return {
    ...placeInRecord(path, root),
    digest: known.digest,
    mode: 'full',
    sizeBytes: Number(known.stat.size),
    role,
    mediaType: null,
    firstSeenAt: known.firstSeenAt,
    lastSeenAt: now,
    ...known.attributed,
    state: 'present',
  };
}

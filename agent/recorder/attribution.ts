import type { BytePath } from '../capture/byte-path.ts';
import { reopenedSeconds } from '../core/observed/observed-line.ts';
import type { Attributed, Known } from './outputs/known-files.ts';

/** What another run is known to have written at some path. Times in ms since 1970. */
export interface OtherWriter {
  id: string;
  /** When it was last seen to open the file for writing; null where that is not known. */
  openedAtMs: number | null;
  /** When a version of it was recorded that is its own alone; null where none was. */
  recordedAtMs: number | null;
  /** None of its processes is there any more. */
  isOver: boolean;
}

export interface AttributionOptions {
  id: string;
  /** Other runs that may have written there, for all that was seen; asked at each version. */
  rivals(path: BytePath): string[];
  /** When this run was last seen, or told in words, to write a file: in ms since 1970. */
  openedAtMs(path: BytePath): { hook: number | null; argument: number | null };
  /** Other runs that were seen to write there. */
  writersOf(path: BytePath): OtherWriter[];
  /** Whether it lies in a folder that this run was given to write to. */
  isGiven(path: BytePath): boolean;
  /** The folders were named by the user, not found among the usual ones. */
  declared: boolean;
  /** The run went on for a while with no recorder: what changed then is not known to be its own. */
  unattended: boolean;
}

/** The last opening may be so much later than the one that was told. */
const reopenedMs = reopenedSeconds * 1000;

/**
 * Tells whose a version is (record.md, guarantee 6): this run's where it was seen to write it, another
 * run's (null) where that one was. Where both were, the one that had finished before the other began
 * is out; else it is contested. What nobody was seen to write is this run's where no other run was
 * given the place, contested where another was, and nobody's outside of it, or where the run was not
 * watched in a place that nobody gave to it alone. Never by time alone.
 */
export function createAttribution(
  options: AttributionOptions,
): (path: BytePath, named: boolean, known: Known | undefined) => Attributed | null {
  const { id } = options;
  return (path, named, known) => {
    const { hook, argument } = options.openedAtMs(path);
    const openedAtMs = hook ?? argument;
    const writers = options.writersOf(path);
    if (named || openedAtMs !== null) {
      const seen: Attributed['seen'] = [
        ...(named ? ['declared' as const] : []),
        ...(hook === null ? [] : ['hook' as const]),
        ...(hook === null && argument !== null ? ['argument' as const] : []),
      ];
      const rivals = writers.filter((other) => !hadFinished(other, openedAtMs));
      if (rivals.length === 0) return { attribution: { kind: 'observed', runs: [id] }, seen };
      const ownAtMs = known?.attributed.attribution.kind === 'observed' ? known.recordedAtMs : null;
      if (isFinished(ownAtMs, openedAtMs) && rivals.every((other) => cameAfter(other, ownAtMs)))
        return null;
      return {
        attribution: contested(
          id,
          rivals.map((other) => other.id),
        ),
        seen,
      };
    }
    if (writers.length > 0) return null;
    const others = options.rivals(path);
    if (others.length > 0) return { attribution: contested(id, others), seen: ['scan'] };
    const given = options.isGiven(path) && (options.declared || !options.unattended);
    const kind = given ? 'exclusive-directory' : 'unattributed';
    return { attribution: { kind, runs: [id] }, seen: ['scan'] };
  };
}

function contested(id: string, others: string[]): Attributed['attribution'] {
  return { kind: 'contested', runs: [...new Set([id, ...others])].sort() };
}

/** Another's version was whole, and recorded as its own, before this run opened the file. */
function hadFinished(other: OtherWriter, openedAtMs: number | null): boolean {
  if (openedAtMs === null) return false;
  const { openedAtMs: theirs, recordedAtMs, isOver } = other;
  if (theirs === null) return recordedAtMs !== null && recordedAtMs < openedAtMs;
  if (theirs + reopenedMs >= openedAtMs) return false;
  return isOver || isFinished(recordedAtMs, theirs);
}

/** A version that was recorded after the file's last opening was whole then. */
function isFinished(recordedAtMs: number | null, openedAtMs: number | null): boolean {
  return recordedAtMs !== null && (openedAtMs === null || recordedAtMs > openedAtMs + reopenedMs);
}

function cameAfter(other: OtherWriter, ownAtMs: number | null): boolean {
  const theirs = other.openedAtMs ?? other.recordedAtMs;
  return ownAtMs !== null && theirs !== null && theirs > ownAtMs;
}

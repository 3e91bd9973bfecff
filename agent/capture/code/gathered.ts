import type { LeftOut, Repository } from '../../protocol/record.ts';
import type { Worktree } from './repository.ts';

/** What is gathered over a repository and all inside it. */
export interface Gathered {
  leftOut: LeftOut[];
  conversions: string[];
  submodules: Repository[];
  repositories: Repository[];
  problems: string[];
  failures: string[];
  seen: Seen;
}

/** The working trees of one launch, whichever list they end up in. */
export interface Seen {
  /** Tops of working trees: none is captured twice. */
  tops: Set<string>;
  /** How many snapshots of this launch lie in one store of objects and refs. */
  stores: Map<string, number>;
}

export function nothingSeen(): Seen {
  return { tops: new Set(), stores: new Map() };
}

export function nothingGathered(seen: Seen = nothingSeen()): Gathered {
  return {
    leftOut: [],
    conversions: [],
    submodules: [],
    repositories: [],
    problems: [],
    failures: [],
    seen,
  };
}

/** Adds what was gathered side by side, in an order of the caller's. */
export function addGathered(all: Gathered, more: Gathered): void {
  all.leftOut.push(...more.leftOut);
  all.conversions.push(...more.conversions);
  all.repositories.push(...more.submodules, ...more.repositories);
  all.problems.push(...more.problems);
  all.failures.push(...more.failures);
}

/**
 * The name of a working tree's snapshot below `refs/runrecord/`: the run's id. Linked worktrees
 * share their refs, so the second of one store gets a number behind it.
 */
export function snapshotName(worktree: Worktree, runId: string, seen: Seen): string {
  const before = seen.stores.get(worktree.commonDir) ?? 0;
  seen.stores.set(worktree.commonDir, before + 1);
  return before === 0 ? runId : `${runId}-${before + 1}`;
}

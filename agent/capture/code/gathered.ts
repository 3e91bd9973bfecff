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

/** Adds what was gathered inside a repository, each to the list of its kind. */
export function addInside(all: Gathered, more: Gathered): void {
  // Not spread into arguments: a folder may have left out a hundred thousand files.
  for (const entry of more.leftOut) all.leftOut.push(entry);
  for (const path of more.conversions) all.conversions.push(path);
  all.submodules.push(...more.submodules);
  all.repositories.push(...more.repositories);
  all.problems.push(...more.problems);
  all.failures.push(...more.failures);
}

/** Adds what was gathered of a repository elsewhere: its submodules are none of the workspace's. */
export function addGathered(all: Gathered, { submodules, repositories, ...more }: Gathered): void {
  addInside(all, { ...more, submodules: [], repositories: [...submodules, ...repositories] });
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

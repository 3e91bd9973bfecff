import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  dropRecordRefs,
  listRecordRefs,
  type RecordRef,
  snapshotPlaces,
} from '../capture/code/record-refs.ts';
import type { Problem } from '../protocol/verbs.ts';
import { type Layout, readWorkspaceId } from '../store/layout.ts';
import { liveFolder } from './live.ts';

/** A run whose folder is gone, and what the repositories still hold of it. */
export interface LostRecord {
  id: string;
  refs: RecordRef[];
  /** Its journal was anchored: `reindex --recover` brings it back. */
  isAnchored: boolean;
}

/**
 * Runs of this workspace whose folders are gone while their snapshots are not. Refs of other
 * workspaces that share the repository (worktrees, a library that several import) are none of ours.
 */
export async function findLostRecords(layout: Layout): Promise<LostRecord[]> {
  const own = readWorkspaceId(layout);
  if (own === null) return [];
  const all = await listRecordRefs(snapshotPlaces(layout.root, layout.cache));
  const ids = new Set(all.filter((ref) => ref.workspaceId === own).map((ref) => ref.id));
  return (
    [...ids]
      .filter((id) => !existsSync(layout.runFolder(id)))
      // A launch that was cut is taken back by the next run, with all that it has left.
      .filter((id) => !existsSync(join(liveFolder(layout), id)))
      .sort()
      .map((id) => {
        const refs = all.filter((ref) => ref.id === id);
        return { id, refs, isAnchored: refs.some((ref) => ref.isJournal) };
      })
  );
}

/** What `verify --all` says of them. */
export function problemsOfLost(lost: LostRecord[]): Problem[] {
  return lost.map(({ id, refs, isAnchored }) => ({
    subject: refs[0]?.ref ?? id,
    what: isAnchored
      ? 'the record of this snapshot is gone; runrecord reindex --recover brings it back'
      : 'the record of this snapshot is gone; runrecord reindex --prune removes what is left of it',
    expected: id,
    found: null,
  }));
}

/** Deletes what the repositories hold of runs whose folders were deleted. Answers their ids. */
export async function pruneLostRecords(
  layout: Layout,
): Promise<{ pruned: string[]; problems: string[] }> {
  const pruned: string[] = [];
  const problems: string[] = [];
  for (const { id, refs } of await findLostRecords(layout)) {
    const left = await dropRecordRefs(refs);
    if (left.length === 0) pruned.push(id);
    for (const { ref, folder } of left) problems.push(`${ref} in ${folder} could not be deleted`);
  }
  return { pruned, problems };
}

/** Deletes all that the repositories hold of one run, where its record is deleted too. */
export async function dropRefsOf(layout: Layout, id: string): Promise<void> {
  const all = await listRecordRefs(snapshotPlaces(layout.root, layout.cache));
  await dropRecordRefs(all.filter((ref) => ref.id === id));
}

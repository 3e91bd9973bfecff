import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refs } from '../../protocol/names.ts';
import { GitError, GitMissing, git } from '../git.ts';
import { placeFile, sidecarsIn } from './sidecar.ts';

/** One ref of ours: the snapshot of a run, or the journal that was anchored at its end. */
export interface RecordRef {
  /** A folder of the repository that holds it. */
  folder: string;
  ref: string;
  /** The run's id. */
  id: string;
  object: string;
  isJournal: boolean;
  /** Of the workspace whose run it is; null where the snapshot does not say. */
  workspaceId: string | null;
}

const runName = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:-\d+)?$/;

/**
 * The folders in whose repositories snapshots of a workspace's runs may be: its own, and each that
 * was ever captured, as long as the cache tells.
 */
export function snapshotPlaces(workspaceRoot: string, cacheFolder: string): string[] {
  const places = new Set([workspaceRoot]);
  for (const folder of foldersOf(sidecarsIn(cacheFolder))) {
    try {
      const top = readFileSync(join(folder, placeFile), 'utf8');
      if (existsSync(join(top, '.git'))) places.add(top);
    } catch {
      // Made by an interrupted launch: nothing was captured with it.
    }
  }
  return [...places];
}

function foldersOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** All refs of ours in these repositories; one that two folders share is told once. */
export async function listRecordRefs(folders: string[]): Promise<RecordRef[]> {
  const found = new Map<string, RecordRef>();
  for (const folder of folders) {
    for (const ref of await refsIn(folder)) {
      const key = `${ref.ref} ${ref.object}`;
      if (!found.has(key)) found.set(key, ref);
    }
  }
  return [...found.values()];
}

/** Deletes refs, if they are still what they were. Answers those that could not be deleted. */
export async function dropRecordRefs(records: RecordRef[]): Promise<RecordRef[]> {
  const left: RecordRef[] = [];
  for (const record of records) {
    await git(['update-ref', '-d', record.ref, record.object], { cwd: record.folder }).catch(() =>
      left.push(record),
    );
  }
  return left;
}

async function refsIn(folder: string): Promise<RecordRef[]> {
  const format = '%(refname)%00%(objectname)%00%(contents:body)%00';
  let output: Buffer;
  try {
    output = await git(['for-each-ref', `--format=${format}`, refs.snapshots], { cwd: folder });
  } catch (error) {
    // No repository, or none that git may read.
    if (error instanceof GitError || error instanceof GitMissing) return [];
    throw error;
  }
  const parts = output.toString('utf8').split('\0');
  const found: RecordRef[] = [];
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const ref = (parts[at] ?? '').trimStart();
    const isJournal = ref.startsWith(refs.journals);
    const name = ref.slice((isJournal ? refs.journals : refs.snapshots).length);
    const id = runName.exec(name)?.[1];
    if (id === undefined) continue;
    const workspaceId = /^Workspace: (\S+)$/m.exec(parts[at + 2] ?? '')?.[1] ?? null;
    found.push({ folder, ref, id, object: parts[at + 1] ?? '', isJournal, workspaceId });
  }
  return found;
}

import type { BigIntStats } from 'node:fs';
import { type BytePath, bytePath, pathText } from '../byte-path.ts';
import { GitError, git } from '../git.ts';
import { isSameState } from './choose-file.ts';
import { createLook } from './look.ts';
import type { Worktree } from './repository.ts';
import type { Sidecar } from './sidecar.ts';
import { zeroTerminated } from './zero-terminated.ts';

/** What makes an index that of the working tree. */
export interface IndexEdit {
  /** With the stat on which it was decided; null for a submodule. */
  add: Map<BytePath, BigIntStats | null>;
  remove: Set<BytePath>;
  /** Submodules that are not initialised, with their commit. */
  links: Map<BytePath, string>;
}

/** Files that are not in the index as it was meant. */
export interface EditResult {
  /** Could not be read after all; not in the index. */
  unreadable: BytePath[];
  /** Went on changing while they were read; in the index as they were last. */
  unstable: BytePath[];
  /** Were gone when they were to be read; not in the index. */
  vanished: BytePath[];
}

/** Git names the file that it stopped at, even where it is the place to write to that failed. */
const storeFailure =
  /insufficient permission for adding|Read-only file system|No space left|quota exceeded|unable to (create temporary|write)/i;

/** A file that changes while it is read is read again, so often. */
const attempts = 3;

/** Applies an edit to the index at `workFile`, writing the blobs it needs. */
export async function editIndex(
  worktree: Worktree,
  sidecar: Sidecar,
  workFile: string,
  edit: IndexEdit,
): Promise<EditResult> {
  const run = (args: string[], input: Buffer) =>
    git(['update-index', '-z', ...args], {
      cwd: worktree.top,
      env: sidecar.env(workFile),
      input,
    });
  const result: EditResult = { unreadable: [], unstable: [], vanished: [] };
  if (edit.remove.size > 0) await run(['--force-remove', '--stdin'], zeroTerminated(edit.remove));
  if (edit.links.size > 0) {
    const lines = [...edit.links].map(([path, id]) => `160000 ${id}\t${path}`);
    await run(['--add', '--index-info'], zeroTerminated(lines));
  }
  let pending = new Map(edit.add);
  for (let attempt = 0; pending.size > 0 && attempt < attempts; attempt += 1) {
    await addAll(pending, run, result);
    pending = changedMeanwhile(worktree.top, pending, result);
  }
  result.unstable.push(...pending.keys());
  if (result.vanished.length > 0) {
    await run(['--force-remove', '--stdin'], zeroTerminated(result.vanished));
  }
  return result;
}

async function addAll(
  files: Map<BytePath, BigIntStats | null>,
  run: (args: string[], input: Buffer) => Promise<Buffer>,
  result: EditResult,
): Promise<void> {
  while (files.size > 0) {
    try {
      const input = zeroTerminated(files.keys());
      await run(['--add', '--remove', '--replace', '--stdin'], input);
      return;
    } catch (error) {
      // Git gives up at the first file that it cannot take: go on without it.
      const refused = refusedPath(error, files);
      if (refused === null) throw error;
      files.delete(refused);
      result.unreadable.push(refused);
      await run(['--force-remove', '--stdin'], zeroTerminated([refused]));
    }
  }
}

function refusedPath(error: unknown, files: Map<BytePath, unknown>): BytePath | null {
  if (!(error instanceof GitError) || storeFailure.test(error.stderr)) return null;
  const named = /Unable to process path (.*)$/s.exec(error.stderr)?.[1];
  if (named === undefined) return null;
  const path = bytePath(named.trimEnd());
  if (files.has(path)) return path;
  // The message may have lost bytes that are not UTF-8.
  const alike = [...files.keys()].filter((key) => pathText(key) === named);
  return alike.length === 1 ? (alike[0] ?? null) : null;
}

function changedMeanwhile(
  top: string,
  files: Map<BytePath, BigIntStats | null>,
  result: EditResult,
): Map<BytePath, BigIntStats | null> {
  const look = createLook(top);
  const changed = new Map<BytePath, BigIntStats | null>();
  for (const [path, before] of files) {
    if (before === null) continue;
    const after = look(path);
    if (after === null) result.vanished.push(path);
    else if (!isSameState(before, after)) changed.set(path, after);
  }
  return changed;
}

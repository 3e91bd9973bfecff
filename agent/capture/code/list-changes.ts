import type { Change } from '../../protocol/record.ts';
import { type BytePath, fromRecorded, recordedPath } from '../byte-path.ts';
import type { StatusEntry } from './status.ts';

/** The changes of a repository, sorted by the bytes of their paths. */
export function listChanges(
  entries: StatusEntry[],
  untracked: BytePath[],
  dirtySubmodules: BytePath[],
): Change[] {
  const known = new Set(entries.map((entry) => entry.path));
  const changes: Change[] = entries.map((entry) => ({
    ...recordedPath(entry.path),
    kind: entry.kind,
    ...(entry.from === null ? {} : { from: recordedPath(entry.from).path }),
    staged: entry.staged,
    unstaged: entry.unstaged,
    untracked: false,
  }));
  for (const path of dirtySubmodules) {
    if (known.has(path)) continue;
    const flags = { staged: false, unstaged: true, untracked: false };
    changes.push({ ...recordedPath(path), kind: 'modified', ...flags });
  }
  for (const path of untracked) {
    const flags = { staged: false, unstaged: false, untracked: true };
    changes.push({ ...recordedPath(path), kind: 'added', ...flags });
  }
  return changes
    .map((change) => ({ change, key: fromRecorded(change) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ change }) => change);
}

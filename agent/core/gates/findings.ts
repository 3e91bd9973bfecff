import type { Change, Code, DataEntry, Unresolved } from '../../protocol/record.ts';
import type { Evidence } from '../../protocol/verbs.ts';

function evidence(path: string | null, message: string, line: number | null = null): Evidence {
  return { path, line, endLine: line, message };
}

function describeChange(change: Change): string {
  if (change.untracked) return 'not tracked';
  const where = change.staged
    ? change.unstaged
      ? 'staged and changed again'
      : 'staged'
    : 'not staged';
  return change.kind === 'renamed'
    ? `renamed from ${change.from}, ${where}`
    : `${change.kind}, ${where}`;
}

/** Uncommitted changes, one piece of evidence a file; `hunks` name the lines where known. */
export function findDirtyTree(code: Code, hunks: Evidence[]): Evidence[] {
  const inner = [...code.submodules, ...code.repositories].filter((repo) => repo.clean === false);
  if (code.clean !== false && inner.length === 0) return [];
  const withHunks = new Set(hunks.map((hunk) => hunk.path));
  const files = Array.isArray(code.changes)
    ? code.changes
        .filter((change) => !withHunks.has(change.path))
        .map((change) => evidence(change.path, describeChange(change)))
    : [evidence(null, 'More than 2,000 files are not committed.')];
  return [
    ...hunks,
    ...files,
    ...inner.map((repo) => evidence(repo.path, 'has uncommitted changes')),
  ];
}

/** Files that an editor would have to save first: what runs is what is on disk. */
export function findUnsaved(paths: readonly string[]): Evidence[] {
  return paths.map((path) => evidence(path, 'has changes that are not saved'));
}

const unresolvedMessages: Record<Unresolved['reason'], string> = {
  'missing-value': 'has no value',
  interpolation: 'refers to a key that does not exist',
  environment: 'refers to an environment variable that is not set',
  placeholder: 'still holds a placeholder',
  'merge-marker': 'has a merge conflict marker',
  'duplicate-key': 'is written twice',
  'missing-file': 'names a file that is not there',
  syntax: 'cannot be read',
  schema: 'is not what its schema allows',
};

export function findUnresolved(unresolved: Unresolved[]): Evidence[] {
  return unresolved.map((item) => {
    const what =
      item.message ?? `${item.key ?? item.path ?? 'A value'} ${unresolvedMessages[item.reason]}`;
    const named = item.key === null || what.includes(item.key) ? what : `${item.key}: ${what}`;
    const { column } = item;
    return {
      ...evidence(item.path, named, item.line),
      ...(column === undefined ? {} : { column }),
    };
  });
}

/** What was declared of data, and what was found: the digest, or null where it is not known. */
export interface ExpectedData {
  entry: DataEntry;
  expected: string;
}

/**
 * Declared data that is missing, whose content is not what `runrecord.yaml` says, or not what the
 * tool says that keeps its versions.
 */
export function findChangedData(entries: DataEntry[], expectations: ExpectedData[]): Evidence[] {
  const found: Evidence[] = [];
  for (const entry of entries) {
    if (!entry.seen.includes('declared')) continue;
    const { mode, path, pointer } = entry;
    if (mode === 'pointer') {
      const where = pointer?.path != null && pointer.path !== path ? `, ${pointer.path}` : '';
      found.push(evidence(path, `is declared, and only a pointer to it is there${where}`));
    } else if (entry.sizeBytes === null && mode !== 'uri') {
      found.push(evidence(path, 'is declared, and cannot be read'));
    } else if (pointer?.agrees === false) {
      const says = pointer.path ?? pointer.tool;
      found.push(evidence(path, `is not what ${says} says: ${pointer.digest}`));
    }
  }
  for (const { entry, expected } of expectations) {
    if (entry.mode === 'pointer' || entry.digest === null || entry.digest === expected) continue;
    found.push(evidence(entry.path, `is ${entry.digest}, and runrecord.yaml says ${expected}`));
  }
  return found;
}

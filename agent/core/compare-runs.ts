import type { Code, RunRecord } from '../protocol/record.ts';
import type { Comparison } from '../protocol/verbs.ts';
import { compareRecords } from './compare.ts';

/** Asks the repository which files differ between two trees. */
export type CompareCode = (a: Code, b: Code) => Promise<Comparison['code']>;

/** Compares two records and the trees that they name. `compareCode` null: git is not to be run. */
export async function compareRuns(
  a: RunRecord,
  b: RunRecord,
  options: { all: boolean; compareCode: CompareCode | null },
): Promise<Comparison> {
  return compareRecords(a, b, await compareTrees(a, b, options.compareCode), { all: options.all });
}

/** Null where it cannot be told: without a tree, or where git no longer has it. */
async function compareTrees(
  a: RunRecord,
  b: RunRecord,
  compareCode: CompareCode | null,
): Promise<Comparison['code']['files'] | null> {
  if (a.code.tree === null || b.code.tree === null) return null;
  const isAlone = a.code.submodules.length + a.code.repositories.length === 0;
  if (a.code.tree === b.code.tree && isAlone) return [];
  if (compareCode === null) return null;
  try {
    return (await compareCode(a.code, b.code)).files;
  } catch {
    return null;
  }
}

import type { Code, RunRecord } from '../protocol/record.ts';
import type { Comparison } from '../protocol/verbs.ts';
import { compareRecords } from './compare.ts';
import { compareCodeFiles } from './compare-code-files.ts';

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
  const loose = compareCodeFiles(a.code, b.code);
  // Without any repository the files that were kept are all that there is.
  const isLoose = a.code.tree === null && b.code.tree === null && a.code.root === null;
  if (isLoose && a.code.files !== undefined && b.code.files !== undefined) return loose;
  if (a.code.tree === null || b.code.tree === null) return null;
  const isAlone = a.code.submodules.length + a.code.repositories.length === 0;
  if (a.code.tree === b.code.tree && isAlone) return loose;
  if (compareCode === null) return null;
  try {
    return [...(await compareCode(a.code, b.code)).files, ...loose];
  } catch {
    return null;
  }
}

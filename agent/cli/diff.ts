import { compareRecords } from '../core/compare.ts';
import { exitCodes } from '../protocol/names.ts';
import type { RunRecord } from '../protocol/record.ts';
import type { Comparison } from '../protocol/verbs.ts';
import type { CliDeps, Records } from './deps.ts';
import { describeComparison } from './diff-text.ts';
import type { VerbInput } from './verb.ts';

/** `runrecord diff`: what differs between two runs. */
export async function act({ deps, output, operands, options }: VerbInput): Promise<number> {
  const [refA = '', refB = ''] = operands;
  const records = await deps.openRecords();
  try {
    const [a, b] = [readRecord(records, refA), readRecord(records, refB)];
    const comparison = await compareRuns(deps, records.root, a, b, options.all === true);
    if (output.json) await output.printJson(comparison);
    else await output.print(describeComparison(comparison, a, b, output, deps.now()));
    return exitCodes.done;
  } finally {
    records.close();
  }
}

/** The record that a reference means. */
export function readRecord(records: Records, ref: string): RunRecord {
  const { id } = records.resolveRef(ref);
  const record = records.record(id);
  if (record === null) throw new Error(`the index names run ${id} and has no record of it`);
  return record;
}

/** Compares two records and asks the repository which files differ between their trees. */
export async function compareRuns(
  deps: CliDeps,
  root: string,
  a: RunRecord,
  b: RunRecord,
  all: boolean,
): Promise<Comparison> {
  return compareRecords(a, b, await compareTrees(deps, root, a, b), { all });
}

/** Null where it cannot be told: without a tree, or where git no longer has it. */
async function compareTrees(
  deps: CliDeps,
  root: string,
  a: RunRecord,
  b: RunRecord,
): Promise<Comparison['code']['files'] | null> {
  if (a.code.tree === null || b.code.tree === null) return null;
  if (a.code.tree === b.code.tree && a.code.submodules.length === 0) return [];
  try {
    return (await deps.compareCode(a.code, b.code, root)).files;
  } catch {
    return null;
  }
}

import { compareRuns } from '../core/compare-runs.ts';
import { exitCodes } from '../protocol/names.ts';
import type { RunRecord } from '../protocol/record.ts';
import type { Records } from './deps.ts';
import { describeComparison } from './diff-text.ts';
import type { VerbInput } from './verb.ts';

/** `runrecord diff`: what differs between two runs. */
export async function act({ deps, output, operands, options }: VerbInput): Promise<number> {
  const [refA = '', refB = ''] = operands;
  const records = await deps.openRecords();
  try {
    const [a, b] = [readRecord(records, refA), readRecord(records, refB)];
    const comparison = await compareRuns(a, b, {
      all: options.all === true,
      compareCode: (codeA, codeB) => deps.compareCode(codeA, codeB, records.root),
    });
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

import { exitCodes } from '../protocol/names.ts';
import type { RunRecord } from '../protocol/record.ts';
import type { Comparison, Shown } from '../protocol/verbs.ts';
import type { Records } from './deps.ts';
import { compareRuns, readRecord } from './diff.ts';
import { describeHeader } from './show-header.ts';
import { describeInputs } from './show-inputs.ts';
import { describeResults } from './show-results.ts';
import { describeSince } from './show-since.ts';
import type { VerbInput } from './verb.ts';

/** `runrecord show`: one run, what is recorded of it and what is not. */
export async function act({ deps, output, operands }: VerbInput): Promise<number> {
  const records = await deps.openRecords();
  try {
    const record = readRecord(records, operands[0] ?? '');
    const shown: Shown = { ...record, trust: records.trustOf(record.id) };
    if (output.json) {
      await output.printJson(shown);
      return exitCodes.done;
    }
    const previous = findPrevious(records, record);
    const since: Comparison | null =
      previous === null ? null : await compareRuns(deps, records.root, previous, record, false);
    await output.print([
      ...describeHeader(shown, output, deps.now()),
      ...(previous === null || since === null
        ? []
        : describeSince(previous, since, output, deps.now())),
      ...describeResults(record, output),
      ...describeInputs(record, output, deps.now()),
    ]);
    return exitCodes.done;
  } finally {
    records.close();
  }
}

/** The run of the same name that was made before this one. */
function findPrevious(records: Records, record: RunRecord): RunRecord | null {
  if (record.name === null) return null;
  const [row] = records.query(
    'SELECT id FROM runs WHERE name = ? AND (created_at, id) < (?, ?) ' +
      'ORDER BY created_at DESC, id DESC LIMIT 1',
    [record.name, record.lifecycle.createdAt, record.id],
  );
  return row === undefined ? null : records.record(String(row.id));
}

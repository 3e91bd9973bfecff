import { compareRuns } from '../core/compare-runs.ts';
import { describeInputs } from '../core/describe/inputs.ts';
import { describeResults } from '../core/describe/results.ts';
import { dropEmpty } from '../core/describe/section.ts';
import { describeSince } from '../core/describe/since.ts';
import { wrapText } from '../core/text/wrap.ts';
import { exitCodes } from '../protocol/names.ts';
import type { Comparison, Shown } from '../protocol/verbs.ts';
import { findPrevious } from '../store/index/find-previous.ts';
import { readRecord } from './diff.ts';
import { describeHeader } from './show-header.ts';
import { layOutSection } from './show-section.ts';
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
    const previousId = findPrevious(records, record);
    const previous = previousId === null ? null : records.record(previousId);
    const since: Comparison | null =
      previous === null
        ? null
        : await compareRuns(previous, record, {
            all: false,
            compareCode: (a, b) => deps.compareCode(a, b, records.root),
          });
    await output.print([
      ...describeHeader(shown, output, deps.now()),
      ...(previous === null || since === null
        ? []
        : ['', ...wrapText(describeSince(previous, since, deps.now()), output.width)]),
      ...dropEmpty([...describeResults(record), ...describeInputs(record, deps.now())]).flatMap(
        (section) => layOutSection(section, output),
      ),
    ]);
    return exitCodes.done;
  } finally {
    records.close();
  }
}

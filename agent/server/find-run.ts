import { RunRecordError } from '../protocol/errors.ts';
import type { RunRecord } from '../protocol/record.ts';
import type { RunIndex } from '../store/index/open-index.ts';
import type { RequestContext } from './requests.ts';

export interface FoundRun {
  record: RunRecord;
  index: RunIndex;
  /** The workspace root that it was recorded in. */
  root: string;
}

/**
 * A run by its id in any of the folders, or by what `show` on the command line takes.
 *
 * @throws RunRecordError `not-found`, or `ambiguous`
 */
export async function findRun(ref: string, { folders }: RequestContext): Promise<FoundRun> {
  let missing: unknown = null;
  for (const folder of folders.all()) {
    const open = await folder.open();
    if (open === null) continue;
    const record = open.index.record(ref);
    if (record !== null) return { record, ...open };
  }
  for (const folder of folders.all()) {
    const open = await folder.open();
    if (open === null) continue;
    try {
      const record = open.index.record(open.index.resolveRef(ref).id);
      if (record !== null) return { record, ...open };
    } catch (thrown) {
      const isUnknown = thrown instanceof RunRecordError && thrown.code === 'not-found';
      if (!isUnknown) throw thrown;
      missing = thrown;
    }
  }
  throw (
    missing ??
    new RunRecordError(
      'not-found',
      'There is no such run in the open folders.',
      'Refresh the list of runs; its folder may have been removed.',
    )
  );
}

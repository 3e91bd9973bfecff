import type { Redactor } from '../../core/redaction/redactor.ts';
import { JournalWriter } from '../../store/journal.ts';
import type { Layout } from '../../store/layout.ts';
import { acquireLock } from '../../store/lock.ts';
import type { Begun } from '../launch/begin-record.ts';
import { processProbe } from '../probe.ts';
import { identifyProcess } from '../process-identity.ts';
import { readRun } from '../read-run.ts';
import { Recording } from '../recording.ts';

/** A job's record, and how far what its program said stands in it. */
export type ResumedJob = Begun & { metricLines: Record<string, number>; eventsOffset: number };

/** Goes on with the record of a job that an earlier recorder began; null where it has its end. */
export function resumeJob(layout: Layout, id: string, redactor: Redactor): ResumedJob | null {
  const folder = layout.runFolder(id);
  const self = identifyProcess(process.pid);
  const { record, atLaunch, isClosed, metricLines, eventsOffset } = readRun(layout, id);
  if (self === null || record === null || isClosed) return null;
  const lock = acquireLock(folder, self, processProbe);
  if (lock === null) return null;
  const writer = JournalWriter.resume(layout.journal(id));
  const hash = writer.lastHash ?? '';
  const recording = new Recording(folder, writer, record, hash, redactor, atLaunch ?? record);
  return { recording, lock, metricLines, eventsOffset, discard: () => {} };
}

import { rmSync } from 'node:fs';
import type { Redactor } from '../../core/redaction/redactor.ts';
import { messageOf, RunRecordError } from '../../protocol/errors.ts';
import { exitCodes } from '../../protocol/names.ts';
import type { RunRecord } from '../../protocol/record.ts';
import { JournalWriter } from '../../store/journal.ts';
import type { Layout } from '../../store/layout.ts';
import { acquireLock, type Lock } from '../../store/lock.ts';
import { liveFolder } from '../live.ts';
import { announceRun, withdrawRun } from '../outputs/live-runs.ts';
import { processProbe } from '../probe.ts';
import { hostName, identifyProcess } from '../process-identity.ts';
import { Recording, timestamp } from '../recording.ts';

const reserveBytes = 256 * 1024;

export interface Begun {
  recording: Recording;
  lock: Lock;
  /** Takes all of it back: nothing has run. */
  discard(): void;
}

/** Puts the launch part on disk, synced: from here on there is a record. */
export function beginRecord(layout: Layout, record: RunRecord, redactor: Redactor): Begun {
  const folder = layout.runFolder(record.id);
  const self = identifyProcess(process.pid) ?? { pid: process.pid, startTime: null, bootId: null };
  const writer = JournalWriter.create(layout.journal(record.id), { reserveBytes });
  const discard = () => {
    withdrawRun(liveFolder(layout), record.id);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const lock = acquireLock(folder, self, processProbe);
    if (lock === null) throw new Error('another process holds the lock of a run that is new');
    const directories = record.outputs.directories.map((path) => absoluteIn(layout.root, path));
    announceRun(liveFolder(layout), { id: record.id, directories, recorder: self, host: hostName });
    const hash = writer.append('launch', record, timestamp(), { sync: true });
    return { recording: new Recording(folder, writer, record, hash, redactor), lock, discard };
  } catch (error) {
    discard();
    if (error instanceof RunRecordError) throw error;
    throw new RunRecordError(
      'launch-not-kept',
      `The record cannot be written to ${folder}: ${messageOf(error)}.`,
      'Free some space or make the folder writable, then launch again.',
      exitCodes.recorderFailed,
    );
  }
}

export function absoluteIn(root: string, path: string): string {
  return path.startsWith('/') ? path : path === '.' ? root : `${root}/${path}`;
}

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { digestFile } from '../capture/data/digest-file.ts';
import { fingerprint } from '../core/fingerprint.ts';
import { isComplete } from '../core/fold.ts';
import type { Redactor } from '../core/redaction/redactor.ts';
import { findTraceback } from '../core/traceback.ts';
import { files } from '../protocol/names.ts';
import type {
  Capture,
  CaptureStatus,
  Failure,
  Lifecycle,
  Redaction,
  RunRecord,
} from '../protocol/record.ts';
import { sha256 } from '../store/digest.ts';
import { removeObservedFolder } from './observed/observed-folder.ts';
import type { Recording } from './recording.ts';
import { redactEvents } from './redact-events.ts';

const tailBytes = 64 * 1024;

export interface Closing {
  recording: Recording;
  redactor: Redactor;
  /** The exception that nobody caught, as it was seen inside; null where none was. */
  exception: Failure | null;
  /** Output files that could not be read. */
  unreadable: Iterable<string>;
  /** What could not be seen of what the run wrote. */
  unseen: string[];
  /** Processes of the run that were still there when the record was closed. */
  stillRunning: boolean;
  /** How long, in ms, it took to record the outputs after the program's end. */
  settleMs: number;
  /** Places where the keeper replaced a secret in the log. */
  logRedactions: Redaction[];
}

/** Appends the last line of a record: nothing more will come. */
export function closeRecord(closing: Closing): void {
  const { recording, redactor } = closing;
  const { record, folder } = recording;
  redactEvents(join(folder, files.events), redactor);
  const capture: Capture = { ...record.capture, artifacts: artifactsCapture(closing) };
  recording.append(
    'closed',
    {
      lifecycle: withException(record.lifecycle, closing),
      capture,
      complete: isComplete(capture),
      fingerprint: record.fingerprint ?? lateFingerprint(recording),
      files: {
        // While a process can still print, the log has no last digest.
        log: closing.stillRunning ? null : digestOrNull(join(folder, files.log)),
        events: closing.stillRunning ? null : digestOrNull(join(folder, files.events)),
      },
      redactions: [...redactor.found(), ...closing.logRedactions],
    },
    { sync: true },
  );
  recording.writeDocument();
  removeObservedFolder(folder);
}

/**
 * Where data had to be hashed first. The configuration counts as it was resolved at launch, whatever
 * the program made of it, as it does for runs that knew all then; a job has none before it starts.
 */
function lateFingerprint({ record, configAtLaunch }: Recording): string | null {
  const config = record.parent === null ? configAtLaunch : record.config;
  return fingerprint({ ...record, config }, sha256);
}

function digestOrNull(path: string): string | null {
  try {
    return digestFile(path).digest;
  } catch {
    return null;
  }
}

function artifactsCapture({
  recording,
  unreadable,
  unseen,
  stillRunning,
  settleMs,
}: Closing): CaptureStatus {
  const { record, unwritten } = recording;
  const missing = [
    ...[...unreadable].map((path) => `${path}: could not be read`),
    ...[...unwritten].map((what) => `not kept: ${what}`),
    ...unseen,
    ...(record.lifecycle.log?.truncated ? ['the log is not whole'] : []),
    ...(stillRunning ? ['a process of the run was still there when the record was closed'] : []),
  ];
  const durationMs = Math.round(settleMs);
  if (missing.length > 0) return { status: 'partial', detail: missing.join('; '), durationMs };
  if (record.artifacts.length > 0) return { status: 'captured', detail: null, durationMs };
  return { status: 'absent', detail: nothingWritten(record), durationMs };
}

function nothingWritten({ outputs }: RunRecord): string {
  return `nothing was seen to be written, in ${outputs.directories.join(', ')} or elsewhere`;
}

/** What was seen inside; else a Python program that failed says why at the end of its log. */
function withException(lifecycle: Lifecycle, closing: Closing): Lifecycle {
  if (lifecycle.failure?.kind !== 'exit') return lifecycle;
  const { exception, recording, redactor } = closing;
  const { folder } = recording;
  if (exception !== null) return { ...lifecycle, failure: exception };
  const found = findTraceback(readTail(join(folder, files.log)));
  if (found === null) return lifecycle;
  const message = redactor.redactText(found.message, 'lifecycle.failure');
  const traceback = redactor.redactText(found.traceback, 'lifecycle.failure');
  return { ...lifecycle, failure: { kind: 'exception', message, traceback } };
}

function readTail(path: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, tailBytes));
    const length = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}

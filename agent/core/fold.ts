import type { JournalData, JournalEvent } from '../protocol/journal.ts';
import { fieldNames } from '../protocol/names.ts';
import type { Capture, Redaction, RunRecord } from '../protocol/record.ts';
import { foldArtifacts } from './fold-artifacts.ts';
import { foldEntries } from './fold-data.ts';
import { foldMetrics } from './fold-metrics.ts';
import { unknownEnvironment } from './unknown-record.ts';

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * The record after one more line of its journal: a pure reducer. Null until the `launch` line;
 * a second `launch` and unknown types change nothing. What a line does not touch keeps its
 * identity (`===`), so that a caller can tell which parts changed.
 */
export function foldEvent(record: RunRecord | null, event: JournalEvent): RunRecord | null {
  if (record === null) {
    if (event.type !== 'launch') return null;
    return beat({ ...event.data, complete: isComplete(event.data.capture) }, event.at);
  }
  return beat(foldLater(record, event), event.at);
}

function foldLater(record: RunRecord, event: JournalEvent): RunRecord {
  switch (event.type) {
    case 'started':
      return foldStarted(record, event.data);
    case 'data':
      return foldData(record, event.data);
    case 'code':
      return {
        ...withCapture(record, 'code', event.data.capture, event.data.redactions),
        code: { ...record.code, ...event.data.code },
      };
    case 'config':
      return {
        ...withCapture(record, 'config', event.data.capture, event.data.redactions),
        config: { ...record.config, ...event.data.config },
      };
    case 'environment':
      return {
        ...withCapture(record, 'environment', event.data.capture, event.data.redactions),
        environment: { ...(record.environment ?? unknownEnvironment()), ...event.data.environment },
      };
    case 'artifact':
      return { ...record, artifacts: foldArtifacts(record.artifacts, event.data.artifacts) };
    case 'metric':
      return {
        ...record,
        metrics: foldMetrics(record.metrics, event.data.points, event.data.source),
      };
    case 'note':
      return { ...record, notes: [...record.notes, { at: event.at, text: event.data.text }] };
    case 'custom':
      return { ...record, custom: { ...record.custom, ...event.data.values } };
    case 'ended':
      return { ...record, lifecycle: event.data.lifecycle };
    case 'closed':
      return foldClosed(record, event.data);
    default:
      return record;
  }
}

function foldStarted(record: RunRecord, started: JournalData['started']): RunRecord {
  return {
    ...record,
    lifecycle: {
      ...record.lifecycle,
      status: 'running',
      startedAt: started.startedAt,
      process: started.process,
      ...(started.logAbsent === undefined ? {} : { logAbsent: started.logAbsent }),
    },
  };
}

function foldData(record: RunRecord, data: JournalData['data']): RunRecord {
  return {
    ...withCapture(record, 'data', data.capture, data.redactions),
    data: foldEntries(record.data, data.entries, data.folded ?? []),
    fingerprint: data.fingerprint === undefined ? record.fingerprint : data.fingerprint,
  };
}

function foldClosed(record: RunRecord, closed: JournalData['closed']): RunRecord {
  return {
    ...record,
    lifecycle: closed.lifecycle,
    capture: closed.capture,
    complete: closed.complete && isComplete(closed.capture),
    fingerprint: closed.fingerprint,
    files: closed.files,
    redactions: addRedactions(record.redactions, closed.redactions),
  };
}

function withCapture(
  record: RunRecord,
  field: 'code' | 'config' | 'data' | 'environment',
  status: Capture['data'] | undefined,
  redactions: Redaction[] | undefined,
): RunRecord {
  const capture = status === undefined ? record.capture : { ...record.capture, [field]: status };
  return {
    ...record,
    capture,
    complete: isComplete(capture),
    redactions: addRedactions(record.redactions, redactions),
  };
}

function addRedactions(standing: Redaction[], more: Redaction[] | undefined): Redaction[] {
  const all = [...standing];
  for (const redaction of more ?? []) {
    const known = all.some((one) => one.where === redaction.where && one.rule === redaction.rule);
    if (!known) all.push(redaction);
  }
  return all.length === standing.length ? standing : all;
}

/** Complete is a record in which nothing is partial, failed or still pending. */
export function isComplete(capture: Capture): boolean {
  return fieldNames.every((field) => ['captured', 'absent'].includes(capture[field].status));
}

/** Every line says that its writer was alive then. */
function beat(record: RunRecord, at: string): RunRecord {
  const last = record.lifecycle.heartbeatAt;
  if (!timePattern.test(at) || (last !== null && last >= at)) return record;
  return { ...record, lifecycle: { ...record.lifecycle, heartbeatAt: at } };
}

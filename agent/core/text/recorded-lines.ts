import { fieldNames } from '../../protocol/names.ts';
import type { RunRecord } from '../../protocol/record.ts';
import { formatDuration } from './duration.ts';
import { shortId } from './short.ts';
import { countOf } from './size.ts';
import { makeVisible } from './visible.ts';

/** The two lines after a run: what was recorded and what is missing from it, and where to look. */
export function describeRecorded(record: RunRecord, leftRunning: boolean): [string, string] {
  const { status, durationMs } = record.lifecycle;
  const took = durationMs === null ? '' : ` after ${formatDuration(durationMs)}`;
  const artifacts = record.artifacts.filter((artifact) => artifact.state === 'present').length;
  const missing = fieldNames
    .filter((field) => ['partial', 'failed'].includes(record.capture[field].status))
    .map((field) => `${field} (${record.capture[field].detail ?? record.capture[field].status})`);
  const open = fieldNames.some((field) => record.capture[field].status === 'pending');
  const rest = leftRunning
    ? ' Processes of it still run; what they write is recorded for a minute.'
    : open
      ? ' Large files are still hashed in the background.'
      : '';
  const gap = missing.length === 0 ? '' : ` Missing: ${missing.join(', ')}.`;
  const name = makeVisible(record.name ?? 'run');
  return [
    `Recorded ${name} ...${shortId(record.id)}: ${status}${took}, ${countOf(artifacts, 'artifact')}.${makeVisible(gap)}${rest}`,
    `Look at it: runrecord show ${shortId(record.id)}`,
  ];
}

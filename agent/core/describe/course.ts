import type { RunRecord } from '../../protocol/record.ts';
import { durationOf, formatAge, formatDuration } from '../text/duration.ts';
import { formatSize } from '../text/size.ts';

/** `4 m 12 s, ended 2 h ago, ada on box, exit 0, peak memory 1.2 GB`. */
export function describeCourse({ lifecycle, command }: RunRecord, nowMs: number): string {
  const { status, startedAt, endedAt, exitCode, signal, peakMemoryBytes } = lifecycle;
  const { user, host } = command.launcher;
  const duration = durationOf({ status, startedAt, durationMs: lifecycle.durationMs }, nowMs);
  const when =
    endedAt !== null
      ? `ended ${formatAge(endedAt, nowMs)}`
      : startedAt !== null
        ? `started ${formatAge(startedAt, nowMs)}`
        : `made ${formatAge(lifecycle.createdAt, nowMs)}, never started`;
  const parts = [
    ...(duration === null ? [] : [formatDuration(duration)]),
    when,
    [user, host].filter((part) => part !== null).join(' on '),
    ...(command.cwd === '.' ? [] : [`in ${command.cwd}`]),
    ...(exitCode === null ? [] : [`exit ${exitCode}`]),
    ...(signal === null ? [] : [signal]),
    ...(peakMemoryBytes === null ? [] : [`peak memory ${formatSize(peakMemoryBytes)}`]),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

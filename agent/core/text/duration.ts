import type { ListRow } from '../../protocol/verbs.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const two = (value: number): string => String(value).padStart(2, '0');

/** `850 ms`, `4.2 s`, `11 s`, `4 m 02 s`, `2 h 05 m`, `3 d 04 h`; `-` where it is not known. */
export function formatDuration(durationMs: number | null): string {
  if (durationMs === null || !Number.isFinite(durationMs)) return '-';
  const ms = Math.max(0, durationMs);
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / second).toFixed(1)} s`;
  const seconds = Math.round(ms / second);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/**
 * How long ago a time (RFC 3339) was: `11 s ago`, `5 m ago`, `2 h ago`, `12 d ago`, then the
 * date. A clock that is a little behind is `now`; `-` where it is not known.
 */
export function formatAge(at: string | null, nowMs: number): string {
  if (at === null) return '-';
  const ageMs = nowMs - Date.parse(at);
  if (Number.isNaN(ageMs)) return '-';
  if (ageMs < -minute) return `in ${formatLargest(-ageMs)}`;
  if (ageMs < second) return 'now';
  if (ageMs >= 60 * day) return at.slice(0, 10);
  return `${formatLargest(ageMs)} ago`;
}

function formatLargest(ms: number): string {
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} m`;
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} d`;
}

/** How long the run took, or has taken so far. */
export function durationOf(
  row: Pick<ListRow, 'durationMs' | 'status' | 'startedAt'>,
  nowMs: number,
): number | null {
  if (row.durationMs !== null || row.status !== 'running' || row.startedAt === null) {
    return row.durationMs;
  }
  return nowMs - Date.parse(row.startedAt);
}

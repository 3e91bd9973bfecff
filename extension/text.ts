import type { Numeric } from '../agent/protocol/values.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `12 s`, `4 m 02 s`, `2 h 05 m`; under a second `850 ms`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 999.5) return `${Math.max(0, Math.round(durationMs))} ms`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)} m`;
}

/** How long ago a time (RFC 3339) was: `now`, `11 s ago`, `5 m ago`, `2 h ago`, `12 d ago`, then the date. */
export function formatAge(at: string, nowMs: number): string {
  const seconds = Math.floor((nowMs - Date.parse(at)) / 1000);
  if (Number.isNaN(seconds)) return at;
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ago`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return days < 60 ? `${days} d ago` : at.slice(0, 10);
}

/** `512 B`, `5.1 kB`, `1.2 GB` (powers of 1,000). */
export function formatSize(sizeBytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = sizeBytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Three significant digits; whole numbers whole; `-` where there is none. */
export function formatNumber(value: Numeric | null): string {
  if (value === null) return '-';
  if (typeof value === 'string' || (Number.isSafeInteger(value) && Math.abs(value) < 1e12)) {
    return String(value);
  }
  const plain = Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7;
  return plain ? String(Number(value.toPrecision(3))) : value.toExponential(2);
}

/** The last 8 digits of a run's id. */
export const shortId = (id: string): string => id.slice(-8);

/** The first 8 digits of a digest; `-` where there is none. */
export const shortDigest = (digest: string | null): string =>
  digest === null ? '-' : digest.replace(/^sha256:/, '').slice(0, 8);

/** `1 run`, `2 runs`. */
export const countOf = (count: number, one: string): string =>
  `${count} ${one}${count === 1 ? '' : 's'}`;

/** On one line and without control characters: names and commands are anybody's text. */
export const oneLine = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');

import type { Origin } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';

export type Drawn = NonNullable<Origin['what']>;

/** What is known of a start: by it a value is told to have been drawn there. */
export interface LaunchMoment {
  /** Milliseconds since 1970, and how far the program may have come from there. */
  atMs: number;
  untilMs?: number;
  runId?: string;
  host?: string | null;
  pids?: readonly number[];
}

/** Programs draw times in their own zone: up to 14 hours from UTC. */
const zoneMs = 14 * 3_600_000;
const slackMs = 120_000;

const compactTime = /(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?:[-_ T.:]*(\d\d)[-_.:h]?(\d\d))?/g;
const monthTime =
  /(?<![A-Za-z])(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[-_ ]?(\d\d?)(?!\d)/g;
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const uuid = /[0-9a-f]{8}-?[0-9a-f]{4}-?[1-8][0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}/i;

/** What in a value was drawn at a start, as far as the value itself can tell; null for nothing. */
export function findDrawn(key: string, value: Json, moment: LaunchMoment): Drawn | null {
  const name = key.slice(key.lastIndexOf('.') + 1).toLowerCase();
  if (typeof value === 'number') return drawnNumber(name, value, moment);
  if (typeof value !== 'string' || value.length > 4096) return null;
  const isPath = /[/\\]/.test(value) || /(?:^|_)(?:dir|path|folder)$/.test(name);
  if (holdsNow(value, moment)) return isPath ? 'directory' : 'time';
  if (moment.runId !== undefined && value.includes(moment.runId)) {
    return isPath ? 'directory' : 'id';
  }
  if (uuid.test(value)) return isPath ? 'directory' : /id$|uuid|name/.test(name) ? 'id' : null;
  // `tempfile.mkdtemp()`.
  if (/[/\\]tmp[a-z0-9_]{8}(?:[/\\]|$)/.test(value)) return 'directory';
  if (/(?:run|exp|experiment|session|job)_?id$/.test(name) && isToken(value)) return 'id';
  const { host } = moment;
  if (!host) return null;
  if (value === host) return 'host';
  // A short name of a machine is a word like any other.
  const parts = host.length < 5 ? [] : value.split(/[^\w.-]|_/);
  if (parts.includes(host) && /host|node|dir|path|name/.test(name)) {
    return isPath ? 'directory' : 'host';
  }
  return null;
}

/** Letters and digits that nobody would write: `3k9xq2ab`. */
function isToken(value: string): boolean {
  return /^(?=.*\d)(?=.*[a-z])[a-z0-9]{8,40}$/i.test(value);
}

function drawnNumber(name: string, value: number, moment: LaunchMoment): Drawn | null {
  if (/pid$|process_?id$/.test(name) && moment.pids?.includes(value)) return 'process';
  // The range from which a system gives out free ones.
  if (/(?:^|_)port$/.test(name) && Number.isInteger(value) && value >= 32_768 && value < 65_536) {
    return 'port';
  }
  // Seconds, milliseconds or nanoseconds since 1970.
  for (const unit of [1e3, 1, 1e-6]) {
    if (value > 1e9 && isWithin(value * unit, moment, slackMs)) return 'time';
  }
  return null;
}

/** Whether a text holds the time of the start, in any of the usual forms. */
function holdsNow(text: string, moment: LaunchMoment): boolean {
  for (const [, year, month, day, hour, minute] of text.matchAll(compactTime)) {
    const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
    if (hour !== undefined && Number(hour) < 24) {
      const time = date + Number(hour) * 3_600_000 + Number(minute) * 60_000;
      if (isWithin(time, moment, zoneMs)) return true;
    } else if (isWithin(date, moment, zoneMs + 86_400_000)) return true;
  }
  for (const [, month = '', day] of text.matchAll(monthTime)) {
    const year = new Date(moment.atMs).getUTCFullYear();
    const date = Date.UTC(year, months.indexOf(month), Number(day));
    if (isWithin(date, moment, zoneMs + 86_400_000)) return true;
  }
  for (const [digits] of text.matchAll(/(?<!\d)1[0-9]{9}(?:[0-9]{3})?(?!\d)/g)) {
    if (isWithin(Number(digits) * (digits.length > 10 ? 1 : 1e3), moment, slackMs)) return true;
  }
  return false;
}

function isWithin(ms: number, { atMs, untilMs = atMs }: LaunchMoment, slack: number): boolean {
  return ms >= atMs - slack && ms <= untilMs + slack;
}

import { ScalarError } from './scalar-result.ts';

const pattern =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?(?:[ \t]*(Z|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?)?$/;

/**
 * A YAML 1.1 timestamp as the text of Python's `isoformat()`: `2001-12-14`, or
 * `2001-12-14T21:59:43.100000-05:00`. Throws where Python's `datetime` would.
 */
export function parseTimestamp(text: string): string {
  const match = pattern.exec(text);
  if (match === null) throw new ScalarError(`not a timestamp: ${text}`);
  const [, year = '', month = '', day = '', hour, minute = '', second = '', fraction = ''] = match;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (!isDay(Number(year), Number(month), Number(day))) {
    throw new ScalarError(`no such day: ${text}`);
  }
  if (hour === undefined) return date;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    throw new ScalarError(`no such time: ${text}`);
  }
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  const tail = micros === '000000' ? '' : `.${micros}`;
  const zone = zoneText(match[8], match[9], match[10], match[11], text);
  return `${date}T${hour.padStart(2, '0')}:${minute}:${second}${tail}${zone}`;
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] ?? 0);
}

function zoneText(
  zone: string | undefined,
  sign: string | undefined,
  hours: string | undefined,
  minutes: string | undefined,
  text: string,
): string {
  if (zone === undefined) return '';
  if (sign === undefined || hours === undefined) return '+00:00';
  const total = Number(hours) * 60 + Number(minutes ?? '0');
  if (total >= 24 * 60) throw new ScalarError(`no such offset: ${text}`);
  const h = String(Math.floor(total / 60)).padStart(2, '0');
  const m = String(total % 60).padStart(2, '0');
  return `${total === 0 ? '+' : sign}${h}:${m}`;
}

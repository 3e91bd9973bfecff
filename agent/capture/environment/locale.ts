import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../protocol/record.ts';
import type { Variables } from './find-program.ts';
import { readLine } from './read-text.ts';

/**
 * The locale and time zone that the program starts with: they change how text sorts and is read,
 * how numbers are written, and what day it is. By the rules of POSIX: `LC_ALL`, then the category,
 * then `LANG`, else `C`.
 */
export function readLocale(env: Variables, root = ''): NonNullable<Environment['locale']> {
  const of = (category: string): string => env.LC_ALL || env[category] || env.LANG || 'C';
  return {
    ctype: of('LC_CTYPE'),
    collate: of('LC_COLLATE'),
    numeric: of('LC_NUMERIC'),
    timezone: readTimezone(env, root),
  };
}

/** `Europe/Berlin`; null where only the bytes of a rule are there, without a name. */
function readTimezone(env: Variables, root: string): string | null {
  // An empty TZ is UTC, and a colon before a name means nothing.
  if (env.TZ !== undefined) return env.TZ.replace(/^:/, '') || 'UTC';
  try {
    const target = readlinkSync(join(root, '/etc/localtime'));
    const named = /zoneinfo(?:\.default)?\/(?:posix\/|right\/)?(.+)$/.exec(target)?.[1];
    if (named !== undefined) return named;
  } catch {
    // A copy, or none at all.
  }
  return readLine(join(root, '/etc/timezone'));
}

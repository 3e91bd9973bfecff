import type { Config, Origin } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';
import { flattenConfig } from '../config/flatten.ts';
import { formatValue } from '../text/value.ts';
import { makeVisible } from '../text/visible.ts';
import { describeOrigin } from './origin.ts';

/**
 * The resolved configuration as text for a diff editor: a line a key, sorted, in the manner of
 * YAML, with the place that each value is from. Line numbers are left out: in another version of
 * a file they differ where no value does.
 */
export function writeConfigText({ resolved, origins, unresolved, overrides }: Config): string {
  if (resolved === null) return '# No configuration was recorded.\n';
  const lines = [...flattenConfig(resolved)]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => writeLine(key, value, origins[key]));
  const open = unresolved
    .filter(({ key }) => key !== null)
    .map(({ key, message, reason }) => makeVisible(`#   ${key}: ${message ?? reason}`));
  return [
    ...(lines.length === 0 ? ['# The configuration is empty.'] : lines),
    ...(open.length === 0 ? [] : ['', '# Unresolved at launch:', ...open.sort()]),
    ...(overrides.length === 0
      ? []
      : ['', '# Overrides:', ...overrides.map((text) => makeVisible(`#   ${text}`))]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function writeLine(key: string, value: Json, origin: Origin | undefined): string {
  const { line: _, ...place } = origin ?? { kind: 'program' as const };
  const words = origin === undefined ? '' : describeOrigin(place);
  const text = `${key}: ${writeValue(value)}`;
  return makeVisible(words === '' ? text : `${text}  # ${words}`);
}

/** As YAML would read it again: a text that could be taken for something else is in quotes. */
function writeValue(value: Json): string {
  if (typeof value !== 'string') return formatValue(value);
  const isPlain = /^[\p{L}_/.][\p{L}\p{N}_/.@+=-]*(?: [\p{L}\p{N}_/.@+=-]+)*$/u.test(value);
  const isWord = /^(?:true|false|yes|no|on|off|null|y|n|\.inf|\.nan)$/i.test(value);
  return isPlain && !isWord ? value : JSON.stringify(value);
}

import type { Json } from '../../protocol/values.ts';

/** A text that could be read as something else: a number, a word of JSON, or nothing at all. */
const ambiguous =
  /^$|^\s|\s$|^(?:true|false|null|none|nan|[+-]?infinity)$|^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$|^["[{-]/i;

/** A value of a configuration on one line; `-` where there is none, texts in quotes where needed. */
export function formatValue(value: Json | undefined): string {
  if (value === undefined) return '-';
  if (typeof value !== 'string') return formatJsonLine(value);
  return ambiguous.test(value) ? JSON.stringify(value) : value;
}

/** JSON with a blank after each comma and colon. */
function formatJsonLine(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(formatJsonLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value);
  return `{${members.map(([key, one]) => `${JSON.stringify(key)}: ${formatJsonLine(one)}`).join(', ')}}`;
}

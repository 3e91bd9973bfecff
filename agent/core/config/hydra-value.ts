import type { Json } from '../../protocol/values.ts';
import { setMember } from './node.ts';
import { parseInteger, recordFloat } from './python-number.ts';
import { findQuote, splitArguments } from './template.ts';

const intPattern = /^[-+]?(?:0|[1-9](?:_?[0-9])*)$/;
const floatPattern =
  /^[-+]?(?:(?:(?:0|[1-9](?:_?[0-9])*)\.|(?:0|[1-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*)(?:[eE][-+]?[0-9](?:_?[0-9])*)?|(?:0|[1-9](?:_?[0-9])*)[eE][-+]?[0-9](?:_?[0-9])*)$/;

/**
 * A value as Hydra's override grammar and OmegaConf's resolver arguments read it: `1e-4` is a
 * number, `yes` and `010` are text, `[a, {b: 1}]` a list; quotes make text. Interpolations stay.
 */
export function parseHydraValue(source: string): Json {
  const text = source.trim();
  if (isQuoted(text)) return unquote(text);
  if (text.startsWith('[') && text.endsWith(']')) {
    return splitArguments(text.slice(1, -1)).map(parseHydraValue);
  }
  if (text.startsWith('{') && text.endsWith('}')) return parseDict(text.slice(1, -1));
  if (/^null$/i.test(text)) return null;
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  const plain = text.replaceAll('_', '');
  if (intPattern.test(text)) {
    return parseInteger(plain.replace(/^[-+]/, ''), 10, plain.startsWith('-'));
  }
  if (floatPattern.test(text)) return recordFloat(Number(plain));
  if (/^[-+]?inf$/i.test(text)) return text.startsWith('-') ? '-Infinity' : 'Infinity';
  if (/^[-+]?nan$/i.test(text)) return 'NaN';
  return text.replace(/\\([\\()[\]{}:=, \t])/g, '$1');
}

export function isQuoted(text: string): boolean {
  return /^["']/.test(text) && text.length > 1 && findQuote(text, 0) === text.length - 1;
}

function unquote(text: string): string {
  const quote = text.charAt(0);
  return text
    .slice(1, -1)
    .replace(/\\+(?=["'])|\\+$/g, (slashes) => '\\'.repeat(slashes.length >> 1))
    .replaceAll(`\\${quote}`, quote);
}

function parseDict(text: string): Json {
  const object: { [key: string]: Json } = {};
  for (const pair of splitArguments(text)) {
    const colon = pair.indexOf(':');
    if (colon === -1) return `{${text}}`;
    const key = parseHydraValue(pair.slice(0, colon));
    setMember(object, String(key), parseHydraValue(pair.slice(colon + 1)));
  }
  return object;
}

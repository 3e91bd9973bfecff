import { Unresolvable } from './interpolation-error.ts';
import { type ConfigNode, type MapNode, nodeOf, type ScalarNode } from './node.ts';
import { parseInteger, recordFloat } from './python-number.ts';
import { pythonText } from './python-text.ts';
import { findQuote, splitArguments, splitTemplate } from './template.ts';

const intPattern = /^[-+]?(?:0|[1-9](?:_?[0-9])*)$/;
const floatPattern =
  /^[-+]?(?:(?:(?:0|[1-9](?:_?[0-9])*)\.|(?:0|[1-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*)(?:[eE][-+]?[0-9](?:_?[0-9])*)?|(?:0|[1-9](?:_?[0-9])*)[eE][-+]?[0-9](?:_?[0-9])*)$/;

/** What evaluates a text with interpolations, to one value or to a joined text. */
export type Evaluate = (template: string) => ConfigNode;

/**
 * A value as OmegaConf's grammar reads the arguments of a resolver, and the text of `oc.decode`:
 * `1e-4` is a number, `yes` and `010` are text, `[a, {b: 1}]` a list; quotes make text.
 */
export function readArgument(source: string, at: ScalarNode, evaluate: Evaluate): ConfigNode {
  const text = source.trim();
  const { origin, column, start, end } = at;
  const placed = { origin, column, start, end };
  const scalar = (value: ScalarNode['value'], isText = typeof value === 'string'): ScalarNode => ({
    ...{ ...placed, kind: 'scalar', value, text: isText },
  });
  if (isQuoted(text)) {
    const inside = unquote(text);
    return scalar(inside.includes('${') ? pythonText(evaluate(inside)) : inside);
  }
  if (text.startsWith('[') && text.endsWith(']')) {
    const items = splitArguments(text.slice(1, -1)).map((item) => readArgument(item, at, evaluate));
    return { ...placed, kind: 'list', items };
  }
  if (text.startsWith('{') && text.endsWith('}')) {
    return readDict(text.slice(1, -1), at, evaluate);
  }
  checkPlain(text);
  if (text.includes('${')) {
    const parts = splitTemplate(text) ?? [];
    const [only] = parts;
    if (parts.length === 1 && only !== undefined && 'inner' in only) return evaluate(text);
    const read = parts.map((part) =>
      'text' in part ? unescapePlain(part.text) : pythonText(evaluate(`\${${part.inner}}`)),
    );
    return scalar(read.join(''));
  }
  if (/^null$/i.test(text)) return scalar(null);
  if (/^(?:true|false)$/i.test(text)) return scalar(text.toLowerCase() === 'true');
  const plain = text.replaceAll('_', '');
  if (intPattern.test(text)) {
    return scalar(parseInteger(plain.replace(/^[-+]/, ''), 10, plain.startsWith('-')), false);
  }
  if (floatPattern.test(text)) {
    const number = Number(plain);
    return { ...scalar(recordFloat(number), false), ...(Number.isInteger(number) ? whole : {}) };
  }
  if (/^[-+]?inf$/i.test(text)) {
    return scalar(text.startsWith('-') ? '-Infinity' : 'Infinity', false);
  }
  if (/^[-+]?nan$/i.test(text)) return scalar('NaN', false);
  return scalar(unescapePlain(text));
}

const whole = { float: true } as const;

function unescapePlain(text: string): string {
  return text.replace(/\\([\\()[\]{}:=, \t])/g, '$1');
}

function isQuoted(text: string): boolean {
  return /^["']/.test(text) && text.length > 1 && findQuote(text, 0) === text.length - 1;
}

function unquote(text: string): string {
  const quote = text.charAt(0);
  return text
    .slice(1, -1)
    .replace(/\\+(?=["'])|\\+$/g, (slashes) => '\\'.repeat(slashes.length >> 1))
    .replaceAll(`\\${quote}`, quote);
}

/** Letters, digits and these stand without quotes. */
const plainCharacters = /^(?:[\w/\-+.$%*@?|: \t]|\\[\s\S]?)*$/;

function checkPlain(text: string): void {
  for (const part of splitTemplate(text) ?? [{ text }]) {
    if ('inner' in part || plainCharacters.test(part.text)) continue;
    throw new Unresolvable('interpolation', `put \`${text}\` in quotes`);
  }
}

function readDict(text: string, at: ScalarNode, evaluate: Evaluate): MapNode {
  const map = nodeOf({}, at.origin) as MapNode;
  for (const pair of splitArguments(text)) {
    const colon = pair.indexOf(':');
    if (colon === -1) throw new Unresolvable('interpolation', `\`${pair}\` needs a value`);
    const key = readArgument(pair.slice(0, colon), at, evaluate);
    const name = key.kind === 'scalar' ? String(key.value) : pair.slice(0, colon);
    map.entries.set(name, readArgument(pair.slice(colon + 1), at, evaluate));
  }
  return { ...map, column: at.column };
}

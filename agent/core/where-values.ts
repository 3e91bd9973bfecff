import { expressionError, type Token } from './where-tokens.ts';

/** What a field is compared with. */
export type Literal =
  | { kind: 'text'; text: string; quoted: boolean }
  | { kind: 'number'; number: number; text: string }
  | { kind: 'boolean'; value: boolean; text: string }
  | { kind: 'null' }
  | { kind: 'duration'; durationMs: number; text: string }
  | { kind: 'ago'; durationMs: number };

const number = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const duration = /^(\d+(\.\d+)?(ms|s|min|m|h|d|w))+$/i;
const durationPart = /(\d+(?:\.\d+)?)(ms|s|min|m|h|d|w)/gi;
const unitsMs: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `1h30m` in ms; null where the text is no duration. */
export function parseDuration(text: string): number | null {
  if (!duration.test(text)) return null;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(durationPart)) {
    sum += Number(count) * (unitsMs[(unit ?? '').toLowerCase()] ?? 0);
  }
  return sum;
}

/** The value that a token stands for; `ago` where the word `ago` follows it. */
export function readLiteral(source: string, token: Token, ago: boolean): Literal {
  if (token.kind === 'quoted') return { kind: 'text', text: token.text, quoted: true };
  if (token.kind !== 'word') {
    const found = token.kind === 'end' ? 'the expression ends' : `"${token.text}" was found`;
    throw expressionError(source, token.column, `a value was expected, but ${found}.`);
  }
  const durationMs = parseDuration(token.text);
  if (ago) {
    if (durationMs !== null) return { kind: 'ago', durationMs };
    throw expressionError(
      source,
      token.column,
      'a time span such as 2h was expected before "ago".',
    );
  }
  const word = token.text.toLowerCase();
  if (word === 'null' || word === 'none') return { kind: 'null' };
  if (word === 'true' || word === 'false') {
    return { kind: 'boolean', value: word === 'true', text: token.text };
  }
  if (number.test(token.text)) {
    return { kind: 'number', number: Number(token.text), text: token.text };
  }
  if (durationMs !== null) return { kind: 'duration', durationMs, text: token.text };
  return { kind: 'text', text: token.text, quoted: false };
}

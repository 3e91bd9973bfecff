import { RunRecordError } from '../protocol/errors.ts';
import { exitCodes } from '../protocol/names.ts';

/** A piece of an expression; `column` counts characters from 1. */
export interface Token {
  kind: 'word' | 'quoted' | 'operator' | '(' | ')' | ',' | 'end';
  text: string;
  column: number;
}

const operators = ['!=', '<>', '<=', '>=', '!~', '==', '=', '<', '>', '~'];
const wordEnd = /[\s()=!<>~,"']/;
const longest = 10_000;

/** An error that points into the expression. */
export function expressionError(source: string, column: number, message: string): RunRecordError {
  return new RunRecordError(
    'bad-expression',
    `Column ${column} of the expression: ${message}`,
    `${source}\n${' '.repeat(Math.max(0, column - 1))}^`,
    exitCodes.usage,
  );
}

/** The text of a quoted piece that starts at `start`, and where it ends. */
function readQuoted(source: string, start: number): { text: string; end: number } {
  const quote = source[start];
  let text = '';
  for (let at = start + 1; at < source.length; at += 1) {
    const character = source[at] as string;
    if (character === quote) return { text, end: at + 1 };
    // A backslash takes the next character as it is; before anything else it stands for itself.
    const next = source[at + 1];
    if (character === '\\' && (next === quote || next === '\\')) at += 1;
    text += source[at];
  }
  throw expressionError(source, start + 1, `the quote ${quote} is never closed.`);
}

/** `config."odd key"` is one word: a quoted part may follow a dot. */
function readWord(source: string, start: number): { text: string; end: number } {
  let text = '';
  let at = start;
  while (at < source.length) {
    const character = source[at] as string;
    if (/["']/.test(character) && text.endsWith('.')) {
      const quoted = readQuoted(source, at);
      text += quoted.text;
      at = quoted.end;
      continue;
    }
    if (wordEnd.test(character)) break;
    text += character;
    at += 1;
  }
  return { text, end: at };
}

/** Cuts an expression into tokens, an `end` at the last. */
export function tokenize(source: string): Token[] {
  if (source.length > longest) {
    throw new RunRecordError(
      'bad-expression',
      `The expression is longer than ${longest} characters.`,
      'Shorten it, or use runrecord query with SQL.',
      exitCodes.usage,
    );
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const character = source[at] as string;
    const column = at + 1;
    const operator = operators.find((one) => source.startsWith(one, at));
    if (/\s/.test(character)) {
      at += 1;
    } else if (character === '(' || character === ')' || character === ',') {
      tokens.push({ kind: character, text: character, column });
      at += 1;
    } else if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator, column });
      at += operator.length;
    } else if (character === '"' || character === "'") {
      const quoted = readQuoted(source, at);
      tokens.push({ kind: 'quoted', text: quoted.text, column });
      at = quoted.end;
    } else {
      const word = readWord(source, at);
      if (word.end === at) throw expressionError(source, column, `"${character}" is not expected.`);
      tokens.push({ kind: 'word', text: word.text, column });
      at = word.end;
    }
  }
  tokens.push({ kind: 'end', text: '', column: source.length + 1 });
  return tokens;
}

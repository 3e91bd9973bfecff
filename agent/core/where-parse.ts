import { type Field, findField } from './where-fields.ts';
import { expressionError, type Token, tokenize } from './where-tokens.ts';
import { type Literal, readLiteral } from './where-values.ts';

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | '!~' | 'in';

export type Expression =
  | { kind: 'and' | 'or'; parts: Expression[] }
  | { kind: 'not'; part: Expression }
  | {
      kind: 'comparison';
      field: Field;
      operator: Operator;
      values: Literal[];
      /** Where the field and its first value stand, for errors. */
      fieldColumn: number;
      valueColumn: number;
    };

const deepest = 50;
const mostTerms = 200;
const spelled: Record<string, Operator> = { '==': '=', '<>': '!=' };
const isWord = (token: Token, ...words: string[]): boolean =>
  token.kind === 'word' && words.includes(token.text.toLowerCase());

/** Parses a filter such as `status = failed and config.lr > 0.01`; throws with the column. */
export function parseWhere(source: string): Expression {
  const tokens = tokenize(source);
  let at = 0;
  let terms = 0;
  const peek = (ahead = 0): Token => tokens[Math.min(at + ahead, tokens.length - 1)] as Token;
  const fail = (token: Token, expected: string): never => {
    const found = token.kind === 'end' ? 'the expression ends' : `"${token.text}" was found`;
    throw expressionError(source, token.column, `${expected} was expected, but ${found}.`);
  };

  function parseEither(word: 'or' | 'and', part: () => Expression): Expression {
    const parts = [part()];
    while (isWord(peek(), word)) {
      at += 1;
      parts.push(part());
    }
    return parts.length === 1 ? (parts[0] as Expression) : { kind: word, parts };
  }
  const parseAny = (depth: number): Expression =>
    parseEither('or', () => parseEither('and', () => parseTerm(depth)));

  function parseTerm(depth: number): Expression {
    const token = peek();
    terms += 1;
    if (depth > deepest || terms > mostTerms) {
      throw expressionError(source, token.column, 'the expression is too large.');
    }
    if (isWord(token, 'not')) {
      at += 1;
      return { kind: 'not', part: parseTerm(depth + 1) };
    }
    if (token.kind === '(') {
      at += 1;
      const inner = parseAny(depth + 1);
      if (peek().kind !== ')') fail(peek(), '"and", "or" or ")"');
      at += 1;
      return inner;
    }
    return parseComparison();
  }

  function parseComparison(): Expression {
    const token = peek();
    if (token.kind !== 'word') fail(token, 'a field such as status or config.lr');
    const field = findField(token.text) ?? fail(token, `a key after "${token.text}"`);
    at += 1;
    const found = peek();
    const base = { kind: 'comparison' as const, field, fieldColumn: token.column };
    const negatedIn = isWord(found, 'not') && isWord(peek(1), 'in');
    if (negatedIn || isWord(found, 'in')) {
      at += negatedIn ? 2 : 1;
      const valueColumn = peek(1).column;
      const within: Expression = { ...base, operator: 'in', values: parseList(), valueColumn };
      return negatedIn ? { kind: 'not', part: within } : within;
    }
    if (found.kind === 'operator') {
      at += 1;
      const operator = spelled[found.text] ?? (found.text as Operator);
      const valueColumn = peek().column;
      return { ...base, operator, values: [parseValue()], valueColumn };
    }
    // A yes-or-no field may stand alone: `complete and not dirty`.
    if (field.table === 'runs' && field.kind === 'boolean') {
      const values: Literal[] = [{ kind: 'boolean', value: true, text: 'true' }];
      return { ...base, operator: '=', values, valueColumn: token.column };
    }
    return fail(found, `an operator (= != < <= > >= ~ !~ in) after "${token.text}"`);
  }

  function parseValue(): Literal {
    const ago = isWord(peek(1), 'ago');
    const value = readLiteral(source, peek(), ago);
    at += ago ? 2 : 1;
    return value;
  }

  function parseList(): Literal[] {
    if (peek().kind !== '(') fail(peek(), '"(" after "in"');
    const values: Literal[] = [];
    do {
      at += 1;
      values.push(parseValue());
    } while (peek().kind === ',');
    if (peek().kind !== ')') fail(peek(), '"," or ")"');
    if (values.length > mostTerms) fail(peek(), `at most ${mostTerms} values in a list`);
    at += 1;
    return values;
  }

  const whole = parseAny(0);
  if (peek().kind !== 'end') fail(peek(), '"and", "or" or the end');
  return whole;
}

import {
  type Element,
  isSweep,
  OverrideError,
  readFloat,
  readInt,
  type Sweep,
} from './hydra-element.ts';
import { callFunction } from './hydra-function.ts';
import { readTokens, type Token, type TokenKind } from './hydra-lexer.ts';

/** One word of a command line, as Hydra's override grammar reads it. */
export interface HydraOverride {
  kind: 'set' | 'add' | 'force' | 'delete';
  /** A path of keys or a group: `model.lr`, `db/mysql`. */
  key: string;
  package: string | null;
  /** Null for a bare `~key`. */
  value: Element | Sweep | null;
}

const id = '[a-zA-Z_][a-zA-Z0-9_-]*';
const special = '[a-zA-Z_$][a-zA-Z0-9_$-]*';
const step = `(?:${special}|0|[1-9](?:_?[0-9])*)`;
const path = `(?:${special}|${step}(?:\\.${step})+|)`;
const keyPattern = new RegExp(`^((?:${id}(?:/${id})+)|${path})(?:@(${path}))?$`);
const kinds = { '': 'set', '+': 'add', '++': 'force', '~': 'delete' } as const;

/** Throws an `OverrideError` for what Hydra refuses. */
export function parseHydraOverride(word: string): HydraOverride {
  const equal = word.indexOf('=');
  const head = equal === -1 ? word : word.slice(0, equal);
  const [, sign = '', written = ''] = /^(\+\+|\+|~|)(.*)$/s.exec(head) ?? [];
  const match = keyPattern.exec(written);
  const kind = kinds[sign as keyof typeof kinds];
  if (match === null || (equal === -1 && kind !== 'delete')) {
    throw new OverrideError('it is no override: write key=value');
  }
  const base = { kind, key: match[1] ?? '', package: match[2] ?? null };
  if (equal === -1) return { ...base, value: null };
  return { ...base, value: parseHydraText(word.slice(equal + 1).replace(/^[ \t]+/, '')) };
}

/** What stands after the `=`; empty text for nothing. */
export function parseHydraText(text: string): Element | Sweep {
  if (text === '') return { kind: 'text', value: '' };
  const tokens = readTokens(text);
  if (!Array.isArray(tokens)) {
    throw new OverrideError(
      `put the value in quotes: ${text.charAt(tokens.bad)} has no meaning here`,
    );
  }
  const reader = createReader(tokens);
  const first = reader.element();
  const items = [first];
  while (reader.take('comma')) items.push(reader.element());
  if (!reader.isDone()) throw reader.unexpected();
  if (items.length === 1) return first;
  return { kind: 'simple', items: items.map(onlyElement) };
}

function onlyElement(value: Element | Sweep): Element {
  if (isSweep(value)) throw new OverrideError('a sweep cannot stand inside another value');
  return value;
}

const primitive = new Set<TokenKind>(
  'id null int float bool interpolation char colon escape space'.split(' ') as TokenKind[],
);

function createReader(tokens: Token[]) {
  let at = 0;
  let depth = 0;
  const peek = (ahead = 0): TokenKind | undefined => tokens[at + ahead]?.kind;
  const unexpected = () => {
    const token = tokens[at];
    const what = token === undefined ? 'it ends too early' : `${token.text.trim()} stands alone`;
    return new OverrideError(`${what}: put the value in quotes, or escape it with \\`);
  };
  const take = (kind: TokenKind): boolean => {
    if (peek() !== kind) return false;
    at++;
    return true;
  };
  const expect = (kind: TokenKind): void => {
    if (!take(kind)) throw unexpected();
  };

  function element(): Element | Sweep {
    if (depth > 100) throw new OverrideError('it is nested too deep');
    depth++;
    try {
      if (take('bracket-open')) return list();
      if (take('brace-open')) return dict();
      if (peek() === 'id' && peek(1) === 'popen') return call();
      return take('quoted') ? unquote(tokens[at - 1]?.text ?? '') : scalar(true);
    } finally {
      depth--;
    }
  }

  function list(): Element {
    const items: Element[] = [];
    if (take('bracket-close')) return { kind: 'list', items };
    do items.push(onlyElement(element()));
    while (take('comma'));
    expect('bracket-close');
    return { kind: 'list', items };
  }

  function dict(): Element {
    const entries: [Element, Element][] = [];
    if (take('brace-close')) return { kind: 'dict', entries };
    do {
      const key = scalar(false);
      expect('colon');
      entries.push([key, onlyElement(element())]);
    } while (take('comma'));
    expect('brace-close');
    return { kind: 'dict', entries };
  }

  function call(): Element | Sweep {
    const name = tokens[at]?.text ?? '';
    at += 2;
    const positional: (Element | Sweep)[] = [];
    const named = new Map<string, Element | Sweep>();
    if (!take('pclose')) {
      do {
        if (peek() === 'id' && peek(1) === 'equal') {
          const argument = tokens[at]?.text ?? '';
          at += 2;
          named.set(argument, element());
        } else if (named.size > 0) throw new OverrideError('an argument without a name comes last');
        else positional.push(element());
      } while (take('comma'));
      expect('pclose');
    }
    return callFunction(name, positional, named);
  }

  /** A key of a dict has neither colons nor interpolations in it. */
  function scalar(isValue: boolean): Element {
    const found: Token[] = [];
    for (let token = tokens[at]; token !== undefined; token = tokens[++at]) {
      if (!primitive.has(token.kind)) break;
      if (!isValue && (token.kind === 'colon' || token.kind === 'interpolation')) break;
      found.push(token);
    }
    if (found.length === 0) throw unexpected();
    if (found[0]?.kind === 'space') found.shift();
    if (found.at(-1)?.kind === 'space') found.pop();
    const [only] = found;
    if (only === undefined) throw new OverrideError('a value of spaces needs quotes');
    if (found.length === 1) return readScalar(only);
    return { kind: 'text', value: found.map(plainText).join('') };
  }

  return { element, take, unexpected, isDone: () => at === tokens.length };
}

function plainText({ kind, text }: Token): string {
  return kind === 'escape' ? text.replace(/\\([\s\S])/g, '$1') : text;
}

function readScalar(token: Token): Element {
  const { kind, text } = token;
  switch (kind) {
    case 'int':
      return readInt(text);
    case 'float':
      return readFloat(text);
    case 'null':
      return { kind: 'null' };
    case 'bool':
      return { kind: 'bool', value: text.toLowerCase() === 'true' };
    default:
      return { kind: 'text', value: plainText(token) };
  }
}

/** Backslashes count only before a quote of the same kind: two of them are one there. */
function unquote(quoted: string): Element {
  const quote = quoted.charAt(0);
  const inside = quoted.slice(1);
  const value = inside.replace(new RegExp(`\\\\+${quote}`, 'g'), (run) =>
    [...run].filter((_, i) => i % 2 === 1).join(''),
  );
  // An even run before the last quote has taken it away already.
  const isCut = inside.at(-2) === '\\';
  return { kind: 'text', value: isCut ? value : value.slice(0, -1), quote };
}

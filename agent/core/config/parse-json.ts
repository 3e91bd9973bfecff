import type { Origin } from '../../protocol/record.ts';
import { joinKey } from './key-path.ts';
import { limits } from './limits.ts';
import { indexLines } from './line-index.ts';
import type { ConfigNode, Diagnostic, ParsedConfig } from './node.ts';
import { parseInteger, recordFloat } from './python-number.ts';

class RefusedJson extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const numberPattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const spacePattern = /[ \t\n\r]*/y;
const commentPattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters end a JSON string
const plainPattern = /[^"\\\x00-\x1f]*/y;

/**
 * Parses JSON as Python's `json.load` does: `NaN` and `Infinity` are numbers, integers have any
 * length, the last of two equal keys wins (and is told). Comments and trailing commas are told and
 * passed over, as other programs accept them.
 */
export function parseJson(text: string, path: string): ParsedConfig {
  const locate = indexLines(text);
  const diagnostics: Diagnostic[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;

  const tell = (
    reason: Diagnostic['reason'],
    key: string | null,
    message: string,
    offset: number,
  ) => diagnostics.push({ key, reason, message, path, ...locate(offset) });

  if (at === 1) tell('syntax', null, 'a byte order mark, which Python refuses in JSON', 0);

  function match(pattern: RegExp): string {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  }

  function skip(): void {
    let told = false;
    for (;;) {
      match(spacePattern);
      const start = at;
      if (text.charCodeAt(at) !== 47 || match(commentPattern) === '') return;
      if (!told) tell('syntax', null, 'a comment, which Python refuses in JSON', start);
      told = true;
    }
  }

  function placed(start: number) {
    const { line, column } = locate(start);
    const origin: Origin = { kind: 'file', path, line };
    return { origin, column, start, end: at };
  }

  function readString(): string {
    const start = at++;
    let value = '';
    for (;;) {
      value += match(plainPattern);
      const character = text.charAt(at++);
      if (character === '"') return value;
      if (character === '') throw new RefusedJson('the string has no end', start);
      if (character !== '\\') throw new RefusedJson('a control character in a string', at - 1);
      value += readEscape();
    }
  }

  function readEscape(): string {
    const character = text.charAt(at++);
    const simple = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[
      character
    ];
    if (simple !== undefined) return simple;
    const digits = text.slice(at, at + 4);
    if (character !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) {
      throw new RefusedJson('an invalid escape in a string', at - 2);
    }
    at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  function readScalar(start: number): ConfigNode {
    const scalar = (value: string | number | boolean | null, isText = false): ConfigNode => ({
      ...placed(start),
      kind: 'scalar',
      value,
      text: isText,
    });
    if (text.charAt(at) === '"') return scalar(readString(), true);
    const words = { true: true, false: false, null: null, NaN: 'NaN' } as const;
    for (const [word, value] of Object.entries({ ...words, Infinity: 'Infinity' })) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return scalar(value);
      }
    }
    if (text.startsWith('-Infinity', at)) {
      at += 9;
      return scalar('-Infinity');
    }
    const number = match(numberPattern);
    if (number === '') throw new RefusedJson('expected a value', at);
    if (/[.eE]/.test(number)) return scalar(recordFloat(Number(number)) as number | string);
    const digits = number.replace('-', '');
    if (digits.length > 4300) throw new RefusedJson('a number of over 4300 digits', start);
    return scalar(parseInteger(digits, 10, number.startsWith('-')) as number | string);
  }

  /** Reads what stands between items; true where another item follows. */
  function more(close: string): boolean {
    skip();
    const character = text.charAt(at);
    if (character === close) {
      at++;
      return false;
    }
    if (character !== ',') throw new RefusedJson(`expected \`,\` or \`${close}\``, at);
    const comma = at++;
    skip();
    if (text.charAt(at) !== close) return true;
    tell('syntax', null, 'a comma before the end, which Python refuses in JSON', comma);
    at++;
    return false;
  }

  function readValue(key: readonly string[], depth: number): ConfigNode {
    skip();
    const start = at;
    const open = text.charAt(at);
    if (open !== '{' && open !== '[') return readScalar(start);
    if (depth >= limits.depth) {
      throw new RefusedJson(`nested deeper than ${limits.depth} levels`, at);
    }
    at++;
    skip();
    if (open === '[') {
      const items: ConfigNode[] = [];
      let next = text.charAt(at) !== ']';
      if (!next) at++;
      while (next) {
        items.push(readValue([...key, String(items.length)], depth + 1));
        next = more(']');
      }
      return { ...placed(start), kind: 'list', items };
    }
    const entries = new Map<string, ConfigNode>();
    let next = text.charAt(at) !== '}';
    if (!next) at++;
    while (next) {
      const nameAt = at;
      if (text.charAt(at) !== '"') throw new RefusedJson('expected a key in double quotes', at);
      const name = readString();
      const path = [...key, name];
      if (entries.has(name)) {
        const message = `the key ${name} is written twice; the last one is used`;
        tell('duplicate-key', joinKey(path), message, nameAt);
      }
      skip();
      if (text.charAt(at) !== ':') throw new RefusedJson('expected `:`', at);
      at++;
      entries.set(name, readValue(path, depth + 1));
      next = more('}');
    }
    return { ...placed(start), kind: 'map', entries };
  }

  try {
    const root = readValue([], 0);
    skip();
    if (at < text.length) throw new RefusedJson('something follows the value', at);
    return { root, diagnostics };
  } catch (thrown) {
    if (!(thrown instanceof RefusedJson)) throw thrown;
    tell('syntax', null, thrown.message, thrown.offset);
    return { root: null, diagnostics };
  }
}

import type { YamlDialect } from '../../protocol/record.ts';
import { limits } from './limits.ts';
import type { ConfigNode, ListNode, MapNode, ScalarNode } from './node.ts';
import { readPlainValue } from './plain-yaml-value.ts';
import { readTaggedScalar } from './yaml-tag.ts';

/** A line that says something: its first character that is no space. */
interface Line {
  start: number;
  indent: number;
  end: number;
  number: number;
}

/** Where the quick way ends: what stands here is for the whole parser. */
export class NotPlain extends Error {}

const keyPattern = /[A-Za-z_/][\w./@-]*(?: [\w./@-]+)*(?=:(?: |$|\n))/y;
/** PyYAML takes no longer ones without a question mark. */
const maxKey = 1000;
const anyOddity = /[\t\r\x85\u2028\u2029\ufeff]|^(?:---|\.\.\.|%)/m;

export type MakeScalar = (text: string, start: number, end: number, plain: boolean) => ScalarNode;

/**
 * Reads the YAML that most configs are written in: block maps and lists, and values on one line. A
 * tree of sixty files is composed before a program starts, and this takes a fifth of the time of
 * the whole parser. Null for everything else, errors among it; what is read is what the whole
 * parser would read, with the same places.
 */
export function parsePlainYaml(text: string, dialect: YamlDialect, path: string): MapNode | null {
  if (anyOddity.test(text)) return null;
  try {
    return createReader(text, dialect, path).document();
  } catch (thrown) {
    if (thrown instanceof NotPlain) return null;
    throw thrown;
  }
}

function createReader(text: string, dialect: YamlDialect, path: string) {
  const lines = readLines(text);
  let at = 0;
  let depth = 0;
  const refuse = (): never => {
    throw new NotPlain();
  };
  const placeOf = (line: Line, start: number, end: number) => ({
    origin: { kind: 'file' as const, path, line: line.number },
    column: start - line.start + 1,
    start,
    end,
  });

  function scalarAt(line: Line): MakeScalar {
    return (value, start, end, plain) => {
      const result = readScalar(value, plain);
      const whole = result.type === 'float' && Number.isInteger(result.value);
      return {
        ...placeOf(line, start, end),
        kind: 'scalar',
        value: result.value,
        text: result.type === 'text',
        ...(whole ? { float: true as const } : {}),
      };
    };
  }

  function readScalar(value: string, plain: boolean) {
    try {
      const result = readTaggedScalar(value, plain, undefined, dialect);
      if (result === null || result.type === 'merge') return refuse();
      return result;
    } catch {
      return refuse();
    }
  }

  /** The map whose first key stands at `start` of the line that is read. */
  function map(line: Line, start: number): MapNode {
    const indent = start - line.start;
    const entries = new Map<string, ConfigNode>();
    let end = start;
    let current: Line | undefined = line;
    let keyStart = start;
    while (current !== undefined) {
      keyPattern.lastIndex = keyStart;
      const key = keyPattern.exec(text)?.[0] ?? refuse();
      if (key.length > maxKey || keyStart + key.length >= current.end || entries.has(key)) refuse();
      if (readScalar(key, true).type !== 'text') refuse();
      const node = value(current, keyStart + key.length + 1, indent, true);
      entries.set(key, node);
      end = node.end;
      current = lines[at];
      if (current === undefined || current.indent < indent) break;
      if (current.indent > indent) refuse();
      keyStart = current.start + indent;
    }
    return { ...placeOf(line, start, end), kind: 'map', entries };
  }

  function list(line: Line): ListNode {
    const { indent } = line;
    const start = line.start + indent;
    const items: ConfigNode[] = [];
    let end = start;
    for (let current: Line | undefined = line; isItem(current, indent); current = lines[at]) {
      const node = item(current, indent);
      items.push(node);
      end = node.end;
    }
    const next = lines[at];
    if (next !== undefined && next.indent > indent) refuse();
    return { ...placeOf(line, start, end), kind: 'list', items };
  }

  function isItem(line: Line | undefined, indent: number): line is Line {
    return line !== undefined && line.indent === indent && isDash(line);
  }

  function isDash(line: Line): boolean {
    return text.startsWith('- ', line.start + line.indent);
  }

  function item(line: Line, indent: number): ConfigNode {
    let start = line.start + indent + 2;
    while (text.charAt(start) === ' ') start++;
    keyPattern.lastIndex = start;
    if (keyPattern.test(text)) return deeper(() => map(line, start));
    return value(line, start, indent, false);
  }

  /** What stands from `from` on the line, or below it. */
  function value(line: Line, from: number, indent: number, isEntry: boolean): ConfigNode {
    let start = from;
    while (start < line.end && text.charAt(start) === ' ') start++;
    at++;
    const next = lines[at];
    if (start < line.end && text.charAt(start) !== '#') {
      // A deeper line would go on with this value.
      if (next !== undefined && next.indent > indent) refuse();
      if (!isEntry && isDashAt(start)) refuse();
      const node = readPlainValue(text.slice(start, line.end), start, scalarAt(line));
      return node ?? refuse();
    }
    if (!isEntry || next === undefined) return refuse();
    if (next.indent > indent) {
      return deeper(() => (isDash(next) ? list(next) : map(next, next.start + next.indent)));
    }
    return next.indent === indent && isDash(next) ? deeper(() => list(next)) : refuse();
  }

  function isDashAt(start: number): boolean {
    return text.startsWith('- ', start);
  }

  function deeper<T>(read: () => T): T {
    if (++depth > limits.depth) refuse();
    const result = read();
    depth--;
    return result;
  }

  return {
    document(): MapNode | null {
      const [first] = lines;
      if (first === undefined || first.indent > 0 || isDash(first)) return null;
      const root = map(first, first.start);
      return at < lines.length ? null : root;
    },
  };
}

/** The lines that are neither empty nor comments alone. */
function readLines(text: string): Line[] {
  const lines: Line[] = [];
  let number = 0;
  for (let start = 0; start < text.length; ) {
    number++;
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    let first = start;
    while (first < end && text.charCodeAt(first) === 32) first++;
    if (first < end && text.charCodeAt(first) !== 35) {
      lines.push({ start, indent: first - start, end, number });
    }
    start = end + 1;
  }
  return lines;
}

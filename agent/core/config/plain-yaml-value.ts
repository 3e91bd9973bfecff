import { limits } from './limits.ts';
import type { ConfigNode } from './node.ts';
import type { MakeScalar } from './parse-plain-yaml.ts';

const blockScalar = /^(?:[A-Za-z0-9_./+~$(<^\\]|-(?![ ])|\?(?! |$))/;
const quoted = /"[^"\\]*"|'[^']*'/y;
const flowScalar = /[A-Za-z0-9_./+~-](?:[\w./+~ -]*[\w./+~-])?/y;

/**
 * A value of one line: a scalar, or a flow collection of simple ones. Null for what needs the whole
 * parser: escapes, anchors, tags, block texts, and what is no YAML.
 */
export function readPlainValue(text: string, offset: number, make: MakeScalar): ConfigNode | null {
  const first = text.charAt(0);
  if (first === '"' || first === "'") {
    const written = matchAt(quoted, text, 0);
    if (written === '' || !isRest(text, written.length)) return null;
    const end = offset + written.length;
    return make(written.slice(1, -1), offset, end, false);
  }
  if (first === '[' || first === '{') return readFlow(text, offset, make);
  if (!blockScalar.test(text)) return null;
  const comment = text.indexOf(' #');
  const value = (comment === -1 ? text : text.slice(0, comment)).trimEnd();
  if (value.includes(': ') || value.endsWith(':') || value === '-') return null;
  return make(value, offset, offset + value.length, true);
}

/** Nothing but a comment, apart by a space. */
function isRest(text: string, from: number): boolean {
  return /^(?: *| +#.*)$/.test(text.slice(from));
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function readFlow(text: string, offset: number, make: MakeScalar): ConfigNode | null {
  let at = 0;
  let depth = 0;
  const skip = () => {
    while (text.charAt(at) === ' ') at++;
  };

  function scalar(): ConfigNode | null {
    const isQuoted = /["']/.test(text.charAt(at));
    const written = matchAt(isQuoted ? quoted : flowScalar, text, at);
    // A dash with a space after it is an item, and an error here.
    if (written === '' || /^-(?: |$)/.test(written)) return null;
    const start = offset + at;
    at += written.length;
    const value = isQuoted ? written.slice(1, -1) : written;
    return make(value, start, start + written.length, !isQuoted);
  }

  function element(): ConfigNode | null {
    const first = text.charAt(at);
    return first === '[' || first === '{' ? collection() : scalar();
  }

  function collection(): ConfigNode | null {
    if (++depth > limits.depth) return null;
    const start = at;
    const isList = text.charAt(at++) === '[';
    const close = isList ? ']' : '}';
    const items: ConfigNode[] = [];
    const entries = new Map<string, ConfigNode>();
    skip();
    while (text.charAt(at) !== close || items.length + entries.size > 0) {
      const key = isList ? '' : matchAt(/[A-Za-z_][\w-]*(?=: )/y, text, at);
      if (!isList) {
        // A key that is no text, or is there twice, is for the whole parser.
        if (key === '' || entries.has(key) || !make(key, 0, 0, true).text) return null;
        at += key.length + 1;
        skip();
      }
      const node = element();
      if (node === null) return null;
      if (isList) items.push(node);
      else entries.set(key, node);
      skip();
      if (text.charAt(at) === close) break;
      if (text.charAt(at++) !== ',') return null;
      skip();
    }
    at++;
    depth--;
    const placed = { ...make('x', offset + start, offset + at, false) };
    const { origin, column, end } = placed;
    const where = { origin, column, start: placed.start, end };
    return isList ? { ...where, kind: 'list', items } : { ...where, kind: 'map', entries };
  }

  const node = collection();
  return node !== null && isRest(text, at) ? node : null;
}

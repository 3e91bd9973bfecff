import type { Document, Node as YamlNode } from 'yaml';
import { findQuote } from './template.ts';
import { isCollection, isMap } from './yaml-node.ts';

/**
 * PyYAML does not look at indentation inside `[...]` and `{...}`; the parser does. Where that is
 * its first error, answers the text with that collection on one line: line ends and comments in it
 * become spaces, so every offset stays. Null where there is nothing to do.
 */
export function flattenFlow(text: string, document: Document.Parsed): string | null {
  const [error] = document.errors;
  if (error?.code !== 'BAD_INDENT') return null;
  const start = findFlow(document.contents as YamlNode | null, error.pos[0]);
  const end = start === null ? null : findFlowEnd(text, start);
  if (start === null || end === null) return null;
  const inside = text.slice(start, end);
  const flat = blankBreaks(inside);
  return flat === inside ? null : text.slice(0, start) + flat + text.slice(end);
}

/** The offset of the outermost flow collection that begins last before `offset`. */
function findFlow(node: YamlNode | null | undefined, offset: number): number | null {
  if (node === null || node === undefined || !isCollection(node)) return null;
  const start = node.range?.[0] ?? 0;
  if (start > offset) return null;
  if (node.flow) return start;
  const children = isMap(node) ? node.items.flatMap((pair) => [pair.key, pair.value]) : node.items;
  let found: number | null = null;
  for (const child of children) {
    const inside = findFlow(child as YamlNode | null, offset);
    if (inside !== null && (found === null || inside > found)) found = inside;
  }
  return found;
}

function findFlowEnd(text: string, start: number): number | null {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const character = text.charAt(i);
    const begins = /[\s,:[\]{}]/.test(text.charAt(i - 1));
    if (begins && (character === '"' || character === "'")) {
      const end = endOfQuote(text, i);
      if (end === -1) return null;
      i = end;
    } else if (character === '#' && begins) {
      const end = text.indexOf('\n', i);
      if (end === -1) return null;
      i = end;
    } else if (character === '[' || character === '{') depth++;
    else if ((character === ']' || character === '}') && --depth === 0) return i + 1;
  }
  return null;
}

/** In YAML a backslash means something in double quotes only. */
function endOfQuote(text: string, start: number): number {
  return text.charAt(start) === '"' ? findQuote(text, start) : text.indexOf("'", start + 1);
}

function blankBreaks(text: string): string {
  let result = '';
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const begins = /[\s,:[\]{}]/.test(text.charAt(i - 1));
    if (begins && (character === '"' || character === "'")) {
      const end = endOfQuote(text, i);
      result += text.slice(i, end + 1);
      i = end;
    } else if (character === '#' && begins) {
      const end = text.indexOf('\n', i);
      result += ' '.repeat((end === -1 ? text.length : end) - i);
      i = (end === -1 ? text.length : end) - 1;
    } else result += character === '\n' || character === '\r' ? ' ' : character;
  }
  return result;
}

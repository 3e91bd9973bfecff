import { limits } from './limits.ts';
import { emptyMap } from './merge-nodes.ts';
import type { ParsedConfig } from './node.ts';

/** Java's `.properties`: the key as it is written, dots and all, is one key. */
export function parseProperties(text: string, path: string): ParsedConfig {
  if (text.length > limits.sourceCharacters) return { root: null, diagnostics: [] };
  const root = emptyMap();
  const pattern =
    /^[ \t\f]*(?![#!\s])((?:[^\\\s:=]|\\.)+)(?:[ \t\f]*[:=][ \t\f]*|[ \t\f]+|$)((?:[^\\\r\n]|\\\r?\n|\\.)*)/gm;
  let line = 1;
  let seen = 0;
  for (const match of text.matchAll(pattern)) {
    const [all, key = '', written = ''] = match;
    const at = match.index + all.indexOf(key);
    line += (text.slice(seen, at).match(/\n/g) ?? []).length;
    seen = at;
    const start = match.index + all.length - written.length;
    const value = readEscapes(written.replace(/\\\r?\n[ \t\f]*/g, ''));
    const origin = { kind: 'file', path, line } as const;
    const placed = {
      origin,
      column: start - text.lastIndexOf('\n', start - 1),
      start,
      end: start + written.length,
    };
    root.entries.set(readEscapes(key), { ...placed, kind: 'scalar', value, text: true });
  }
  return { root, diagnostics: [] };
}

function readEscapes(text: string): string {
  const signs: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f' };
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g,
    (_, code: string | undefined, sign = '') =>
      code === undefined ? (signs[sign] ?? sign) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

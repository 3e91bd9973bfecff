import { limits } from './limits.ts';
import { emptyMap } from './merge-nodes.ts';
import type { Diagnostic, MapNode, ParsedConfig, ScalarNode } from './node.ts';

/**
 * An INI file as Python's `configparser` reads it: sections, `key = value` and `key: value`, values
 * over indented lines, keys in small letters, `[DEFAULT]` below every section, `%(name)s` from the
 * same section. Keys before any section stand at the top, as ConfigArgParse has them.
 */
export function parseIni(text: string, path: string): ParsedConfig {
  const diagnostics: Diagnostic[] = [];
  if (text.length > limits.sourceCharacters) return { root: null, diagnostics };
  const root = emptyMap();
  const defaults = emptyMap();
  let section: MapNode = root;
  let last: { node: ScalarNode; indent: number } | null = null;
  let offset = 0;
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    const start = offset;
    offset += raw.length + 1;
    const indent = line.length - line.trimStart().length;
    const content = line.trim();
    if (content === '' || /^[#;]/.test(content)) continue;
    if (last !== null && indent > last.indent) {
      last.node.value = `${last.node.value}\n${content}`;
      last.node.end = start + line.trimEnd().length;
      continue;
    }
    const origin = { kind: 'file', path, line: i + 1 } as const;
    const placed = { origin, column: indent + 1, start: start + indent, end: start + line.length };
    const header = /^\[([^\]]+)\]/.exec(content)?.[1];
    if (header !== undefined) {
      last = null;
      section = header === 'DEFAULT' ? defaults : sectionOf(root, header, placed);
      continue;
    }
    const pair = /^([^=:]*?)\s*(?:[=:]\s*(.*))?$/.exec(content);
    const key = (pair?.[1] ?? content).toLowerCase();
    const value = pair?.[2] ?? null;
    if (section.entries.has(key)) {
      const message = `the key ${key} is written twice, and configparser refuses that`;
      diagnostics.push({
        key,
        reason: 'duplicate-key',
        message,
        path,
        line: i + 1,
        column: indent + 1,
      });
    }
    const from = value === null ? placed.end : start + line.trimEnd().length - value.length;
    const at = { origin, column: from - start + 1, start: from, end: from + (value?.length ?? 0) };
    const node: ScalarNode = { ...at, kind: 'scalar', value, text: value !== null };
    section.entries.set(key, node);
    last = { node, indent };
  }
  for (const [name, entry] of root.entries) {
    if (entry.kind === 'map') root.entries.set(name, complete(entry, defaults));
  }
  return { root, diagnostics };
}

function sectionOf(
  root: MapNode,
  name: string,
  placed: Pick<MapNode, 'origin' | 'column' | 'start' | 'end'>,
): MapNode {
  const before = root.entries.get(name);
  if (before?.kind === 'map') return before;
  const made: MapNode = { ...placed, kind: 'map', entries: new Map() };
  root.entries.set(name, made);
  return made;
}

/** References that are followed in one section: a value that holds itself often grows without end. */
const mostFilled = 500;

/** A section with the defaults below it, and what its values refer to written out. */
function complete(section: MapNode, defaults: MapNode): MapNode {
  const entries = new Map([...defaults.entries, ...section.entries]);
  let filled = 0;
  const read = (value: string, depth: number): string =>
    value.replace(/%%|%\(([^)]+)\)s/g, (all, name: string | undefined) => {
      if (name === undefined) return '%';
      const found = entries.get(name.toLowerCase());
      if (found?.kind !== 'scalar' || depth > 10 || ++filled > mostFilled) return all;
      return read(String(found.value ?? ''), depth + 1);
    });
  for (const [key, node] of entries) {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') continue;
    if (node.value.includes('%')) entries.set(key, { ...node, value: read(node.value, 0) });
  }
  return { ...section, entries };
}

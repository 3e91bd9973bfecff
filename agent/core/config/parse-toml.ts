import type { AST } from 'toml-eslint-parser';
import type { Origin } from '../../protocol/record.ts';
import { limits } from './limits.ts';
import type { ConfigNode, ListNode, MapNode, ParsedConfig, Scalar } from './node.ts';
import { recordFloat, recordInteger } from './python-number.ts';

type Placed = Pick<ConfigNode, 'origin' | 'column' | 'start' | 'end'>;

/** Parses TOML 1.0. Dates and times are kept as they are written; the parser is loaded lazily. */
export async function parseToml(text: string, path: string): Promise<ParsedConfig> {
  const { parseTOML, ParseError } = await import('toml-eslint-parser');
  const place = (node: AST.TOMLNode): Placed => {
    const origin: Origin = { kind: 'file', path, line: node.loc.start.line };
    return { origin, column: node.loc.start.column + 1, start: node.range[0], end: node.range[1] };
  };
  try {
    const [table] = parseTOML(text, { tomlVersion: '1.0' }).body;
    return { root: readTable(table, place), diagnostics: [] };
  } catch (thrown) {
    let told = { message: 'nested too deep', line: 1, column: 1 };
    if (thrown instanceof ParseError) {
      told = { message: thrown.message, line: thrown.lineNumber, column: thrown.column + 1 };
    } else if (!(thrown instanceof RangeError)) throw thrown;
    const reason = /multiple times/.test(told.message) ? 'duplicate-key' : 'syntax';
    return { root: null, diagnostics: [{ key: null, reason, path, ...told }] };
  }
}

function readTable(table: AST.TOMLTopLevelTable, place: (node: AST.TOMLNode) => Placed): MapNode {
  const root: MapNode = { ...place(table), kind: 'map', entries: new Map() };
  for (const item of table.body) {
    if (item.type === 'TOMLKeyValue') {
      assign(root, item, place, 0);
      continue;
    }
    let target: ConfigNode = root;
    item.resolvedKey.forEach((segment) => {
      target = descend(target, segment, place(item));
    });
    for (const pair of item.body) assign(target, pair, place, item.resolvedKey.length);
  }
  return root;
}

/** The table or array item below `node`, made where it is not there yet. */
function descend(node: ConfigNode, segment: string | number, placed: Placed): ConfigNode {
  const fresh = (): MapNode => ({ ...placed, kind: 'map', entries: new Map() });
  if (typeof segment === 'number') {
    // The parser says which element of an array of tables this is; the array stands for a map
    // that was made before the index was seen.
    const list = node as unknown as ListNode & { entries?: unknown };
    if (list.kind !== 'list') {
      Object.assign(list, { kind: 'list', items: [] });
      delete list.entries;
    }
    list.items[segment] ??= fresh();
    return list.items[segment];
  }
  if (node.kind !== 'map') throw new RangeError('nested too deep');
  const existing = node.entries.get(segment);
  if (existing !== undefined) return existing;
  const made = fresh();
  node.entries.set(segment, made);
  return made;
}

function assign(
  table: ConfigNode,
  pair: AST.TOMLKeyValue,
  place: (node: AST.TOMLNode) => Placed,
  depth: number,
): void {
  const names = pair.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
  const last = names.pop() ?? '';
  const target = names.reduce((node, name) => descend(node, name, place(pair)), table);
  if (target.kind !== 'map') return;
  target.entries.set(last, readValue(pair.value, place, depth + names.length + 1));
}

function readValue(
  node: AST.TOMLContentNode,
  place: (node: AST.TOMLNode) => Placed,
  depth: number,
): ConfigNode {
  if (depth > limits.depth) throw new RangeError('nested too deep');
  const placed = place(node);
  if (node.type === 'TOMLArray') {
    const items = node.elements.map((element) => readValue(element, place, depth + 1));
    return { ...placed, kind: 'list', items };
  }
  if (node.type === 'TOMLInlineTable') {
    const map: MapNode = { ...placed, kind: 'map', entries: new Map() };
    for (const pair of node.body) assign(map, pair, place, depth);
    return map;
  }
  return { ...placed, kind: 'scalar', value: scalarOf(node), text: node.kind === 'string' };
}

function scalarOf(node: AST.TOMLValue): Scalar {
  if (node.kind === 'integer') return recordInteger(node.bigint);
  if (node.kind === 'float') return recordFloat(node.value);
  if (node.kind === 'string' || node.kind === 'boolean') return node.value;
  return node.datetime;
}

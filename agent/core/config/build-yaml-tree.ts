import type { YAMLMap, YAMLSeq, Node as YamlNode } from 'yaml';
import type { Origin, YamlDialect } from '../../protocol/record.ts';
import { joinKey } from './key-path.ts';
import { limits } from './limits.ts';
import type { ConfigNode, Diagnostic, MapNode } from './node.ts';
import { ScalarError } from './scalar-result.ts';
import { readKey } from './yaml-key.ts';
import { flattenMerge } from './yaml-merge.ts';
import { isAlias, isCollection, isMap } from './yaml-node.ts';
import { collectionTag, readTaggedScalar, standardTag } from './yaml-tag.ts';

export interface YamlSource {
  dialect: YamlDialect;
  path: string;
  text: string;
  locate: (offset: number) => { line: number; column: number };
}

/** What one walk over a document carries along. */
export interface YamlWalk extends YamlSource {
  /** The anchors seen so far, as a loader sees them: the last of a name wins. */
  anchors: Map<string, YamlNode>;
  /** Collections being read, to find those that hold themselves. */
  open: Set<unknown>;
  values: number;
  depth: number;
  diagnostics: Diagnostic[];
}

/** The whole file is refused; thrown inside this walk only. */
export class RefusedYaml extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Turns the document's nodes into values as the dialect's loader would construct them. */
export function buildYamlTree(
  contents: unknown,
  source: YamlSource,
): { root: ConfigNode | null; diagnostics: Diagnostic[] } {
  const walk: YamlWalk = {
    ...source,
    anchors: new Map(),
    open: new Set(),
    values: 0,
    depth: 0,
    diagnostics: [],
  };
  try {
    return {
      root: readNode(contents as YamlNode | null, [], walk, 0),
      diagnostics: walk.diagnostics,
    };
  } catch (thrown) {
    if (!(thrown instanceof RefusedYaml)) throw thrown;
    const place = source.locate(thrown.offset);
    const told = walk.diagnostics.concat({
      key: null,
      reason: 'syntax',
      message: thrown.message,
      path: source.path,
      ...place,
    });
    return { root: null, diagnostics: told };
  }
}

/** Reads one node; `offset` is where to point for a node that is not written (`a:`). */
export function readNode(
  node: YamlNode | null | undefined,
  key: readonly string[],
  walk: YamlWalk,
  offset: number,
): ConfigNode {
  const start = node?.range?.[0] ?? offset;
  if (++walk.values > limits.values) {
    throw new RefusedYaml(`more than ${limits.values} values, aliases written out`, start);
  }
  if (node === null || node === undefined) return { ...place(walk, start, start), ...missing };
  setAnchor(node, walk);
  if (isAlias(node)) return readAlias(node, key, walk, start);

  const end = node.range?.[1] ?? start;
  const placed = place(walk, start, end);
  if (isCollection(node)) return readCollection(node, key, walk, placed);
  try {
    const scalar = node as YamlNode & { source?: string; value?: unknown; type?: string };
    const plain = scalar.type === 'PLAIN' || scalar.type === undefined;
    const text = withoutLastBreak(scalar.source ?? String(scalar.value ?? ''), scalar, walk);
    const result = readTaggedScalar(text, plain, node.tag, walk.dialect);
    if (result === null) return opaque(placed, walk);
    if (result.type === 'merge' && walk.dialect !== 'yaml-1.2') {
      throw new RefusedYaml('`<<` can only be a key; quote it', start);
    }
    const whole = result.type === 'float' && Number.isInteger(result.value);
    return {
      ...placed,
      kind: 'scalar',
      value: result.value,
      text: result.type === 'text',
      ...(whole ? { float: true as const } : {}),
    };
  } catch (thrown) {
    if (thrown instanceof ScalarError) throw new RefusedYaml(thrown.message, start);
    throw thrown;
  }
}

/** Remembers what an anchor names; PyYAML refuses one that is given twice. */
export function setAnchor(node: YamlNode, walk: YamlWalk): void {
  if (!('anchor' in node) || typeof node.anchor !== 'string') return;
  const before = walk.anchors.get(node.anchor);
  if (before !== undefined && before !== node && walk.dialect !== 'yaml-1.2') {
    throw new RefusedYaml(`the anchor &${node.anchor} is given twice`, node.range?.[0] ?? 0);
  }
  walk.anchors.set(node.anchor, node);
}

/** PyYAML adds no line break to a block scalar that ends with the file. */
function withoutLastBreak(text: string, node: { type?: string; range?: unknown }, walk: YamlWalk) {
  if (walk.dialect === 'yaml-1.2' || !node.type?.startsWith('BLOCK_')) return text;
  const end = Array.isArray(node.range) ? Number(node.range[1]) : 0;
  const atEnd = end >= walk.text.length && !/[\n\r]$/.test(walk.text);
  return atEnd && text.endsWith('\n') ? text.slice(0, -1) : text;
}

const missing = { kind: 'scalar', value: null, text: false } as const;

export function place(walk: YamlSource, start: number, end: number) {
  const { line, column } = walk.locate(start);
  const origin: Origin = { kind: 'file', path: walk.path, line };
  return { origin, column, start, end };
}

/** The text as it stands, for tags that would construct an object: nothing is constructed. */
function opaque(placed: ReturnType<typeof place>, walk: YamlWalk): ConfigNode {
  // The tag stands before the node's own range.
  const before = walk.text.slice(0, placed.start);
  const tag = /(?:!<[^>]*>|![^\s,[\]{}]*)(?:\s+&\S+)?\s*$/.exec(before.slice(-400))?.[0] ?? '';
  const value = (tag.trimStart() + walk.text.slice(placed.start, placed.end)).trimEnd();
  return { ...placed, start: placed.start - tag.length, kind: 'scalar', value, text: false };
}

function readAlias(
  alias: { source: string },
  key: readonly string[],
  walk: YamlWalk,
  start: number,
): ConfigNode {
  const target = walk.anchors.get(alias.source);
  if (target === undefined) throw new RefusedYaml(`undefined alias *${alias.source}`, start);
  if (walk.open.has(target)) {
    throw new RefusedYaml(`the alias *${alias.source} holds itself`, start);
  }
  // Inside the target's text anchors are read again; the ones that hold here must stay.
  const anchors = new Map(walk.anchors);
  const copy = readNode(target, key, walk, start);
  walk.anchors = anchors;
  const at = place(walk, start, start + alias.source.length + 1);
  return { ...copy, ...at };
}

function readCollection(
  node: YAMLMap | YAMLSeq,
  key: readonly string[],
  walk: YamlWalk,
  placed: ReturnType<typeof place>,
): ConfigNode {
  const tag = standardTag(node.tag, walk.dialect);
  if (tag === null) return opaque(placed, walk);
  if (++walk.depth > limits.depth) {
    throw new RefusedYaml(`nested deeper than ${limits.depth} levels`, placed.start);
  }
  walk.open.add(node);
  const told = collectionTag(tag, isMap(node) ? 'map' : 'seq');
  if (told !== null) throw new RefusedYaml(told, placed.start);
  const result = isMap(node)
    ? readMap(node, key, walk, placed)
    : readList(node as YAMLSeq<YamlNode>, key, walk, placed, tag);
  walk.open.delete(node);
  walk.depth--;
  return result;
}

function readList(
  node: YAMLSeq<YamlNode>,
  key: readonly string[],
  walk: YamlWalk,
  placed: ReturnType<typeof place>,
  tag: string,
): ConfigNode {
  const items = node.items.map((item, i) => {
    const read = readNode(item, [...key, String(i)], walk, placed.start);
    return tag === 'omap' || tag === 'pairs' ? pairOf(read) : read;
  });
  return { ...placed, kind: 'list', items };
}

/** `!!omap` and `!!pairs` give a list of (key, value). */
function pairOf(node: ConfigNode): ConfigNode {
  const [only, ...rest] = node.kind === 'map' ? node.entries : [];
  if (only === undefined || rest.length > 0) {
    throw new RefusedYaml('expected a mapping of length 1', node.start);
  }
  const { origin, column, start, end } = node;
  const name = { origin, column, start, end, kind: 'scalar', value: only[0], text: true } as const;
  return { origin, column, start, end, kind: 'list', items: [name, only[1]] };
}

function readMap(
  node: YAMLMap<YamlNode, YamlNode | null>,
  key: readonly string[],
  walk: YamlWalk,
  placed: ReturnType<typeof place>,
): MapNode {
  const entries = new Map<string, ConfigNode>();
  const seen = new Set<string>();
  // Keys that are equal in Python (1, 1.0, True) are one key, under the name of the first.
  const names = new Map<string, string>();
  for (const pair of flattenMerge(node, walk)) {
    const start = pair.key?.range?.[0] ?? placed.start;
    const read = readKey(pair.key, walk, start);
    const name = names.get(read.identity) ?? read.name;
    names.set(read.identity, name);
    if (!pair.merged && seen.has(name)) {
      walk.diagnostics.push({
        key: joinKey([...key, name]),
        reason: 'duplicate-key',
        message:
          walk.dialect === 'omegaconf' && read.identity.startsWith('text ')
            ? `the key ${name} is written twice, and OmegaConf refuses that`
            : `the key ${name} is written twice; the last one is used`,
        path: walk.path,
        ...walk.locate(start),
      });
    }
    if (!pair.merged) seen.add(name);
    entries.set(name, readNode(pair.value, [...key, name], walk, pair.key?.range?.[1] ?? start));
  }
  return { ...placed, kind: 'map', entries };
}

import type { ConfigNode, MapNode } from './node.ts';

/**
 * `over` laid on `under`: maps are merged key by key, anything else is replaced, and so is a map that
 * says `_delete_: true`, as mmengine has it.
 */
export function mergeNodes(under: ConfigNode, over: ConfigNode): ConfigNode {
  if (over.kind === 'map' && isDeleting(over)) {
    const own = new Map(over.entries);
    own.delete('_delete_');
    return { ...over, entries: own };
  }
  if (under.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(under.entries);
  for (const [key, entry] of over.entries) {
    const before = entries.get(key);
    entries.set(key, before === undefined ? entry : mergeNodes(before, entry));
  }
  return { ...under, entries };
}

function isDeleting(node: MapNode): boolean {
  const told = node.entries.get('_delete_');
  return told?.kind === 'scalar' && told.value === true;
}

/** A copy of `root` with `node` at `segments`; maps on the way are made where there are none. */
export function setNode(root: MapNode, segments: readonly string[], node: ConfigNode): MapNode {
  const [first, ...rest] = segments;
  if (first === undefined) return root;
  const entries = new Map(root.entries);
  const before = entries.get(first);
  entries.set(first, setInside(before, rest, node));
  return { ...root, entries };
}

function setInside(
  before: ConfigNode | undefined,
  rest: readonly string[],
  node: ConfigNode,
): ConfigNode {
  const [next, ...further] = rest;
  if (next === undefined) return before === undefined ? node : mergeNodes(before, node);
  if (before?.kind === 'list' && /^\d+$/.test(next) && Number(next) < before.items.length) {
    const items = [...before.items];
    items[Number(next)] = setInside(items[Number(next)], further, node);
    return { ...before, items };
  }
  if (before?.kind === 'map') return setNode(before, rest, node);
  return setNode({ ...emptyMap(), origin: node.origin }, rest, node);
}

/** A copy of `root` without what stands at `segments`. */
export function deleteNode(root: MapNode, segments: readonly string[]): MapNode {
  const [first, ...rest] = segments;
  if (first === undefined) return root;
  const entries = new Map(root.entries);
  const inside = entries.get(first);
  if (rest.length === 0) entries.delete(first);
  else if (inside?.kind === 'map') entries.set(first, deleteNode(inside, rest));
  return { ...root, entries };
}

export function emptyMap(): MapNode {
  return {
    kind: 'map',
    entries: new Map(),
    origin: { kind: 'default' },
    column: 1,
    start: 0,
    end: 0,
  };
}

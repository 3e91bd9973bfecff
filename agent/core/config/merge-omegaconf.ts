import { type ConfigNode, copyNode, type MapNode } from './node.ts';

/**
 * `over` laid on `under` as OmegaConf merges: maps key by key, lists are replaced, a `???` leaves
 * what is there, and a map that is laid on a reference to a map is laid on a copy of that one.
 * Null where OmegaConf refuses: a list over a map, or the other way.
 */
export function mergeOmegaConf(
  under: ConfigNode,
  over: ConfigNode,
  refuse: (over: ConfigNode, keys: string[]) => void,
): ConfigNode {
  const root = under;

  function merge(below: ConfigNode, above: ConfigNode, keys: string[]): ConfigNode {
    if (isMissing(above)) return below;
    const target = above.kind === 'scalar' ? below : (follow(below) ?? below);
    if (target.kind === 'map' && above.kind === 'map') return mergeMaps(target, above, keys);
    const clash =
      (target.kind === 'list' && above.kind === 'map') ||
      (target.kind === 'map' && above.kind === 'list');
    if (clash) refuse(above, keys);
    return above;
  }

  function mergeMaps(below: MapNode, above: MapNode, keys: string[]): MapNode {
    if (above.entries.size === 0) return below;
    const entries = new Map(below.entries);
    for (const [key, entry] of above.entries) {
      const before = entries.get(key);
      entries.set(key, before === undefined ? entry : merge(before, entry, [...keys, key]));
    }
    return { ...below, entries };
  }

  function follow(node: ConfigNode): ConfigNode | null {
    const found = followReference(root, node);
    return found === null ? null : copyNode(found);
  }

  return merge(under, over, []);
}

/** The collection that a plain reference (`${a.b}`) means; null for anything else. */
export function followReference(root: ConfigNode, node: ConfigNode): ConfigNode | null {
  const path = node.kind === 'scalar' && node.text ? reference(String(node.value)) : null;
  let found: ConfigNode | undefined = path === null ? undefined : root;
  for (const segment of path ?? []) {
    found = found?.kind === 'map' ? found.entries.get(segment) : undefined;
  }
  return found === undefined || found.kind === 'scalar' ? null : found;
}

function reference(text: string): string[] | null {
  const path = /^\$\{([\w$-]+(?:\.[\w$-]+)*)\}$/.exec(text)?.[1];
  return path === undefined ? null : path.split('.');
}

export function isMissing(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.text && node.value === '???';
}

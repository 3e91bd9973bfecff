import { mergeNodes } from './merge-nodes.ts';
import type { ConfigNode, MapNode, ScalarNode } from './node.ts';

/** Keys by which known loaders lay a file on others; `true`: the key is not in the result. */
const includeKeys: Record<string, boolean> = {
  _BASE_: true,
  _base_: true,
  __base__: true,
  BASE: false,
  inherit_from: false,
  extends: false,
  base_config: false,
};

/** The files that a config says it is based on, in the order in which they are laid. */
export function includesOf(root: MapNode): ScalarNode[] {
  return Object.keys(includeKeys).flatMap((key) => {
    const node = root.entries.get(key);
    const items = node?.kind === 'list' ? node.items : node === undefined ? [] : [node];
    return items.filter(isFile);
  });
}

/** Whether the loader would refuse the config where the file is not there. */
export function isNeeded(root: MapNode, include: ScalarNode): boolean {
  return Object.entries(includeKeys).some(([key, isTaken]) => {
    const node = root.entries.get(key);
    return isTaken && (node === include || (node?.kind === 'list' && node.items.includes(include)));
  });
}

function isFile(node: ConfigNode): node is ScalarNode {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return false;
  return /\.(?:ya?ml|json|toml)$/i.test(node.value) && !/:\/\//.test(node.value);
}

/** A config laid on its bases: `_delete_: true` in a map takes away what is below it. */
export function layOnBases(bases: MapNode[], root: MapNode): MapNode {
  const entries = new Map(root.entries);
  for (const [key, isTaken] of Object.entries(includeKeys)) {
    if (isTaken && entries.has(key)) entries.delete(key);
  }
  const own: MapNode = { ...root, entries };
  return [...bases, own].reduce((under, over) => mergeNodes(under, over) as MapNode);
}

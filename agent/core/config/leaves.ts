import type { ConfigNode } from './node.ts';

export interface Leaf {
  segments: string[];
  node: ConfigNode;
}

/**
 * The leaves of a tree, as `origins` counts them: scalars, empty collections, and lists that hold
 * scalars only.
 */
export function* leavesOf(node: ConfigNode, segments: string[] = []): Generator<Leaf> {
  if (node.kind === 'map' && node.entries.size > 0) {
    for (const [key, entry] of node.entries) yield* leavesOf(entry, [...segments, key]);
  } else if (node.kind === 'list' && node.items.some((item) => item.kind !== 'scalar')) {
    for (const [i, item] of node.items.entries()) yield* leavesOf(item, [...segments, String(i)]);
  } else if (segments.length > 0) yield { segments, node };
}

import type { YAMLMap, YAMLSeq, Node as YamlNode } from 'yaml';
import { RefusedYaml, setAnchor, type YamlWalk } from './build-yaml-tree.ts';
import { limits } from './limits.ts';
import { isAlias, isCollection, isMap } from './yaml-node.ts';
import { readTaggedScalar } from './yaml-tag.ts';

export interface FlatPair {
  key: YamlNode | null;
  value: YamlNode | null;
  /** Came by `<<`: an own key of the same name overrides it and is no duplicate. */
  merged: boolean;
}

/** The pairs of a mapping with `<<` written out before its own, as PyYAML's `flatten_mapping`. */
export function flattenMerge(node: YAMLMap<YamlNode, YamlNode | null>, walk: YamlWalk): FlatPair[] {
  const own: FlatPair[] = [];
  const merged: FlatPair[] = [];
  for (const pair of node.items) {
    if (!isMergeKey(pair.key, walk)) {
      own.push({ key: pair.key, value: pair.value, merged: false });
      continue;
    }
    registerAnchors(pair.value, walk);
    merged.push(...mergedPairs(pair.value, walk).map((p) => ({ ...p, merged: true })));
    walk.values += merged.length;
    if (walk.values > limits.values) {
      throw new RefusedYaml(`more than ${limits.values} values, merges written out`, 0);
    }
  }
  return [...merged, ...own];
}

function isMergeKey(key: YamlNode | null, walk: YamlWalk): boolean {
  if (key === null || isAlias(key) || isCollection(key)) return false;
  const plain = 'type' in key && key.type === 'PLAIN' && 'source' in key && key.source === '<<';
  if (!plain && !key.tag?.endsWith(':merge')) return false;
  return readTaggedScalar('<<', plain, key.tag, walk.dialect)?.type === 'merge';
}

function mergedPairs(value: YamlNode | null, walk: YamlWalk): FlatPair[] {
  const target = follow(value, walk);
  if (isMap(target)) return guarded(target, walk);
  if (isCollection(target)) {
    // The first of the list wins, so it comes last.
    return (target as YAMLSeq<YamlNode>).items
      .map((item) => {
        const mapping = follow(item, walk);
        if (!isMap(mapping)) throw refused(item);
        return guarded(mapping, walk);
      })
      .reverse()
      .flat();
  }
  throw refused(value);
}

function guarded(mapping: YAMLMap<YamlNode, YamlNode | null>, walk: YamlWalk): FlatPair[] {
  if (walk.open.has(mapping) && mapping.items.some((pair) => isMergeKey(pair.key, walk))) {
    throw refused(mapping);
  }
  walk.open.add(mapping);
  const pairs = flattenMerge(mapping, walk);
  walk.open.delete(mapping);
  return pairs;
}

function follow(node: YamlNode | null, walk: YamlWalk): YamlNode {
  if (node === null) throw refused(node);
  if (!isAlias(node)) return node;
  const target = walk.anchors.get(node.source);
  if (target === undefined) {
    throw new RefusedYaml(`undefined alias *${node.source}`, node.range?.[0] ?? 0);
  }
  return target;
}

/** Anchors inside a merged value are never read as values of their own. */
function registerAnchors(node: YamlNode | null, walk: YamlWalk): void {
  if (node !== null && !isAlias(node)) setAnchor(node, walk);
}

function refused(node: YamlNode | null): RefusedYaml {
  const message = 'expected a mapping or a list of mappings for merging';
  return new RefusedYaml(message, node?.range?.[0] ?? 0);
}

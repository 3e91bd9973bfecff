import type { Node as YamlNode } from 'yaml';
import { RefusedYaml, setAnchor, type YamlWalk } from './build-yaml-tree.ts';
import { pythonFloatText } from './python-number.ts';
import { ScalarError, type ScalarResult } from './scalar-result.ts';
import { isAlias, isCollection } from './yaml-node.ts';
import { readTaggedScalar } from './yaml-tag.ts';

export interface YamlKey {
  name: string;
  /** Equal for keys that are equal to the loader. */
  identity: string;
}

/**
 * A key as text, written as Python's `json.dump` writes it: `1`, `1.0`, `true`, `null`; dates in
 * their ISO form. Lists and maps cannot be keys (Python cannot hash them).
 */
export function readKey(node: YamlNode | null, walk: YamlWalk, offset: number): YamlKey {
  if (node === null || isEmptyKey(node, walk)) return { name: 'null', identity: 'null' };
  setAnchor(node, walk);
  if (isAlias(node)) {
    const target = walk.anchors.get(node.source);
    if (target === undefined) throw new RefusedYaml(`undefined alias *${node.source}`, offset);
    return readKey(target, walk, offset);
  }
  if (isCollection(node)) throw new RefusedYaml('a list or a map cannot be a key', offset);
  const scalar = node as YamlNode & { source?: string; value?: unknown; type?: string };
  const text = scalar.source ?? String(scalar.value ?? '');
  const plain = scalar.type === 'PLAIN' || scalar.type === undefined;
  try {
    if (plain && node.tag === undefined && text === '=') return textKey('=');
    const result = readTaggedScalar(text, plain, node.tag, walk.dialect);
    if (result === null) return textKey(`${node.tag} ${text}`);
    return { name: keyText(result), identity: identityOf(result) };
  } catch (thrown) {
    if (thrown instanceof ScalarError) throw new RefusedYaml(thrown.message, offset);
    throw thrown;
  }
}

function textKey(name: string): YamlKey {
  return { name, identity: `text ${name}` };
}

/** `: x`, which YAML 1.2 reads as an empty key and PyYAML refuses; `? ` is one to both. */
function isEmptyKey(node: YamlNode, walk: YamlWalk): boolean {
  const start = node.range?.[0] ?? 0;
  const empty = 'source' in node && node.source === '' && node.range?.[1] === start;
  if (!empty || ('anchor' in node && node.anchor) || node.tag !== undefined) return false;
  if (
    walk.dialect !== 'yaml-1.2' &&
    !/\?\s*$/.test(walk.text.slice(Math.max(0, start - 200), start))
  ) {
    throw new RefusedYaml('expected a key before `:`', start);
  }
  return true;
}

function identityOf(result: ScalarResult): string {
  if (result.type === 'text') return `text ${result.value}`;
  if (typeof result.value === 'boolean') return String(Number(result.value));
  return String(result.value);
}

function keyText(result: ScalarResult): string {
  if (result.type === 'float' && typeof result.value === 'number') {
    return pythonFloatText(result.value);
  }
  return String(result.value);
}

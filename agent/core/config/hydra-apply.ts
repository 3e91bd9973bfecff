import type { Json } from '../../protocol/values.ts';
import type { Refuse } from './hydra-choices.ts';
import { elementToJson, isSweep } from './hydra-element.ts';
import type { HydraWord } from './hydra-words.ts';
import { deleteNode, emptyMap } from './merge-nodes.ts';
import { followReference, isMissing, mergeOmegaConf } from './merge-omegaconf.ts';
import { type ConfigNode, type MapNode, nodeOf, toJson } from './node.ts';
import { findNode } from './overrides.ts';

/** Why an override does not fit the composed configuration. */
class Unfit extends Error {}

/**
 * Lays the overrides of a command line on what was composed, as Hydra does with the result closed:
 * `key=` changes what is there, `+key=` adds, `++key=` does either, `~key` takes away. What does not
 * fit is told, and done all the same as far as it has a meaning.
 */
export function applyHydraWords(root: MapNode, words: HydraWord[], refuse: Refuse): MapNode {
  let tree = root;
  for (const word of words) {
    const { key, kind, package: target } = word.parsed;
    const tell = (message: string) =>
      refuse({
        key,
        reason: 'schema',
        message: `${word.text}: ${message}`,
        path: null,
        line: null,
      });
    if (target !== null) {
      tell(`there is no group ${key}`);
      continue;
    }
    const segments = key.split('.');
    if (kind === 'delete') {
      const before = findNode(tree, segments);
      const told = checkDelete(word, before);
      if (told !== null) tell(told);
      tree = deleteNode(tree, segments);
      continue;
    }
    const node = nodeOfWord(word);
    const before = findThrough(tree, segments);
    const isThere = before !== null && !isEmpty(before) && !isInterpolation(before);
    if (kind === 'add' && node.kind === 'scalar' && isThere) {
      tell(`${key} is there already: write ${word.text.slice(1)} to change it`);
    }
    try {
      tree = update(tree, segments, node, kind !== 'set', tell) as MapNode;
    } catch (thrown) {
      if (!(thrown instanceof Unfit)) throw thrown;
      tell(thrown.message);
      tree = update(tree, segments, node, true, () => {}) as MapNode;
    }
  }
  return tree;
}

function nodeOfWord({ text, parsed: { value } }: HydraWord): ConfigNode {
  const origin = { kind: 'override', text } as const;
  // Which of them a job gets is in the job's own record.
  if (value !== null && isSweep(value)) {
    const written = text.slice(text.indexOf('=') + 1);
    return { ...nodeOf(written, origin), text: false } as ConfigNode;
  }
  const json: Json = value === null ? '' : elementToJson(value);
  return nodeOf(json, origin);
}

/** As `OmegaConf.select`: through references too. */
function findThrough(root: MapNode, segments: string[]): ConfigNode | null {
  let node: ConfigNode | null = root;
  for (const segment of segments) {
    const inside: ConfigNode | null = node === null ? null : (followReference(root, node) ?? node);
    node = inside === null ? null : findNode(inside, [segment]);
  }
  return node;
}

/** Without a value, so that something may still be put there. */
function isEmpty(node: ConfigNode): boolean {
  return (node.kind === 'scalar' && node.value === null) || isMissing(node);
}

/** It may come to nothing. */
function isInterpolation(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.text && String(node.value).includes('${');
}

function checkDelete({ parsed }: HydraWord, before: ConfigNode | null): string | null {
  if (before === null || isEmpty(before)) return 'there is nothing to take away';
  const { value } = parsed;
  if (value === null || isSweep(value)) return null;
  if (before.kind !== 'scalar') {
    const same = JSON.stringify(toJson(before)) === JSON.stringify(elementToJson(value));
    return same ? null : 'its value is another';
  }
  if (before.text && String(before.value).includes('${')) return null;
  const wanted = elementToJson(value);
  return wanted === before.value ? null : `its value is ${before.value}`;
}

/** As `OmegaConf.update` with `merge=True`; `free`: keys may be new. */
function update(
  under: ConfigNode,
  segments: string[],
  node: ConfigNode,
  free: boolean,
  tell: (message: string) => void,
): ConfigNode {
  const [key = '', ...rest] = segments;
  if (under.kind === 'list') return updateItem(under, key, rest, node, free, tell);
  if (under.kind !== 'map') return update(emptyAt(node), segments, node, free, tell);
  const before = under.entries.get(key);
  if (before === undefined && !free) {
    throw new Unfit(`there is no key ${key} to change: write + before it to add it`);
  }
  const entries = new Map(under.entries);
  if (rest.length > 0) {
    const next = before === undefined || before.kind === 'scalar' ? emptyAt(node) : before;
    entries.set(key, update(next, rest, node, free, tell));
  } else entries.set(key, before === undefined ? node : put(before, node, free, tell));
  return { ...under, entries };
}

function updateItem(
  list: ConfigNode & { kind: 'list' },
  key: string,
  rest: string[],
  node: ConfigNode,
  free: boolean,
  tell: (message: string) => void,
): ConfigNode {
  const index = Number(key);
  const before = /^\d+$/.test(key) ? list.items[index] : undefined;
  if (before === undefined) {
    tell(`the list has no item ${key}`);
    return list;
  }
  const items = [...list.items];
  const next = before.kind === 'scalar' ? emptyAt(node) : before;
  items[index] =
    rest.length === 0 ? put(before, node, free, tell) : update(next, rest, node, free, tell);
  return { ...list, items };
}

/** Collections are merged where both are of a kind; anything else is replaced. */
function put(
  before: ConfigNode,
  node: ConfigNode,
  free: boolean,
  tell: (message: string) => void,
): ConfigNode {
  if (node.kind === 'scalar' || before.kind === 'scalar') return node;
  if (!free && before.kind === 'map' && node.kind === 'map') checkKeys(before, node);
  return mergeOmegaConf(before, node, () => tell('a list and a map do not go together'));
}

function checkKeys(before: MapNode, node: MapNode): void {
  for (const [key, entry] of node.entries) {
    const inside = before.entries.get(key);
    if (inside === undefined) throw new Unfit(`there is no key ${key} to change`);
    if (inside.kind === 'map' && entry.kind === 'map') checkKeys(inside, entry);
  }
}

function emptyAt(node: ConfigNode): MapNode {
  return { ...emptyMap(), origin: node.origin };
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Element,
  elementText,
  isSweep,
  OverrideError,
  type Sweep,
} from '../../agent/core/config/hydra-element.ts';
import { parseHydraOverride } from '../../agent/core/config/hydra-override.ts';
import { interpolate } from '../../agent/core/config/interpolate.ts';
import { type MapNode, nodeOf, toJson } from '../../agent/core/config/node.ts';
import type { Json } from '../../agent/protocol/values.ts';

/** Random words and interpolations, and what Hydra makes of them: test/support/hydra-golden.py. */
const golden: { words: [string, unknown][]; interpolations: [string, { value: Json } | null][] } =
  JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/hydra/words.json'), 'utf8'));

/** As the golden file writes values. */
function write(value: Element | Sweep | null): unknown {
  if (value === null || value.kind === 'null') return null;
  if (isSweep(value)) {
    if (value.kind === 'glob') {
      return { sweep: 'glob', include: value.include, exclude: value.exclude };
    }
    const isCounted = value.kind === 'choice' || value.kind === 'simple';
    return { sweep: value.kind, ...(isCounted ? { items: value.items?.map(write) } : {}) };
  }
  switch (value.kind) {
    case 'float':
      return { float: elementText(value) };
    case 'list':
      return value.items.map(write);
    case 'dict':
      return { dict: [...new Map(value.entries.map(([k, v]) => [elementText(k), write(v)]))] };
    case 'text':
      return value.quote === undefined ? value.value : { text: value.value, quoted: true };
    default:
      return value.value;
  }
}

function read(word: string): unknown {
  try {
    const { kind, key, package: target, value } = parseHydraOverride(word);
    return { kind, key, package: target, value: write(value) };
  } catch (thrown) {
    if (thrown instanceof OverrideError) return null;
    throw thrown;
  }
}

describe('Words of a command line are read by the override grammar of Hydra 1.3', () => {
  for (const [word, expected] of golden.words) {
    it(JSON.stringify(word), () => assert.deepEqual(read(word), expected));
  }
});

describe('Interpolations are resolved as OmegaConf 2.3 resolves them', () => {
  const variables: Record<string, string> = { RR_SET: 'here', RR_NUM: '12', RR_LIST: '[1, x, $' };
  /** The value of `v`; null where it has none, undefined where only a program can tell. */
  function resolve(text: string): { value: Json } | null | undefined {
    const file = { kind: 'file', path: 'c.yaml', line: 1 } as const;
    const root = nodeOf(
      {
        ...{ a: 1, b: 'text', c: { d: [1, 2], e: '$'.concat('{a}'), a: 'inner' } },
        ...{ l: ['first', { q: 7 }], n: null, m: '???', f: 5, t: true, s: 'a', v: text },
      },
      file,
    ) as MapNode;
    const floats = [['c', 'd', '1'], ['l', '1', 'q'], ['f']];
    for (const path of floats) markFloat(root, path);
    const { root: made, unresolved } = interpolate(root, (name) =>
      name === 'RR_LIST' ? '[1, x, $'.concat('{a}]') : variables[name],
    );
    const v = made.kind === 'map' ? made.entries.get('v') : undefined;
    assert.ok(v);
    if (unresolved.some(({ key }) => key === 'v' || key?.startsWith('v.'))) return null;
    return v.origin.text === undefined ? { value: toJson(v) } : undefined;
  }

  for (const [text, expected] of golden.interpolations) {
    it(JSON.stringify(text), () => {
      const found = resolve(text);
      if (found !== undefined) assert.deepEqual(found, expected);
    });
  }
});

function markFloat(root: MapNode, path: string[]): void {
  let node = root as ReturnType<typeof nodeOf> | undefined;
  for (const key of path) {
    node =
      node?.kind === 'map'
        ? node.entries.get(key)
        : node?.kind === 'list'
          ? node.items[Number(key)]
          : node;
  }
  assert.equal(node?.kind, 'scalar');
  if (node?.kind === 'scalar') node.float = true;
}

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolations of OmegaConf
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigNode } from '../../agent/core/config/node.ts';
import { parseConfig } from '../../agent/core/config/parse-config.ts';
import { parsePlainYaml } from '../../agent/core/config/parse-plain-yaml.ts';

/** Numbers that are the same in each run of the tests. */
function createChance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What the whole parser makes of a text: the end of a document sends it there. */
const parseWhole = (text: string, dialect: 'pyyaml' | 'omegaconf' | 'yaml-1.2') =>
  parseConfig(`${text}${text.endsWith('\n') ? '' : '\n'}...\n`, dialect, 'c.yaml');

/** Where a collection ends is nobody's question. */
function withoutEnds(node: ConfigNode | null): unknown {
  if (node === null || node.kind === 'scalar') return node;
  if (node.kind === 'list') return { ...node, end: 0, items: node.items.map(withoutEnds) };
  return { ...node, end: 0, entries: [...node.entries].map(([k, v]) => [k, withoutEnds(v)]) };
}

const apps: { files: Record<string, string> }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/hydra/random.json'), 'utf8'),
);
const written = [
  'a: 1\nb:\n  c: [1, "two", {x: y}]  # note\n  d:\n  - one\n  - k: v\n    l: w\n  -   three\ne: "x: y"\n',
  "# @package _global_\n\ndefaults:\n  - override /db@main: mysql\n  - _self_\nlr: 1e-3\npath: ${a.b}/x # y\nq: 'it is'\nn: ~\nm: ???\n",
  'on: 1\nyes: 2\n',
  'a: 010\nb: 1_000\nc: 1:30\nd: 2024-01-01\ne: .inf\nf: 0x1F\ng: 5.\nh: =\n',
];
const bits =
  ' |  |\n|\n  |- |: |:|#| #|"|\'|[|]|{|}|,|? |&a |*a|!|@|%|`|null|~|yes|1|0x1|1e3|1.0|-|---|<<|=|a: b|\\|$|é|k|.|/|('.split(
    '|',
  );

describe('The quick way through plain YAML', () => {
  it('comes to what the whole parser comes to, or leaves the text to it', async () => {
    const chance = createChance(7);
    const texts = [...written, ...apps.flatMap(({ files }) => Object.values(files))];
    let quick = 0;
    for (let i = 0; i < 4_000; i++) {
      let text = texts[chance(texts.length)] ?? '';
      // The first round is of the texts as they are.
      for (let change = i < texts.length ? 0 : 1 + chance(3); change > 0; change--) {
        const at = chance(text.length + 1);
        const cut = chance(3);
        text = text.slice(0, at) + (bits[chance(bits.length)] ?? '') + text.slice(at + cut);
      }
      const dialect = (['pyyaml', 'omegaconf', 'yaml-1.2'] as const)[i % 3] ?? 'pyyaml';
      const plain = parsePlainYaml(text, dialect, 'c.yaml');
      if (plain === null) continue;
      quick++;
      const whole = await parseWhole(text, dialect);
      assert.deepEqual(whole.diagnostics, [], text);
      assert.deepEqual(withoutEnds(plain), withoutEnds(whole.root), text);
    }
    assert.ok(quick > 1_000, `only ${quick} texts were plain`);
  });

  it('takes the configs that people write', () => {
    for (const text of written.slice(0, 2)) {
      assert.notEqual(parsePlainYaml(text, 'omegaconf', 'c.yaml'), null, text);
    }
  });

  for (const [what, text] of [
    ['a key that is no text', 'on: 1\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['an anchor', 'a: &x 1\nb: *x\n'],
    ['a value over lines', 'a: one\n  two\n'],
    ['a block text', 'a: |\n  one\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a tab', 'a:\t1\n'],
    ['an escape', 'a: "\\n"\n'],
    ['an indent that ends nowhere', 'a:\n    b: 1\n  c: 2\n'],
    ['a second document', 'a: 1\n---\nb: 1\n'],
    ['no value', 'a:\n'],
    ['a key that is too long', `${'k'.repeat(1100)}: 1\n`],
  ]) {
    it(`leaves ${what} to the whole parser`, () => {
      assert.equal(parsePlainYaml(text ?? '', 'pyyaml', 'c.yaml'), null);
    });
  }
});

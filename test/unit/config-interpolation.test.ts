// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolations of OmegaConf
import assert from 'node:assert/strict';
import { interpolate } from '../../agent/core/config/interpolate.ts';
import { leavesOf } from '../../agent/core/config/leaves.ts';
import { toJson } from '../../agent/core/config/node.ts';
import { parseConfig } from '../../agent/core/config/parse-config.ts';

const variables: Record<string, string> = { DATA: '/data', NUMBER: '0.5' };

async function resolve(text: string) {
  const { root } = await parseConfig(text, 'omegaconf', 'c.yaml');
  assert.ok(root);
  const result = interpolate(root, (name) => variables[name]);
  const told = result.unresolved.map(({ key, reason, line }) => `${reason} ${key} ${line}`);
  return { value: toJson(result.root), told, root: result.root };
}

// The values of this file are those of OmegaConf 2.3.1.
describe('OmegaConf interpolations are resolved without running anything', () => {
  it('to values of their own kind, to texts, relative and nested', async () => {
    const { value, told } = await resolve(`
a: 1
same: \${a}
text: x-\${a}-\${d.e}-\${flag}-\${nothing}
flag: true
nothing: null
d: {e: hi, sibling: "\${.e}", up: "\${..a}", deep: {i: "\${..e}"}}
list: [10, "\${.0}", "\${a}"]
first: \${list[0]}
key: e
nested: \${d.\${key}}
whole: \${d}
escaped: \\\${a}
`);
    const d = { e: 'hi', sibling: 'hi', up: 1, deep: { i: 'hi' } };
    assert.deepEqual(told, []);
    assert.deepEqual(value, {
      a: 1,
      same: 1,
      text: 'x-1-hi-True-None',
      flag: true,
      nothing: null,
      d,
      list: [10, 10, 1],
      first: 10,
      key: 'e',
      nested: 'hi',
      whole: d,
      escaped: '${a}',
    });
  });

  it('and the resolvers that come with OmegaConf', async () => {
    const { value, told, root } = await resolve(`
set: \${oc.env:DATA}
path: \${oc.env:DATA}/x
number: \${oc.decode:\${oc.env:NUMBER}}
fallback: \${oc.env:NOPE,default}
quoted: \${oc.env:NOPE,"a, b"}
none: \${oc.env:NOPE,null}
selected: \${oc.select:not.there,10}
keys: \${oc.dict.keys:m}
m: {x: 1, y: 2}
`);
    assert.deepEqual(told, []);
    assert.deepEqual(value, {
      set: '/data',
      path: '/data/x',
      number: 0.5,
      fallback: 'default',
      quoted: 'a, b',
      none: null,
      selected: 10,
      keys: ['x', 'y'],
      m: { x: 1, y: 2 },
    });
    const origins = [...leavesOf(root)].map(({ node }) => node.origin);
    assert.deepEqual(origins[0], { kind: 'environment', name: 'DATA', path: 'c.yaml', line: 2 });
    assert.deepEqual(origins[3], { kind: 'file', path: 'c.yaml', line: 5 });
  });

  it('what resolves to nothing is told where it stands, and keeps its text', async () => {
    const { value, told } = await resolve(`
unset: \${oc.env:NOPE}
gone: \${not.there}
one: \${two}
two: \${one}
self: {x: "\${self}"}
open: \${a
missing: \${hole}
hole: ???
`);
    assert.deepEqual(told, [
      'environment unset 2',
      'interpolation gone 3',
      'interpolation one 4',
      'interpolation two 5',
      'interpolation self.x 6',
      'interpolation open 7',
      'interpolation missing 8',
    ]);
    assert.equal((value as Record<string, unknown>).gone, '$'.concat('{not.there}'));
  });

  it('what only the program can know is text: generated where it is drawn at the start', async () => {
    const { value, told, root } = await resolve(
      'now: x/${now:%H}/${a}\nid: ${my_resolver:1}\nuses: ${id}\na: 1\n',
    );
    assert.deepEqual(told, []);
    assert.equal((value as Record<string, unknown>).now, 'x/${now:%H}/${a}');
    const kinds = [...leavesOf(root)].map(({ node }) => node.origin.kind);
    assert.deepEqual(kinds, ['generated', 'file', 'file', 'file']);
    const [now, id] = [...leavesOf(root)].map(({ node }) => node.origin);
    assert.equal(now?.what, 'time');
    // Its own resolver gives the same for the same arguments, as far as can be known.
    assert.equal(id?.text, '$'.concat('{my_resolver:1}'));
  });

  it('and none of it grows without end', async () => {
    let text = `x0: ${'y'.repeat(100)}\n`;
    for (let i = 1; i < 40; i++) text += `x${i}: \${x${i - 1}}\${x${i - 1}}\n`;
    assert.ok((await resolve(text)).told.length > 0);
    let maps = 'm0: {a: 1}\n';
    for (let i = 1; i < 40; i++) maps += `m${i}: {a: "\${m${i - 1}}", b: "\${m${i - 1}}"}\n`;
    assert.ok((await resolve(maps)).told.length > 0);
  });
});

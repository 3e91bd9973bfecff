import assert from 'node:assert/strict';
import { joinKey } from '../../agent/core/config/key-path.ts';
import { leavesOf } from '../../agent/core/config/leaves.ts';
import { limits } from '../../agent/core/config/limits.ts';
import { type ParsedConfig, toJson } from '../../agent/core/config/node.ts';
import { parseConfig } from '../../agent/core/config/parse-config.ts';
import type { Dialect } from '../../agent/protocol/record.ts';

const parse = (text: string, dialect: Dialect = 'pyyaml') => parseConfig(text, dialect, 'c');
const values = ({ root }: ParsedConfig) => (root === null ? null : toJson(root));

function places({ root }: ParsedConfig): Record<string, string> {
  assert.ok(root);
  const leaves = [...leavesOf(root)];
  return Object.fromEntries(
    leaves.map(({ segments, node }) => [joinKey(segments), `${node.origin.line}:${node.column}`]),
  );
}

/** `reason line:column` of each diagnostic. */
const told = ({ diagnostics }: ParsedConfig) =>
  diagnostics.map(({ reason, line, column }) => `${reason} ${line}:${column}`);

describe('A value is found where it was written', () => {
  it('in YAML, with line and column from 1, a list of scalars being one leaf', async () => {
    const text = '# c\nlr: 0.1\nmodel:\n  dims: [1, 2]\n  layers:\n    - size: 3\nempty: {}\n';
    assert.deepEqual(places(await parse(text)), {
      lr: '2:5',
      'model.dims': '4:9',
      'model.layers.0.size': '6:13',
      empty: '7:8',
    });
  });

  it('in JSON', async () => {
    const parsed = await parse('{\n  "lr": 0.1,\n  "a": {"b": [1]}\n}', 'json');
    assert.deepEqual(places(parsed), { lr: '2:9', 'a.b': '3:14' });
  });

  it('in TOML, tables and arrays of tables too', async () => {
    const text = 'lr = 0.1\n[a.b]\nc = 1979-05-27T07:32:00Z\n[[p]]\nx = 1\n[[p]]\nx = 2\n';
    const parsed = await parse(text, 'toml');
    assert.deepEqual(places(parsed), { lr: '1:6', 'a.b.c': '3:5', 'p.0.x': '5:5', 'p.1.x': '7:5' });
    assert.deepEqual(values(parsed), {
      lr: 0.1,
      a: { b: { c: '1979-05-27T07:32:00Z' } },
      p: [{ x: 1 }, { x: 2 }],
    });
  });

  it('and its key can be split again, dots and all', () => {
    assert.equal(joinKey(['a.b', 'c']), 'a\\.b.c');
    assert.equal(joinKey(['a\\', '.b']), 'a\\\\.\\.b');
    assert.equal(joinKey(['', 'x']), '.x');
  });
});

describe('JSON is read as Python reads it', () => {
  it('with NaN, Infinity, long integers and the last of equal keys', async () => {
    const text = '{"a": NaN, "b": -Infinity, "c": 9007199254740993, "d": 1e400, "e": 1, "e": 2}';
    const parsed = await parse(text, 'json');
    const wanted = { a: 'NaN', b: '-Infinity', c: '9007199254740993', d: 'Infinity', e: 2 };
    assert.deepEqual(values(parsed), wanted);
    assert.deepEqual(told(parsed), ['duplicate-key 1:71']);
  });

  it('and what it refuses is told with its place', async () => {
    for (const [text, place] of [
      ['{"a": 1', '1:8'],
      ['{"a": tru}', '1:7'],
      ['{\n "a" 1}', '2:6'],
      ["{'a': 1}", '1:2'],
      ['{"a": "x\ny"}', '1:9'],
      ['{"a": 01}', '1:8'],
      ['{} {}', '1:4'],
      ['', '1:1'],
    ] as const) {
      const parsed = await parse(text, 'json');
      assert.equal(parsed.root, null, text);
      assert.deepEqual(told(parsed), [`syntax ${place}`], text);
    }
  });

  it('while comments and trailing commas are told and passed over', async () => {
    const parsed = await parse('{"a": 1, // one\n}', 'json');
    assert.deepEqual(values(parsed), { a: 1 });
    assert.equal(parsed.diagnostics.length, 2);
  });
});

describe('A file that a loader would refuse is told with its place', () => {
  it('YAML', async () => {
    assert.deepEqual(told(await parse('a: 1\nb: [1, 2\n')), ['syntax 3:1']);
    assert.deepEqual(told(await parse('a:\n\tb: 1\n')), ['syntax 2:1']);
    assert.deepEqual(told(await parse('a: *nope\n')), ['syntax 1:4']);
    assert.deepEqual(told(await parse('a: x\0\n')), ['syntax 1:5']);
  });

  it('TOML', async () => {
    assert.deepEqual(told(await parse('a = 1\na = 2\n', 'toml')), ['duplicate-key 2:1']);
    assert.deepEqual(told(await parse('a = ', 'toml')), ['syntax 1:5']);
  });

  it('a second document, of which the first is used', async () => {
    const parsed = await parse('a: 1\n---\nb: 2\n');
    assert.deepEqual(values(parsed), { a: 1 });
    assert.deepEqual(told(parsed), ['syntax 2:1']);
  });

  it('an unfinished merge, in every language', async () => {
    const text = 'x: 0\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> other\n';
    for (const dialect of ['pyyaml', 'omegaconf', 'yaml-1.2', 'json', 'toml'] as const) {
      assert.deepEqual(told(await parse(text, dialect)), ['merge-marker 2:1']);
    }
  });

  it('a key written twice, though the last one is used', async () => {
    const parsed = await parse('m:\n  a: 1\n  b: 2\n  a: 3\n');
    assert.deepEqual(values(parsed), { m: { a: 3, b: 2 } });
    assert.deepEqual(parsed.diagnostics[0]?.key, 'm.a');
    assert.deepEqual(told(parsed), ['duplicate-key 4:3']);
  });
});

describe('Hostile files do no harm', () => {
  it('a billion laughs', async () => {
    let text = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
    for (let i = 1; i < 12; i++) {
      text += `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]\n`;
    }
    assert.match((await parse(text)).diagnostics[0]?.message ?? '', /aliases written out/);
    let merges = 'm0: &m0 {a: 1}\n';
    for (let i = 1; i < 30; i++) merges += `m${i}: &m${i}\n  <<: [*m${i - 1}, *m${i - 1}]\n`;
    assert.match((await parse(merges)).diagnostics[0]?.message ?? '', /written out/);
  });

  it('collections that hold themselves, by alias or by merge', async () => {
    assert.equal((await parse('a: &a [*a]\n')).root, null);
    assert.equal((await parse('a: &a {<<: *a, b: 1}\n')).root, null);
  });

  it('nesting without end', async () => {
    for (const dialect of ['pyyaml', 'json', 'toml'] as const) {
      const open = dialect === 'toml' ? 'a = ' : '';
      const text = `${open}${'['.repeat(20_000)}${']'.repeat(20_000)}`;
      assert.match((await parse(text, dialect)).diagnostics[0]?.message ?? '', /nested/, dialect);
    }
  });

  it('files far too large', async () => {
    const parsed = await parse('a: 1\n'.repeat(limits.sourceCharacters / 4));
    assert.match(parsed.diagnostics[0]?.message ?? '', /over the limit/);
  });

  it('keys that are names of JavaScript', async () => {
    const text = '{"__proto__": {"polluted": 1}, "constructor": 2, "hasOwnProperty": 3}';
    for (const dialect of ['pyyaml', 'json'] as const) {
      const value = values(await parse(text, dialect)) as object;
      assert.equal(JSON.stringify(value), text.replaceAll(' ', ''));
      assert.equal(Reflect.get({}, 'polluted'), undefined);
    }
  });
});

describe('YAML for other programs is YAML 1.2', () => {
  it('where yes is a text, 010 is ten and 1e-4 is a number', async () => {
    const parsed = await parse('a: yes\nb: 010\nc: 1e-4\nd: 0o10\ne: 1:30\nf: .inf\n', 'yaml-1.2');
    const wanted = { a: 'yes', b: 10, c: 0.0001, d: 8, e: '1:30', f: 'Infinity' };
    assert.deepEqual(values(parsed), wanted);
  });
});

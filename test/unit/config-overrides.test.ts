import assert from 'node:assert/strict';
import { findScript } from '../../agent/core/config/find-script.ts';
import type { MapNode } from '../../agent/core/config/node.ts';
import { recogniseOverrides } from '../../agent/core/config/overrides.ts';
import { parseConfig } from '../../agent/core/config/parse-config.ts';
import { resolveConfig } from '../../agent/core/config/resolve-config.ts';
import type { Dialect } from '../../agent/protocol/record.ts';

const file =
  'lr: 0.1\nname: base\nverbose: false\nlayers: [1, 2]\nmodel: {hidden_size: 8, act: relu}\n';

async function launch(words: string, text: string | null = file, dialect: Dialect = 'pyyaml') {
  const argv = words.split(' ');
  const parsed = text === null ? null : await parseConfig(text, dialect, 'c.yaml');
  const root = (parsed?.root as MapNode | null) ?? null;
  const from = findScript(argv).index + 1;
  const overrides = recogniseOverrides(argv, { from, root, taken: new Set() });
  const resolved = await resolveConfig({
    roots: root === null ? [] : [root],
    overrides,
    dialect,
    interpolations: false,
    environment: () => undefined,
  });
  const texts = overrides.map((override) => override.text);
  return { texts, ...resolved, tokens: overrides.flatMap((override) => override.tokens) };
}

describe('An override of the command line', () => {
  it('is any key=value after the program, with a config or without', async () => {
    const { resolved, texts, origins } = await launch('python train.py lr=0.5 new.key=x', null);
    assert.deepEqual(resolved, { lr: 0.5, new: { key: 'x' } });
    assert.deepEqual(texts, ['lr=0.5', 'new.key=x']);
    assert.deepEqual(origins.lr, { kind: 'override', text: 'lr=0.5' });
  });

  it('is no option that the config does not know', async () => {
    const { texts } = await launch('python train.py --workers 4 --out x --seed=1');
    assert.deepEqual(texts, []);
    assert.deepEqual((await launch('python t.py --verbose data.csv', 'lr: 1\n')).texts, []);
  });

  it('is an option whose key the config has, with dashes or underscores', async () => {
    const words =
      'python train.py --model.hidden-size 16 --lr=1e-4 --name run-7 --verbose data.csv';
    const { resolved, texts, tokens } = await launch(words);
    assert.deepEqual(resolved, {
      lr: 0.0001,
      name: 'run-7',
      verbose: true,
      layers: [1, 2],
      model: { hidden_size: 16, act: 'relu' },
    });
    assert.deepEqual(texts, ['--model.hidden-size 16', '--lr=1e-4', '--name run-7', '--verbose']);
    assert.deepEqual(tokens, [2, 3, 4, 5, 6, 7]);
  });

  it('takes a list, a negative number and --no-flag', async () => {
    const { resolved } = await launch('python t.py --layers 3 4 5 --lr -1 --no-verbose');
    assert.deepEqual([resolved.layers, resolved.lr, resolved.verbose], [[3, 4, 5], -1, false]);
  });

  it('keeps a text a text', async () => {
    assert.equal((await launch('python t.py --name 7')).resolved.name, '7');
  });

  it('holds lists and maps by the rules of the config', async () => {
    const { resolved } = await launch('python t.py layers=[7,yes] model={act:1e-4}');
    assert.deepEqual(resolved.layers, [7, true]);
    const json = await launch('./t layers=[7,true]', '{"layers": []}', 'json');
    assert.deepEqual(json.resolved, { layers: [7, true] });
  });

  it('begins after the program, not before it', async () => {
    const { texts } = await launch('env A=1 torchrun --nproc=2 train.py lr=1');
    assert.deepEqual(texts, ['lr=1']);
  });
});

describe('The program of a command line', () => {
  const cases: [string, number, string | null, string | null][] = [
    ['python train.py x', 1, 'train.py', null],
    ['python3.11 -u -X dev -W error train.py', 6, 'train.py', null],
    ['python -m pkg.train --lr 1', 2, null, 'pkg.train'],
    ['python -m torch.distributed.run --nproc 2 train.py x', 5, 'train.py', null],
    ['accelerate launch --num 2 train.py', 4, 'train.py', null],
    ['uv run python train.py', 3, 'train.py', null],
    ['env A=1 python train.py', 3, 'train.py', null],
    ['python -c print(1) x', 2, null, null],
    ['./run.sh a', 0, './run.sh', null],
    ['./trainer --lr 1', 0, null, null],
    ['bash run.sh', 1, 'run.sh', null],
  ];
  for (const [words, index, path, module] of cases) {
    it(words, () => assert.deepEqual(findScript(words.split(' ')), { index, path, module }));
  }
});

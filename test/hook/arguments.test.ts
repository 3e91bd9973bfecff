import assert from 'node:assert/strict';
import { withEachPython } from './support/each-python.ts';
import type { Hooked } from './support/hooked.ts';

const program = `
import argparse, enum, functools, json, pathlib

class Color(enum.Enum):
    RED = 1

class Mode(str, enum.Enum):
    FAST = 'fast'

parser = argparse.ArgumentParser(fromfile_prefix_chars='@')
parser.add_argument('--lr', type=float, default=0.01)
parser.add_argument('--epochs', '-e', type=int,
    default=3)
parser.add_argument('--out', type=pathlib.Path, default=pathlib.Path('out'))
parser.add_argument('--layers', type=int, nargs='*', default=[1, 2])
parser.add_argument('--color', type=Color.__getitem__, default=Color.RED)
parser.add_argument('--mode', type=Mode, default=Mode.FAST)
parser.add_argument('--limit', type=float, default=float('inf'))
parser.add_argument('-v', action='count')
commands = parser.add_subparsers(dest='command')
train = commands.add_parser('train')
train.add_argument('data')
train.add_argument('--batch', type=int, default=4)
train.set_defaults(run=functools.reduce)
args = parser.parse_args()
args.lr = args.lr * 100
print(sorted(vars(args)))
`;

const line = (text: string): number =>
  program.split('\n').findIndex((one) => one.includes(text)) + 1;

withEachPython('Arguments', ({ python, hooked }) => {
  const run = (files: Record<string, string>, ...args: string[]): Hooked => {
    const place = hooked(files);
    const command = [python.path, 'train.py', ...args];
    const plain = place.runPlain(command);
    place.reset(files);
    assert.deepEqual(place.run(command), plain);
    return place;
  };
  const onlyConfig = (place: Hooked) => {
    const told = place.of('config');
    assert.equal(told.length, 1);
    return told[0] as (typeof told)[number];
  };

  it('are told as they were parsed, with where each comes from', () => {
    const place = run(
      { 'train.py': program, 'args.txt': '--layers\n7\n' },
      '@args.txt',
      '--epo=5',
      '-vv',
      'train',
      'table.csv',
      '--batch',
      '9',
    );
    const { system, values, origins } = onlyConfig(place);
    assert.equal(system, 'argparse');
    assert.deepEqual(values, {
      lr: 0.01,
      epochs: 5,
      out: 'out',
      layers: [7],
      color: 'RED',
      mode: 'fast',
      limit: 'Infinity',
      v: 2,
      command: 'train',
      data: 'table.csv',
      batch: 9,
      run: values.run,
    });
    assert.match(String(values.run), /reduce$/);
    const path = place.path('train.py');
    assert.deepEqual(origins.lr, { kind: 'default', path, line: line("'--lr'") });
    assert.deepEqual(origins.epochs, { kind: 'override', text: '--epo=5' });
    assert.deepEqual(origins.layers, { kind: 'file', path: place.path('args.txt'), line: 1 });
    assert.deepEqual(origins.batch, { kind: 'override', text: '--batch 9' });
    assert.deepEqual(origins.data, { kind: 'override', text: 'table.csv' });
    assert.deepEqual(origins.run?.kind, 'default');
  });

  it('that are refused are told by nobody, and the program ends as it would', () => {
    const place = run({ 'train.py': program }, '--lr', 'much');
    assert.deepEqual(place.of('config'), []);
  });

  it('of a value that cannot be read leave the traceback as it is', () => {
    run({
      'train.py': `
import argparse
parser = argparse.ArgumentParser()
parser.add_argument('--x', type=lambda text: {}[text])
try:
    parser.parse_args(['--x', '1'])
except KeyError as error:
    import sys, traceback
    if sys.version_info >= (3, 11):
        print([frame.name for frame in traceback.extract_tb(error.__traceback__)])
parser.parse_args(['--x', '1'])
`,
    });
  });

  it('whose secrets are told by their name are not kept', () => {
    const place = run(
      {
        'train.py': `
import argparse
parser = argparse.ArgumentParser()
parser.add_argument('--api-key')
parser.add_argument('--db-password')
parser.add_argument('--max-tokens', type=int)
parser.parse_args()
`,
      },
      '--api-key',
      'planted-4711-secret',
      '--db-password=planted-word',
      '--max-tokens',
      '512',
    );
    const { values, origins } = onlyConfig(place);
    assert.deepEqual(values, {
      api_key: '[redacted: key]',
      db_password: '[redacted: password]',
      max_tokens: 512,
    });
    assert.equal(origins.api_key?.text, '--api-key [redacted: key]');
    assert.doesNotMatch(JSON.stringify(place.lines()), /planted/);
  });

  it('that a program sets from a file are those of the file', () => {
    const place = run(
      {
        'train.py': `
import argparse, json
first = argparse.ArgumentParser(add_help=False)
first.add_argument('--config')
known, rest = first.parse_known_args()
parser = argparse.ArgumentParser(parents=[first])
parser.add_argument('--lr', type=float, default=1.0)
parser.add_argument('--depth', type=int, default=1)
with open(known.config) as file:
    parser.set_defaults(**json.load(file))
parser.parse_args(rest)
`,
        'base.json': '{\n  "lr": 0.5\n}\n',
      },
      '--config',
      'base.json',
      '--depth',
      '4',
    );
    const last = place.of('config').at(-1);
    assert.deepEqual(last?.values, { config: null, lr: 0.5, depth: 4 });
    assert.deepEqual(last?.origins.lr, { kind: 'file', path: place.path('base.json'), line: 2 });
    assert.deepEqual(place.reads(), ['base.json']);
  });

  it('of tools are no configuration', () => {
    const place = hooked({ 'data.json': '{"a": 1}' });
    assert.equal(place.run([python.path, '-m', 'json.tool', 'data.json']).code, 0);
    assert.deepEqual(place.of('config'), []);
  });

  it('are told by each kind of parse once', () => {
    const place = run({
      'train.py': `
import argparse
parser = argparse.ArgumentParser()
parser.add_argument('--a', type=int, default=1)
parser.add_argument('rest', nargs='*')
print(parser.parse_intermixed_args(['x', '--a', '2', 'y']))
`,
    });
    assert.deepEqual(onlyConfig(place).values, { a: 2, rest: ['x', 'y'] });
  });
});

withEachPython('A class of settings', ({ python, hooked }) => {
  it('is told by its first object, with what it holds', () => {
    const place = hooked({
      'train.py': `
import dataclasses, json

@dataclasses.dataclass
class ModelConfig:
    width: int = 3

@dataclasses.dataclass
class TrainConfig:
    lr: float = 0.1
    model: ModelConfig = dataclasses.field(default_factory=ModelConfig)

@dataclasses.dataclass
class Row:
    x: int = 1

print(TrainConfig.__init__.__name__, TrainConfig(**json.load(open('base.json'))), TrainConfig(lr=2), Row())
`,
      'base.json': '{"lr": 0.5}',
    });
    const { stdout } = place.run([python.path, 'train.py']);
    assert.match(stdout, /^__init__ TrainConfig\(lr=0.5/);
    const byId = new Map(place.of('config').map((told) => [told.id, told.values]));
    const held = Object.assign({}, ...byId.values());
    assert.deepEqual(held, { lr: 0.5, model: { width: 3 } });
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '../../agent/capture/settings.ts';
import { splitRunCommand } from '../../agent/capture/settings-command.ts';
import { RunRecordError } from '../../agent/protocol/errors.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function load(text: string) {
  writeFileSync(join(root, 'runrecord.yaml'), text);
  return loadSettings(root);
}

describe('runrecord.yaml', () => {
  it('may be missing: the defaults hold', async () => {
    const settings = await loadSettings(root);
    assert.equal(settings.path, null);
    assert.equal(settings.runs.size, 0);
    assert.equal(settings.outputs, null);
    assert.deepEqual(settings.limits, {
      snapshotFile: 10e6,
      snapshot: 1e9,
      log: 100e6,
      hashBefore: 256e6,
    });
  });

  it('names runs, data, outputs, gates and limits', async () => {
    const settings = await load(`version: 1
runs:
  train: { command: "python train.py 'a b' layers=[1,2]", cwd: ".", config: [c.yaml], data: [train], outputs: [out], tags: { stage: pilot }, gates: { dirty-tree: block } }
  list: { command: [python, x.py] }
data:
  train: { path: data/train.csv }
outputs: [out, checkpoints]
gates: { unresolved-config: block }
criteria: { digits: ["val_acc >= 0.9"] }
approvals: 2
ignore: ["scratch/**"]
limits: { snapshotFile: 1.5GiB, log: 10 MB, hashBefore: 512 }
redact: ["*_PIN"]
remotes: {}
`);
    const train = settings.runs.get('train');
    assert.deepEqual(train?.argv, ['python', 'train.py', 'a b', 'layers=[1,2]']);
    assert.deepEqual(train?.gates, { 'dirty-tree': 'block' });
    assert.deepEqual(settings.runs.get('list')?.argv, ['python', 'x.py']);
    assert.deepEqual(settings.limits, {
      snapshotFile: 1610612736,
      snapshot: 1e9,
      log: 10e6,
      hashBefore: 512,
    });
    assert.deepEqual(settings.outputs, ['out', 'checkpoints']);
    assert.equal(settings.approvals, 2);
    assert.deepEqual([...settings.data], [['train', { path: 'data/train.csv' }]]);
  });

  const wrong: [string, RegExp, RegExp][] = [
    ['version: 2', /^runrecord\.yaml:1:10: version is 2\.$/, /version: 1/],
    ['runs: {}', /:1:1: the key version is missing/, /version: 1/],
    ['version: 1\nfoo: 1', /:2:1: the key foo is unknown/, /Known here: version, runs/],
    [
      'version: 1\ngates:\n  dirty-tre: block',
      /:3:3: the key gates\.dirty-tre is unknown/,
      /dirty-tree/,
    ],
    ['version: 1\ngates:\n  dirty-tree: stop', /:3:15: .*expected allow, warn or block/, /Change/],
    ['version: 1\nlimits: {log: 10 apples}', /:2:15: .*a size such as 10MB/, /Change/],
    ['version: 1\nruns:\n  a: {}', /:3:3: the key runs\.a\.command is missing/, /Add it/],
    ['version: 1\noutputs: out', /:2:10: outputs is "out", expected a list/, /Change/],
    ['version: 1\nignore:\n  - a\n  - 3', /:4:5: ignore\.1 is 3, expected a text/, /Change/],
    ['version: 1\nversion: 1', /:2:1: map keys must be unique/, /YAML/],
    ['version: [1', /:1:12: /, /YAML/],
    ['', /:1:1: it is empty/, /remove it/],
    ['- 1', /:1:1: it holds no map/, /version: 1/],
    ['version: 1\nremotes: &x {a: *x}', /aliases/, /Write/],
    ['version: 1\ndata:\n  a: {path: x, digest: abc}', /:3:24: .*64 hexadecimal digits/, /Change/],
  ];
  for (const [text, message, action] of wrong) {
    it(`that is wrong says where, and what to do: ${JSON.stringify(text)}`, async () => {
      await assert.rejects(load(text), (error) => {
        assert.ok(error instanceof RunRecordError);
        assert.match(error.message, message);
        assert.match(error.action, action);
        assert.deepEqual([error.code, error.exitCode], ['bad-settings', 2]);
        return true;
      });
    });
  }

  it('that is no text is told', async () => {
    writeFileSync(join(root, 'runrecord.yaml'), Buffer.from([0xff, 0xfe, 0xfd]));
    await assert.rejects(loadSettings(root), /it is not UTF-8/);
  });
});

describe('The command of a named run', () => {
  const cases: [string, string[]][] = [
    ['python train.py', ['python', 'train.py']],
    [' a  "b c" d\\ e \'f "g"\' ""', ['a', 'b c', 'd e', 'f "g"', '']],
    ['a lr=0.1 layers=[1,2] x={y:1} n#1', ['a', 'lr=0.1', 'layers=[1,2]', 'x={y:1}', 'n#1']],
    ['a \'$HOME\' "\\$x"', ['a', '$HOME', '$x']],
  ];
  for (const [command, words] of cases) {
    it(`is split: ${command}`, () => assert.deepEqual(splitRunCommand(command), words));
  }
  for (const command of [
    'a | b',
    'a && b',
    'a > b',
    'a $HOME',
    'a "$HOME"',
    'a `b`',
    'X=1 a',
    'a *.csv',
    'a ~/x',
    'a "b',
    'a; b',
    'a &',
  ]) {
    it(`is given to a shell: ${command}`, () =>
      assert.deepEqual(splitRunCommand(command), ['sh', '-c', command]));
  }
});

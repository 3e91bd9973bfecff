// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in configs
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { captureConfig } from '../../agent/capture/config.ts';
import { createRedactor } from '../../agent/core/redaction/redactor.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'layers-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function launch(
  files: Record<string, string>,
  words: string,
  environment: Record<string, string> = {},
) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const { value } = await captureConfig({
    workspaceRoot: root,
    cwd: root,
    named: [],
    argv: words.split(' '),
    isPython: true,
    environment,
    keepObject: () => 'sha256:0',
    redactor: createRedactor({ environment }),
  });
  const told = value.unresolved.map(
    ({ reason, path, line, message }) => `${reason} ${path}:${line} ${message}`,
  );
  const from = (key: string) => {
    const { kind, path, line, text, name } = value.origins[key] ?? {};
    return `${kind} ${path ?? text ?? name ?? ''}${line === undefined ? '' : `:${line}`}`.trim();
  };
  return {
    ...value,
    told,
    from,
    sources: value.sources.map(({ path, dialect }) => `${path} ${dialect}`),
  };
}

describe('Files are laid on each other as the program does it, and each key names its layer', () => {
  const files = {
    'a.yaml': 'lr: 0.1\nmodel:\n  depth: 2\n  width: 8\nlayers: [1, 2]\n',
    'b.yaml': 'model:\n  width: 16\nlayers: [3]\n',
  };

  it('several --config in their order, then the command line', async () => {
    const words = 'python train.py --config a.yaml --config b.yaml --lr 0.5';
    const { resolved, from } = await launch({ ...files, 'train.py': 'import yaml\n' }, words);
    assert.deepEqual(resolved, { lr: 0.5, model: { depth: 2, width: 16 }, layers: [3] });
    assert.deepEqual(['lr', 'model.depth', 'model.width', 'layers'].map(from), [
      'override --lr 0.5',
      'file a.yaml:3',
      'file b.yaml:2',
      'file b.yaml:3',
    ]);
  });

  it('with jsonargparse a file that comes later stands over an option before it', async () => {
    const script = 'from lightning.pytorch.cli import LightningCLI\n\nLightningCLI()\n';
    const words = 'python t.py fit --config a.yaml --model.width 1 --lr 9 --config b.yaml';
    const { resolved, overrides, from } = await launch({ ...files, 't.py': script }, words);
    assert.deepEqual(resolved, { lr: 9, model: { depth: 2, width: 16 }, layers: [3] });
    assert.deepEqual(overrides, ['--model.width 1', '--lr 9']);
    assert.equal(from('model.width'), 'file b.yaml:2');
  });

  it('its options set keys that no file has', async () => {
    const script = 'from lightning.pytorch.cli import LightningCLI\n\nLightningCLI()\n';
    const words =
      'python t.py fit --trainer.max_epochs 3 --model.lr=0.1 --trainer.logger false --data x';
    const { resolved, overrides } = await launch({ 't.py': script }, words);
    assert.deepEqual(resolved, { trainer: { max_epochs: 3, logger: false }, model: { lr: 0.1 } });
    assert.deepEqual(overrides, [
      '--trainer.max_epochs 3',
      '--model.lr=0.1',
      '--trainer.logger false',
    ]);
  });

  it('its numbers are read by its own loader', async () => {
    const script = 'from jsonargparse import CLI\n';
    const { resolved } = await launch(
      { 't.py': script, 'c.yaml': 'lr: 1e-3\n' },
      'python t.py --config c.yaml',
    );
    assert.deepEqual(resolved, { lr: 0.001 });
  });

  it('OmegaConf.merge in the order of its arguments, whatever was loaded first', async () => {
    const script =
      'from omegaconf import OmegaConf\n\nover = OmegaConf.load("b.yaml")\nbase = OmegaConf.load("a.yaml")\ncfg = OmegaConf.merge(base, over, OmegaConf.from_cli())\n';
    const { resolved, from } = await launch(
      { ...files, 't.py': script },
      'python t.py model.depth=5',
    );
    assert.deepEqual(resolved, { lr: 0.1, model: { depth: 5, width: 16 }, layers: [3] });
    assert.equal(from('model.depth'), 'override model.depth=5');
  });

  it('as OmegaConf merges: what is missing leaves what is there', async () => {
    const script =
      'from omegaconf import OmegaConf\n\ncfg = OmegaConf.merge(OmegaConf.load("x.yaml"), OmegaConf.load("y.yaml"))\n';
    const { resolved, told } = await launch(
      {
        't.py': script,
        'x.yaml': 'a: 1\nm: {p: 1}\nr: ${m}\n',
        'y.yaml': 'a: ???\nr: {q: 2}\nm: [1]\n',
      },
      'python t.py',
    );
    assert.deepEqual(resolved, { a: 1, m: [1], r: { p: 1, q: 2 } });
    assert.deepEqual(told, ['schema y.yaml:3 a list and a map do not go together here']);
  });

  it('what a script opens by name: yaml, json, and nothing that it writes or reads as data', async () => {
    const script =
      'import json, yaml\n\nwith open("params.yaml") as f:\n    p = yaml.safe_load(f)\nc = json.load(open("conf/model.json"))\nd = json.load(open("data/labels.json"))\njson.dump(p, open("out/config.json", "w"))\n# open("old.yaml")\n';
    const { sources } = await launch(
      {
        't.py': script,
        'params.yaml': 'a: 1\n',
        'conf/model.json': '{"b": 2}',
        'data/labels.json': '{"c": 3}',
        'out/config.json': '{"d": 4}',
        'old.yaml': 'e: 5\n',
      },
      'python t.py',
    );
    assert.deepEqual(sources, ['params.yaml pyyaml', 'conf/model.json json']);
  });

  it('the default of --config where none is named', async () => {
    const script =
      'import argparse\n\np = argparse.ArgumentParser()\np.add_argument("-c", "--config", type=str, default="a.yaml")\n';
    const { resolved } = await launch({ ...files, 't.py': script }, 'python t.py --lr 3');
    assert.equal(resolved?.lr, 3);
    const other = await launch({}, 'python t.py --config b.yaml');
    assert.deepEqual(other.resolved, { model: { width: 16 }, layers: [3] });
  });
});

describe('A file that is based on others is laid on them', () => {
  it('_BASE_ from its own folder, over several levels', async () => {
    const { resolved, from, sources } = await launch(
      {
        't.py': '',
        'c/x.yaml': '_BASE_: ../base/one.yaml\nA: {x: 3}\n',
        'base/one.yaml': '_BASE_: [zero.yaml, more.yaml]\nA: {x: 2, y: 2}\n',
        'base/zero.yaml': 'A: {x: 1, y: 1, z: 1}\nB: 0\n',
        'base/more.yaml': 'B: 1\n',
      },
      'python t.py --config-file c/x.yaml',
    );
    assert.deepEqual(resolved, { A: { x: 3, y: 2, z: 1 }, B: 1 });
    assert.deepEqual(['A.y', 'A.z', 'B'].map(from), [
      'file base/one.yaml:2',
      'file base/zero.yaml:1',
      'file base/more.yaml:1',
    ]);
    assert.equal(sources.length, 4);
  });

  it('a base that is not there is told where it is named; one that names itself ends', async () => {
    const { told } = await launch(
      {
        't.py': '',
        'x.yaml': 'a: 1\n_BASE_: gone.yaml\n',
        'y.yaml': '_BASE_: z.yaml\n',
        'z.yaml': '_BASE_: y.yaml\n',
      },
      'python t.py --config x.yaml',
    );
    assert.deepEqual(told, ['missing-file x.yaml:2 gone.yaml is not there']);
    const cycle = await launch({}, 'python t.py --config y.yaml');
    assert.match(cycle.told[0] ?? '', /it is based on itself/);
  });

  it('_delete_ takes away what is below', async () => {
    const { resolved } = await launch(
      {
        't.py': '',
        'b.yaml': 'o: {type: SGD, momentum: 0.9}\n',
        'x.yaml': '_base_: ./b.yaml\no: {_delete_: true, type: Adam}\n',
      },
      'python t.py --config x.yaml',
    );
    assert.deepEqual(resolved, { o: { type: 'Adam' } });
  });
});

describe('Words of the command line that are keys and values by turns', () => {
  it('count where the script takes a list', async () => {
    const script = 'cfg.merge_from_file(a.config)\ncfg.merge_from_list(a.opts)\n';
    const words = 'python t.py --config c.yaml --gpus 2 SOLVER.LR 0.5 MODEL.NEW.KEY abc name x';
    const file = { 't.py': script, 'c.yaml': 'SOLVER: {LR: 0.1}\nname: y\ngpus_used: 1\n' };
    const { resolved, overrides } = await launch(file, words);
    assert.deepEqual(resolved, {
      SOLVER: { LR: 0.5 },
      name: 'x',
      gpus_used: 1,
      MODEL: { NEW: { KEY: 'abc' } },
    });
    assert.deepEqual(overrides, ['SOLVER.LR 0.5', 'MODEL.NEW.KEY abc', 'name x']);
  });

  it('and else are what they are', async () => {
    const { overrides } = await launch(
      { 't.py': '', 'c.yaml': 'name: y\n' },
      'python t.py --config c.yaml name x',
    );
    assert.deepEqual(overrides, []);
  });
});

describe('Files of other kinds', () => {
  it('INI, as configparser reads it', async () => {
    const text =
      '[DEFAULT]\nroot = /data\n\n[train]\nLR: 0.1\npath = %(root)s/x\npercent = 5%%\nlong = one\n  two\n; a comment\nempty\n';
    const script =
      'import configparser\n\np = configparser.ConfigParser(allow_no_value=True)\np.read("settings.ini")\n';
    const { resolved, from, sources } = await launch(
      { 't.py': script, 'settings.ini': text },
      'python t.py',
    );
    assert.deepEqual(resolved, {
      train: {
        root: '/data',
        lr: '0.1',
        path: '/data/x',
        percent: '5%',
        long: 'one\ntwo',
        empty: null,
      },
    });
    assert.deepEqual(sources, ['settings.ini ini']);
    assert.deepEqual(['train.lr', 'train.root'].map(from), [
      'file settings.ini:5',
      'file settings.ini:2',
    ]);
  });

  it('keys without a section, as ConfigArgParse has them', async () => {
    const { resolved } = await launch(
      { 't.py': 'import configargparse\n', 'run.conf': '# x\nlr = 0.1\nname: test\n' },
      'python t.py -c run.conf --lr 0.5',
    );
    assert.deepEqual(resolved, { lr: '0.5', name: 'test' });
  });

  it('properties: continued lines, escapes, dots in keys', async () => {
    const text = '! note\nspark.master = local[2]\npath: a\\\n  b\nname\\ x=caf\\u00e9\nflag\n';
    const { resolved, from } = await launch(
      { 't.py': '', 'spark-conf.properties': text },
      'python t.py --config spark-conf.properties',
    );
    assert.deepEqual(resolved, {
      'spark.master': 'local[2]',
      path: 'ab',
      'name x': 'café',
      flag: '',
    });
    assert.equal(from('spark\\.master'), 'file spark-conf.properties:2');
  });

  it('variables: export, quotes, comments, what stands before', async () => {
    const text =
      'export A=1 # one\nB="two ${A}\\n" # x\nC=\'raw ${A}\'\nD=${NOPE:-none}/${A}\nE=\n\n# F=6\nG=a#b\n';
    const { resolved, from } = await launch(
      { 't.py': '', 'run.env': text },
      'python t.py --config run.env',
    );
    assert.deepEqual(resolved, {
      A: '1',
      B: 'two 1\n',
      C: 'raw ${A}',
      D: 'none/1',
      E: '',
      G: 'a#b',
    });
    assert.equal(from('G'), 'file run.env:8');
  });
});

describe('Variables of the environment', () => {
  it('under !ENV, as pyaml-env reads them', async () => {
    const text = 'a: !ENV ${RR_A}\nb: !ENV "x/${RR_B:none}/${RR_A}"\nc: !ENV ${RR_C}\n';
    const { resolved, told, from } = await launch(
      { 't.py': '', 'c.yaml': text },
      'python t.py --config c.yaml',
      { RR_A: 'one' },
    );
    assert.deepEqual(resolved, { a: 'one', b: 'x/none/one', c: '${RR_C}' });
    assert.equal(from('a'), 'environment c.yaml:1');
    assert.deepEqual(told, ['environment c.yaml:3 the variable RR_C is not set: export it first']);
  });

  it('in texts, where the script expands them and only there', async () => {
    const file = { 'c.yaml': 'a: $RR_A/x\n' };
    const environment = { RR_A: '/one' };
    const plain = await launch({ ...file, 't.py': '' }, 'python t.py --config c.yaml', environment);
    assert.deepEqual(plain.resolved, { a: '$RR_A/x' });
    const script = 'import os\n\ntext = os.path.expandvars(open(a.config).read())\n';
    const other = await launch({ 't.py': script }, 'python t.py --config c.yaml', environment);
    assert.deepEqual(other.resolved, { a: '/one/x' });
  });

  it('from a .env file that the script loads, and from what it sets itself', async () => {
    const script =
      'import os\nfrom dotenv import load_dotenv\nfrom omegaconf import OmegaConf\n\nload_dotenv()\nos.environ["RR_B"] = "b"\nos.environ.setdefault("RR_C", compute())\ncfg = OmegaConf.load("c.yaml")\n';
    const text = 'a: ${oc.env:RR_A}\nb: ${oc.env:RR_B}\nc: ${oc.env:RR_C}\nd: ${oc.env:RR_D}\n';
    const { resolved, told } = await launch(
      { 't.py': script, 'c.yaml': text, '.env': 'RR_A=from file\n' },
      'python t.py',
    );
    assert.deepEqual(resolved, {
      a: 'from file',
      b: 'b',
      c: '${oc.env:RR_C}',
      d: '${oc.env:RR_D}',
    });
    assert.match(told.join(), /^environment c\.yaml:4 .*RR_D is not set/);
  });
});

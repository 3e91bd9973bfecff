// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolations of OmegaConf
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { captureConfig } from '../../agent/capture/config.ts';
import { createRedactor } from '../../agent/core/redaction/redactor.ts';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'hydra-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

async function launch(words: string, environment: Record<string, string> = {}) {
  const captured = await captureConfig({
    workspaceRoot: root,
    cwd: root,
    named: [],
    argv: words.split(' '),
    isPython: true,
    environment,
    keepObject: () => 'sha256:0',
    redactor: createRedactor({ environment }),
  });
  const told = captured.value.unresolved.map(
    ({ reason, message, path, line, column }) =>
      `${reason} ${path ?? '-'}:${line ?? '-'}:${column ?? '-'} ${message}`,
  );
  return { ...captured, ...captured.value, told, detail: captured.detail ?? '' };
}

const main = (options: string) =>
  `import hydra\n\n@hydra.main(${options})\ndef main(cfg): ...\n\nmain()\n`;
const plain = main('version_base="1.3", config_path="conf", config_name="config"');

describe('Where a Hydra app looks for its config is read from its text', () => {
  const forms: [string, string][] = [
    ['by name', plain],
    ['by position', main('"conf", "config", None')],
    ['with its ending', main('version_base=None, config_path="conf", config_name="config.yaml"')],
    [
      'over lines with comments',
      main('\n  version_base=None,  # newest\n  config_path="conf",\n  config_name="config",\n'),
    ],
    [
      'in constants',
      `CONF = "conf"\nNAME: str = "config"\n${main('version_base=None, config_path=CONF, config_name=NAME')}`,
    ],
    [
      'with os.path',
      `import os\n${main('version_base=None, config_path=os.path.join(os.path.dirname(os.path.abspath(__file__)), "conf"), config_name="config"')}`,
    ],
    [
      'with pathlib',
      `from pathlib import Path\nROOT = Path(__file__).resolve().parent\n${main('version_base=None, config_path=str(ROOT / "conf"), config_name="config"')}`,
    ],
    [
      'under another name',
      'import hydra as h\n\n@h.main(version_base=None, config_path="conf", config_name="config")\ndef main(cfg): ...\n',
    ],
    [
      'imported alone',
      'from hydra import main as start\n\n@start(version_base=None, config_path="conf", config_name="config")\ndef main(cfg): ...\n',
    ],
    [
      'without a decorator',
      'import hydra\n\ndef run(cfg): ...\n\nhydra.main(version_base=None, config_path="conf", config_name="config")(run)()\n',
    ],
    [
      'by the runner of NeMo',
      'from nemo.core.config import hydra_runner\n\n@hydra_runner(config_path="conf", config_name="config")\ndef main(cfg): ...\n',
    ],
    [
      'with compose',
      'from hydra import compose, initialize\n\nwith initialize(version_base=None, config_path="conf"):\n    cfg = compose(config_name="config", overrides=["lr=2"])\n',
    ],
  ];
  for (const [name, script] of forms) {
    it(name, async () => {
      write({ 'train.py': script, 'conf/config.yaml': 'lr: 1\n' });
      const { resolved, status } = await launch('python train.py');
      assert.deepEqual(resolved, { lr: name === 'with compose' ? 2 : 1 });
      assert.equal(status, 'captured');
    });
  }

  it('but not in a comment or a string', async () => {
    const text =
      '# @hydra.main(config_path="conf", config_name="other")\nX = """\n@hydra.main(config_name="no")\n"""\n';
    write({ 'train.py': text + plain, 'conf/config.yaml': 'lr: 1\n' });
    assert.deepEqual((await launch('python train.py')).resolved, { lr: 1 });
  });

  it('a primary config that is not there is told by its place', async () => {
    write({ 'train.py': plain, 'conf/other.yaml': '' });
    const { told } = await launch('python train.py');
    assert.deepEqual(told, ['missing-file conf/config.yaml:-:- there is no config config']);
  });

  it('what only a run can tell is said to be so', async () => {
    const script = `import os\n${main('version_base=None, config_path=os.environ["C"], config_name="config"')}`;
    write({ 'train.py': script, 'conf/config.yaml': 'lr: 1\n' });
    const { told, detail } = await launch('python train.py');
    assert.deepEqual(told, []);
    assert.match(detail, /known only at launch/);
  });

  it('the command line has its say: name, path, a further folder', async () => {
    write({
      'train.py': plain,
      'conf/config.yaml': 'lr: 1\n',
      'conf/other.yaml': 'defaults:\n  - db: mine\n  - _self_\nlr: 2\n',
      'more/db/mine.yaml': 'p: 1\n',
      'alt/config.yaml': 'lr: 3\n',
    });
    const { resolved } = await launch('python train.py -cn other --config-dir more');
    assert.deepEqual(resolved, { db: { p: 1 }, lr: 2 });
    assert.deepEqual((await launch('python train.py --config-path=alt')).resolved, { lr: 3 });
  });

  it('hydra.searchpath, in the primary config and on the command line', async () => {
    write({
      'train.py': plain,
      'conf/config.yaml':
        'defaults:\n  - db: mine\n  - _self_\nhydra:\n  searchpath: [file://extra, pkg://lib.conf]\n',
      'extra/db/mine.yaml': 'p: 1\n',
      'lib/conf/db/yours.yaml': 'p: 2\n',
      'third/db/mine.yaml': 'p: 3\n',
    });
    assert.deepEqual((await launch('python train.py')).resolved, { db: { p: 1 } });
    assert.deepEqual((await launch('python train.py db=yours')).resolved, { db: { p: 2 } });
    const words = 'python train.py hydra.searchpath=[file://third]';
    assert.deepEqual((await launch(words)).resolved, { db: { p: 3 } });
  });

  it('a search path with a variable in it', async () => {
    write({
      'train.py': plain,
      'conf/config.yaml':
        'defaults:\n  - db: mine\n  - _self_\nhydra:\n  searchpath: ["file://${oc.env:RR_CONFIGS}/x"]\n',
      'more/x/db/mine.yaml': 'p: 1\n',
    });
    const set = await launch('python train.py', { RR_CONFIGS: join(root, 'more') });
    assert.deepEqual(set.resolved, { db: { p: 1 } });
    const unset = await launch('python train.py');
    assert.match(unset.detail, /of hydra\.searchpath is known only at launch/);
  });

  it('a package of the search path that is not found is no error', async () => {
    write({
      'train.py': plain,
      'conf/config.yaml':
        'defaults:\n  - db: mine\n  - _self_\nhydra:\n  searchpath: [pkg://some.where]\n',
    });
    const { told, detail } = await launch('python train.py');
    assert.deepEqual(told, []);
    assert.match(detail, /pkg:\/\/some\.where of hydra\.searchpath is known only at launch/);
  });
});

describe('What a Hydra app has in its code is known only at launch', () => {
  const files = {
    'conf/config.yaml': 'defaults:\n  - base_config\n  - db: mysql\n  - _self_\nx: ${db.host}\n',
    'train.py': `from src.conf import register\n${plain}`,
  };

  it('a config store, in a module that the script imports', async () => {
    write({ ...files, 'src/conf.py': 'from hydra.core.config_store import ConfigStore\n' });
    const { told, detail, status } = await launch('python train.py lr=1 db.port=3');
    assert.deepEqual(told, []);
    assert.equal(status, 'partial');
    assert.match(detail, /there is no config db\/mysql; it is known only at launch/);
  });

  it('but where nothing makes configs in code, what is missing is told where it is asked for', async () => {
    write({ ...files, 'src/conf.py': '', 'conf/db/pg.yaml': 'host: a\n' });
    const { told } = await launch('python train.py');
    assert.deepEqual(told, [
      'missing-file conf/config.yaml:2:5 config: there is no config base_config',
      'missing-file conf/config.yaml:3:9 config: there is no config db/mysql; there are pg',
    ]);
  });

  it('nor is it told where a library may hold it, unless the group has other options', async () => {
    const script = `import numpy as np\nimport lab_configs\n${plain}`;
    write({ ...files, 'train.py': script, 'conf/db/pg.yaml': 'host: a\n' });
    const { told, detail } = await launch('python train.py');
    assert.deepEqual(told, [
      'missing-file conf/config.yaml:3:9 config: there is no config db/mysql; there are pg',
    ]);
    assert.match(detail, /there is no config base_config; it is known only at launch/);
  });

  it('launchers and sweepers are plugins', async () => {
    write({
      'train.py': plain,
      'conf/config.yaml':
        'defaults:\n  - _self_\n  - override hydra/launcher: joblib\n  - override hydra/sweeper: optuna\nlr: 1\n',
    });
    const { told, resolved, status } = await launch('python train.py hydra/job_logging=colorlog');
    assert.deepEqual([told, resolved, status], [[], { lr: 1 }, 'captured']);
  });
});

describe('A command line that Hydra would refuse is told before the launch', () => {
  const cases: [string, RegExp][] = [
    ['rate=1', /rate=1: there is no key rate to change: write \+ before it to add it/],
    ['+lr=1', /\+lr=1: lr is there already: write lr=1 to change it/],
    ['lr=1,2', /lr=1,2 is a sweep: add --multirun, or write lr=\[\.\.\.\] for a list/],
    ['db=nope', /there is no config db\/nope; there are mysql, pg/],
    ['db@x=pg', /no defaults list has the group db@x; did you mean db\?/],
    ['lr=a:b=c', /put the value in quotes/],
    ['train', /train: it is no override: write key=value/],
    ['~gone', /~gone: there is nothing to take away/],
  ];
  for (const [word, message] of cases) {
    it(word, async () => {
      write({
        'train.py': plain,
        'conf/config.yaml': 'defaults:\n  - db: mysql\n  - _self_\nlr: 1\n',
        'conf/db/mysql.yaml': 'p: 1\n',
        'conf/db/pg.yaml': 'p: 2\n',
      });
      const { told } = await launch(`python train.py ${word}`);
      assert.match(told.join('\n'), message);
    });
  }
});

describe('A multirun', () => {
  const files = {
    'train.py': plain,
    'conf/config.yaml':
      'defaults:\n  - model: ???\n  - _self_\nlr: ???\nname: ${model.kind}-${lr}\n',
    'conf/model/small.yaml': 'kind: s\n',
    'conf/model/big.yaml': 'kind: b\n',
  };

  it('leaves nothing open that it sweeps over, and says that', async () => {
    write(files);
    const { told, detail, resolved, overrides } = await launch(
      'python train.py -m model=small,big lr=0.1,0.01',
    );
    assert.deepEqual(told, []);
    assert.match(detail, /a multirun over model=small,big and lr=0\.1,0\.01/);
    assert.deepEqual(resolved, { model: { kind: 's' }, lr: '0.1,0.01', name: 's-0.1,0.01' });
    assert.deepEqual(overrides, ['-m', 'model=small,big', 'lr=0.1,0.01']);
  });

  for (const words of [
    'model=glob(*)',
    'model=glob([b*,s*],exclude=small)',
    'model=choice(big,small)',
  ]) {
    it(words, async () => {
      write(files);
      const { told } = await launch(`python train.py --multirun ${words} lr=range(1,4)`);
      assert.deepEqual(told, []);
    });
  }

  it('tells an option that no file holds, before its job fails', async () => {
    write(files);
    const { told } = await launch('python train.py -m model=small,bgi lr=1');
    assert.deepEqual(told, ['missing-file -:-:- model=small,bgi: there is no config model/bgi']);
  });

  it('is one where the configs say so, with the sweeps that they name', async () => {
    const search =
      '# @package _global_\nhydra:\n  mode: MULTIRUN\n  sweeper:\n    params:\n      model: small,big\n      lr: interval(0.1, 0.2)\n';
    write({ ...files, 'conf/search/optuna.yaml': search });
    const { told, detail } = await launch('python train.py +search=optuna');
    assert.deepEqual(told, []);
    assert.match(detail, /a multirun over model=small,big and lr=interval\(0\.1, 0\.2\)/);
  });
});

describe('What Hydra knows of itself is known before', () => {
  it('names, choices and the folder; what is drawn is generated', async () => {
    write({
      'train.py': plain,
      'conf/config.yaml':
        'defaults:\n  - db: mysql\n  - _self_\nlr: 1\nn: ${hydra:job.name}-${hydra:runtime.choices.db}\nc: ${hydra:runtime.cwd}/x\no: ${hydra:runtime.output_dir}/log\nd: ${hydra:job.override_dirname}\nw: ${now:%H-%M}\n',
      'conf/db/mysql.yaml': 'p: 1\n',
    });
    const { resolved, origins, told } = await launch('python train.py lr=2');
    assert.deepEqual(told, []);
    assert.equal(resolved?.n, 'train-mysql');
    assert.equal(resolved?.c, `${root}/x`);
    assert.equal(resolved?.d, 'lr=2');
    assert.deepEqual([origins.o?.kind, origins.o?.what], ['generated', 'directory']);
    assert.deepEqual([origins.w?.kind, origins.w?.what], ['generated', 'time']);
  });

  it('hydra.job.chdir: a relative path starts in a folder that is yet to be made', async () => {
    write({ 'train.py': plain, 'conf/config.yaml': 'data_path: data/x.csv\n' });
    assert.equal((await launch('python train.py')).told.length, 1);
    assert.deepEqual((await launch('python train.py hydra.job.chdir=true')).told, []);
  });
});

describe('hydra#2254', () => {
  it('saves interpolations as they are written; the record holds what they come to', async () => {
    write({
      'train.py': plain,
      'conf/config.yaml':
        'defaults:\n  - db: mysql\n  - _self_\nbatch: 32\neffective: ${batch}\nurl: ${db.host}:${db.port}/${oc.env:RR_NAME,none}\nhome: ${oc.env:RR_HOME}\n',
      'conf/db/mysql.yaml': 'host: localhost\nport: 3306\nsame: ${.port}\n',
    });
    const { resolved, origins, told } = await launch('python train.py batch=64 db.port=1', {
      RR_HOME: '/home/ada',
    });
    assert.deepEqual(told, []);
    assert.deepEqual(resolved, {
      db: { host: 'localhost', port: 1, same: 1 },
      batch: 64,
      effective: 64,
      url: 'localhost:1/none',
      home: '/home/ada',
    });
    assert.deepEqual(origins.batch, { kind: 'override', text: 'batch=64' });
    assert.equal(origins.home?.kind, 'environment');
    assert.deepEqual(origins['db.host'], { kind: 'file', path: 'conf/db/mysql.yaml', line: 1 });
  });
});

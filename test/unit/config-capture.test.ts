// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolations of OmegaConf
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { type ConfigOptions, captureConfig } from '../../agent/capture/config.ts';
import { createRedactor } from '../../agent/core/redaction/redactor.ts';
import { Config } from '../../agent/protocol/record.ts';

let root: string;
let objects: Map<string, Buffer>;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'config-')));
  objects = new Map();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const digestOf = (bytes: Uint8Array | string) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

async function capture(words: string, options: Partial<ConfigOptions> = {}) {
  const environment = options.environment ?? {};
  const captured = await captureConfig({
    workspaceRoot: root,
    cwd: root,
    named: [],
    argv: words.split(' '),
    isPython: true,
    environment,
    keepObject: (bytes) => {
      objects.set(digestOf(bytes), Buffer.from(bytes));
      return digestOf(bytes);
    },
    redactor: createRedactor({ environment }),
    ...options,
  });
  v.assert(Config, captured.value);
  return captured;
}

describe('The configuration of a launch', () => {
  it('is absent, with the reason, where there is none', async () => {
    write('train.py', '');
    const { status, detail, value } = await capture('python train.py data.csv');
    assert.equal(status, 'absent');
    assert.match(detail ?? '', /no configuration file/);
    assert.equal(value.resolved, null);
  });

  it('is found in the command line, with what each key comes from', async () => {
    write('train.py', 'import yaml\n');
    write('conf/small.yaml', 'lr: 0.1\nmodel:\n  depth: 3\n');
    const words = 'python train.py --config conf/small.yaml --lr 0.5';
    const { value, status, overrideTokens } = await capture(words);
    assert.equal(status, 'captured');
    const text = 'lr: 0.1\nmodel:\n  depth: 3\n';
    assert.deepEqual(value.sources, [
      { path: 'conf/small.yaml', digest: digestOf(text), dialect: 'pyyaml', read: null },
    ]);
    assert.equal(objects.get(digestOf(text))?.toString(), text);
    assert.deepEqual(value.resolved, { lr: 0.5, model: { depth: 3 } });
    assert.deepEqual(value.origins, {
      lr: { kind: 'override', text: '--lr 0.5' },
      'model.depth': { kind: 'file', path: 'conf/small.yaml', line: 3 },
    });
    assert.deepEqual(overrideTokens, [4, 5]);
  });

  it('is what the command line sets where there is no file', async () => {
    write('train.py', '');
    const { value, status } = await capture('python train.py lr=1e-4 name=a');
    assert.equal(status, 'captured');
    assert.deepEqual(value.resolved, { lr: 0.0001, name: 'a' });
  });

  it('is layered in the order in which files are named', async () => {
    write('train.py', '');
    write('a.yaml', 'x: 1\ny: {z: 1, w: 1}\n');
    write('b.toml', 'x = 2\n[y]\nz = 2\n');
    write('c.json', '{"x": 3}');
    const named = ['a.yaml', 'b.toml'];
    const { value } = await capture('python train.py --config=c.json', { named });
    assert.deepEqual(value.resolved, { x: 3, y: { z: 2, w: 1 } });
    assert.deepEqual(
      value.sources.map((source) => source.dialect),
      ['pyyaml', 'toml', 'json'],
    );
    assert.deepEqual(value.origins['y.z'], { kind: 'file', path: 'b.toml', line: 3 });
  });

  it('is read by the rules of the loader that will read it', async () => {
    write('c.yaml', 'lr: 1e-4\non: yes\n');
    write('plain.py', 'import yaml\n');
    write('omega.py', 'from omegaconf import OmegaConf\n');
    write('run.sh', '');
    const read = async (words: string, isPython: boolean) =>
      (await capture(words, { isPython })).value.resolved;
    assert.deepEqual(await read('python plain.py c.yaml', true), { lr: '1e-4', true: true });
    assert.deepEqual(await read('python omega.py c.yaml', true), { lr: 0.0001, true: true });
    assert.deepEqual(await read('sh run.sh c.yaml', false), { lr: 0.0001, on: 'yes' });
  });

  it('is composed for a Hydra app, hydra settings apart', async () => {
    write(
      'train.py',
      'import hydra\n\n@hydra.main(version_base=None, config_path="conf", config_name="config")\ndef main(cfg): ...\n',
    );
    write(
      'conf/config.yaml',
      'defaults:\n  - model: small\n  - _self_\nlr: 1e-3\nname: m-${model.depth}\nhydra: {verbose: true}\n',
    );
    write('conf/model/small.yaml', 'depth: 3\n');
    write('conf/model/big.yaml', 'depth: 30\n');
    const words = 'python train.py model=big lr=1e-4 hydra.run.dir=x';
    const { value, status } = await capture(words);
    assert.equal(status, 'captured');
    assert.deepEqual(value.resolved, { model: { depth: 30 }, lr: 0.0001, name: 'm-30' });
    assert.deepEqual(value.overrides, ['model=big', 'lr=1e-4', 'hydra.run.dir=x']);
    assert.deepEqual(
      value.sources.map(({ path, dialect }) => `${path} ${dialect}`),
      ['conf/config.yaml omegaconf', 'conf/model/big.yaml omegaconf'],
    );
    const gone = await capture('python train.py model=huge');
    assert.equal(gone.status, 'partial');
    assert.match(gone.detail ?? '', /model\/huge/);
    assert.equal(gone.value.unresolved[0]?.reason, 'missing-file');
  });

  it('tells what has no value, with its line', async () => {
    write('train.py', 'import omegaconf\n');
    write('c.yaml', 'seed: ???\ntoken: <YOUR_TOKEN>\nroot: ${oc.env:NOPE}\nfile: data/x.csv\n');
    const { value } = await capture('python train.py c.yaml');
    const told = value.unresolved.map(({ key, reason, line }) => `${line} ${key} ${reason}`).sort();
    assert.deepEqual(told, [
      '1 seed missing-value',
      '2 token placeholder',
      '3 root environment',
      '4 file missing-file',
    ]);
  });
});

describe('A configuration that cannot be read whole', () => {
  it('does not parse: partial, with the place; the rest stands', async () => {
    write('train.py', '');
    write('good.yaml', 'a: 1\n');
    write('bad.yaml', 'b: 1\nc: [1,\n');
    const { value, status, detail } = await capture('python train.py good.yaml bad.yaml');
    assert.equal(status, 'partial');
    assert.match(detail ?? '', /^bad\.yaml:3:1: /);
    assert.deepEqual(value.resolved, { a: 1 });
    assert.equal(value.sources.length, 2);
    assert.equal(value.unresolved[0]?.reason, 'syntax');
  });

  it('was named and is not there', async () => {
    write('train.py', '');
    const { value, status } = await capture('python train.py', { named: ['nope.yaml'] });
    assert.equal(status, 'partial');
    assert.equal(value.unresolved[0]?.reason, 'missing-file');
    assert.equal(value.resolved, null);
  });

  it('is no text, or far too large', async () => {
    write('train.py', '');
    write('odd.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xff, 0x0a]));
    write('large.yaml', Buffer.alloc(9_000_000, 'a: 1\n'));
    const named = ['odd.yaml', 'large.yaml'];
    const { value, status, detail } = await capture('python train.py', { named });
    assert.equal(status, 'partial');
    assert.match(detail ?? '', /odd\.yaml: not valid UTF-8; large\.yaml: 9000000 bytes/);
    assert.equal(value.sources.filter((source) => source.digest !== null).length, 2);
    assert.equal(objects.size, 1);
  });

  it('may not be read', async () => {
    write('train.py', '');
    write('c.yaml', 'a: 1\n');
    chmodSync(join(root, 'c.yaml'), 0);
    const { value, status } = await capture('python train.py', { named: ['c.yaml', '.'] });
    // Root reads everything; a folder is no file for anybody.
    assert.equal(status, 'partial');
    assert.equal(value.sources.length, 2);
  });

  it('is in UTF-16 or begins with a mark, and is read all the same', async () => {
    write('train.py', '');
    write('wide.yaml', Buffer.from('\ufeffa: é\n', 'utf16le'));
    write('mark.yaml', '\ufeffb: 1\n');
    const { value } = await capture('python train.py wide.yaml mark.yaml');
    assert.deepEqual(value.resolved, { a: 'é', b: 1 });
  });
});

describe('Secrets of a configuration', () => {
  const secret = 'hunter22-and-more';

  it('are in no object, override, origin or value; the digest stays that of the file', async () => {
    write('train.py', '');
    const text = `db:\n  password: ${secret}\n  max_tokens: 100\nurl: https://ada:${secret}@host/x\nkey: |\n  x\n`;
    write('c.yaml', text);
    const { value } = await capture(
      `python train.py c.yaml --db.password ${secret} api_key=${secret}`,
    );
    const everything = JSON.stringify(value) + [...objects.values()].join('');
    assert.ok(!everything.includes(secret), everything);
    assert.equal(value.sources[0]?.digest, digestOf(text));
    assert.ok(objects.has(value.sources[0]?.object ?? ''));
    assert.match([...objects.values()].join(''), /max_tokens: 100/);
    assert.deepEqual(value.overrides[0], '--db.password [redacted: password]');
  });

  it('in a block of YAML, in JSON and in TOML too', async () => {
    write('train.py', '');
    write('a.yaml', `client_secret: |\n  ${secret}\n  second-line\nb: 1\n`);
    write('b.json', `{"token": "${secret}"}`);
    write('c.toml', `password = '''${secret}'''\n`);
    const named = ['a.yaml', 'b.json', 'c.toml'];
    const { value } = await capture('python train.py', { named });
    const everything = JSON.stringify(value) + [...objects.values()].join('');
    assert.ok(!everything.includes(secret), everything);
    assert.ok(!everything.includes('second-line'));
  });

  it('that come from the environment', async () => {
    write('train.py', 'import omegaconf\n');
    write('c.yaml', 'where: ${oc.env:SERVICE_TOKEN}\n');
    const environment = { SERVICE_TOKEN: secret };
    const { value } = await capture('python train.py c.yaml', { environment });
    assert.deepEqual(value.resolved, { where: '[redacted: environment]' });
    assert.equal(value.origins.where?.name, 'SERVICE_TOKEN');
  });
});

describe('Paths in a configuration', () => {
  it('that are there, and addresses, go to the capture of data; outputs do not', async () => {
    write('train.py', '');
    write('data/train.csv', 'x');
    write('conf/near.csv', 'x');
    write('out/x.txt', 'x');
    write(
      'conf/c.yaml',
      'train: data/train.csv\nnear: near.csv\nbucket: s3://b/k\noutput_dir: out\nname: data\ngone: data/no.csv\n',
    );
    const { paths } = await capture('python train.py conf/c.yaml');
    assert.deepEqual(
      paths.map(({ key, target, path, line }) => [key, target, path, line]),
      [
        ['train', join(root, 'data/train.csv'), 'conf/c.yaml', 1],
        ['near', join(root, 'conf/near.csv'), 'conf/c.yaml', 2],
        ['bucket', 's3://b/k', 'conf/c.yaml', 3],
      ],
    );
  });

  it('data in JSON is not taken for a configuration', async () => {
    write('eval.py', '');
    write('labels.json', '[1, 2]');
    write('predictions.json', `{"x": [${Array(40_000).fill(1).join(',')}]}`);
    const words = 'python eval.py labels.json predictions.json --output results.json';
    write('results.json', '{}');
    assert.equal((await capture(words)).status, 'absent');
  });
});

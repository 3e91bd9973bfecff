import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { bytePath } from '../../agent/capture/byte-path.ts';
import { type CapturedData, captureData } from '../../agent/capture/data/capture-data.ts';
import { HashPool } from '../../agent/capture/data/hash-pool.ts';
import { checkPointers, md5OfTree } from '../../agent/capture/data/pointers/check-pointers.ts';
import { Md5Memory } from '../../agent/capture/data/pointers/md5-memory.ts';
import { readPlainYaml } from '../../agent/capture/data/pointers/plain-yaml.ts';
import { findChangedData } from '../../agent/core/gates/findings.ts';
import { DataEntry } from '../../agent/protocol/record.ts';

let root: string;

const sha256 = (content: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;
const md5 = (content: string): string => createHash('md5').update(content).digest('hex');

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function capture(...paths: string[]): Promise<CapturedData> {
  const captured = await captureData({
    workspaceRoot: root,
    cwd: root,
    declared: paths.map((path) => ({ path })),
    fromConfig: [],
    argv: [],
    exclude: { files: [], outputs: [] },
    hashBeforeBytes: 1_000_000,
    keepObject: sha256,
  });
  v.parse(v.array(v.strictObject(DataEntry.entries)), captured.value);
  return captured;
}

async function captureOne(path: string): Promise<DataEntry> {
  const [entry] = (await capture(path)).value;
  assert.ok(entry);
  return entry;
}

function has(tool: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function run(folder: string, script: string): void {
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b.example',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b.example',
  };
  execFileSync('sh', ['-ec', script], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
}

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'pointers-')));
});
afterEach(() => {
  execFileSync('chmod', ['-R', 'u+w', root]);
  rmSync(root, { recursive: true, force: true });
});

// What DVC 3.67 wrote for `dvc add data/img data/train.csv` and `dvc repro`, word for word.
const trainPointer = `outs:
- md5: f69f5b72bc79a92dc70c63c9aa142e36
  size: 4
  hash: md5
  path: train.csv
`;
const imagesPointer = `outs:
- md5: 8561ec3db915ea66bd010ed349614733.dir
  size: 19
  nfiles: 9
  hash: md5
  path: img
`;
const images: Record<string, string> = {
  '1.txt': '1\n',
  '2.txt': '2\n',
  '10.txt': '10\n',
  'sub/é ü.txt': 'x\r\n',
  'quo"te\\\\b.txt': 'q',
  'new\nline': 'nl',
  'sub/a.b': 'b',
  'sub-x': 'b',
  '🎉': '🎉',
};
const lock = `schema: '2.0'
stages:
  prep:
    cmd: mkdir -p out && cp data/raw.csv out/a.csv
    deps:
    - path: data/raw.csv
      hash: md5
      md5: 2306b4377429730ee03a806cff76e92b
      size: 4
    params:
      params.yaml:
        seed: 1
    outs:
    - path: out
      hash: md5
      md5: 7c46ac8195ecaebb18d133573e16b545.dir
      size: 4
      nfiles: 1
`;

describe('data of DVC', () => {
  beforeEach(() => {
    write('.dvc/config', '');
    write('data/train.csv', 'a,b\n');
    write('data/train.csv.dvc', trainPointer);
    for (const [name, text] of Object.entries(images)) write(`data/img/${name}`, text);
    write('data/img.dvc', imagesPointer);
    write('data/raw.csv', 'raw\n');
    write('out/a.csv', 'raw\n');
    write('dvc.lock', lock);
  });

  it('has its version, and agrees: a file, a folder byte for byte as DVC counts, a stage', async () => {
    const { value, status } = await capture('data/train.csv', 'data/img', 'data/raw.csv', 'out');
    assert.equal(status, 'captured');
    assert.deepEqual(
      value.map(({ version, mode, pointer }) => [version, mode, pointer?.path, pointer?.agrees]),
      [
        ['dvc:md5:f69f5b72bc79a92dc70c63c9aa142e36', 'full', 'data/train.csv.dvc', true],
        ['dvc:md5:8561ec3db915ea66bd010ed349614733.dir', 'tree', 'data/img.dvc', true],
        ['dvc:md5:2306b4377429730ee03a806cff76e92b', 'full', 'dvc.lock', true],
        ['dvc:md5:7c46ac8195ecaebb18d133573e16b545.dir', 'tree', 'dvc.lock', true],
      ],
    );
    assert.equal(value[0]?.digest, sha256('a,b\n'));
  });

  it('that was changed since does not agree, and a declared one warns', async () => {
    write('data/train.csv', 'c,d\n');
    write('data/img/1.txt', '7\n');
    write('out/more.csv', '');
    const { value } = await capture('data/train.csv', 'data/img', 'out');
    assert.deepEqual(
      value.map(({ pointer }) => pointer?.agrees),
      [false, false, false],
    );
    assert.deepEqual(
      findChangedData(value, []).map(({ path, message }) => `${path} ${message}`)[0],
      'data/train.csv is not what data/train.csv.dvc says: md5:f69f5b72bc79a92dc70c63c9aa142e36',
    );
    assert.equal(findChangedData(value, []).length, 3);
  });

  it('that was never pulled is a pointer, which a launch warns of', async () => {
    rmSync(join(root, 'data/train.csv'));
    rmSync(join(root, 'data/img'), { recursive: true });
    write(`.dvc/cache/files/md5/f6/${'9f5b72bc79a92dc70c63c9aa142e36'}`, 'a,b\n');
    const { value, status, detail } = await capture('data/train.csv', 'data/img');
    assert.equal(status, 'captured');
    assert.match(detail ?? '', /data\/train\.csv: not there, only what dvc says of it/);
    assert.deepEqual(
      value.map(({ mode, digest, version, sizeBytes, fileCount, pointer }) => [
        mode,
        digest,
        version,
        sizeBytes,
        fileCount,
        pointer?.cached,
      ]),
      [
        ['pointer', null, 'dvc:md5:f69f5b72bc79a92dc70c63c9aa142e36', 4, 1, true],
        ['pointer', null, 'dvc:md5:8561ec3db915ea66bd010ed349614733.dir', 19, 9, false],
      ],
    );
    assert.match(findChangedData(value, [])[0]?.message ?? '', /only a pointer .*train\.csv\.dvc$/);
  });

  it('in a folder that is tracked as a whole has its own digest where the cache tells it', async () => {
    const list = JSON.stringify([{ md5: md5('1\n'), relpath: '1.txt' }]);
    const path = '.dvc/cache/files/md5/85/61ec3db915ea66bd010ed349614733.dir';
    write('data/img/1.txt', '1\n');
    assert.equal((await captureOne('data/img/1.txt')).version?.endsWith('.dir'), true);
    write(path, list);
    const entry = await captureOne('data/img/1.txt');
    assert.equal(entry.version, `dvc:md5:${md5('1\n')}`);
    assert.deepEqual(
      [entry.pointer?.within, entry.pointer?.agrees, entry.pointer?.path],
      ['1.txt', true, 'data/img.dvc'],
    );
  });

  it('may be named by its pointer, which is a file of its own', async () => {
    const entry = await captureOne('data/train.csv.dvc');
    assert.deepEqual(
      [entry.mode, entry.digest, entry.version, entry.pointer?.agrees],
      ['full', sha256(trainPointer), 'dvc:md5:f69f5b72bc79a92dc70c63c9aa142e36', null],
    );
  });

  it('that was imported tells from where, without a password', async () => {
    write(
      'data/train.csv.dvc',
      `md5: 0123456789abcdef0123456789abcdef
frozen: true
deps:
- path: data/train.csv
  repo:
    url: https://me:hunter2@git.example/lab/data.git
    rev: v1
    rev_lock: ${'c'.repeat(40)}
${trainPointer}`,
    );
    const { pointer } = await captureOne('data/train.csv');
    assert.deepEqual(pointer?.source, {
      url: 'https://git.example/lab/data.git',
      revision: 'c'.repeat(40),
    });
  });

  it('of a version that hashed text with other line ends is only told where it is equal', async () => {
    write('data/train.csv.dvc', trainPointer.replace('  hash: md5\n', ''));
    assert.equal((await captureOne('data/train.csv')).pointer?.agrees, true);
    write('data/train.csv', 'a,b\r\n');
    assert.equal((await captureOne('data/train.csv')).pointer?.agrees, null);
  });

  it('is compared beside the program where it is large, and not read again the next time', async () => {
    const text = 'x'.repeat(900_000);
    for (let index = 0; index < 40; index += 1) write(`big/${index}`, text);
    const pool = new HashPool({ workers: 0 });
    const folder = await md5OfTree(bytePath(join(root, 'big')), pool);
    write('big.dvc', `outs:\n- md5: ${folder?.slice(4)}\n  hash: md5\n  path: big\n`);
    const [entry] = (
      await captureData({
        workspaceRoot: root,
        cwd: root,
        declared: [{ path: 'big' }],
        fromConfig: [],
        argv: [],
        exclude: { files: [], outputs: [] },
        hashBeforeBytes: 1e9,
        keepObject: sha256,
      })
    ).value;
    assert.ok(entry);
    assert.equal(entry.pointer?.agrees, null);
    const cache = join(root, 'cache');
    const unlimited = { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY };
    const check = (budget: { bytes: number; files: number }) =>
      checkPointers([entry], { workspaceRoot: root, pool, memory: new Md5Memory(cache), budget });
    assert.equal((await check(unlimited))[0]?.pointer?.agrees, true);
    assert.equal((await check({ bytes: 0, files: 0 }))[0]?.pointer?.agrees, true);
  });

  it('is no reason to fail where its files are torn, hostile or huge', async () => {
    for (const text of ['outs:', 'outs: 7', '- '.repeat(50_000), 'outs:\n- md5: {x', '\0\0', '']) {
      write('data/train.csv.dvc', text);
      write('dvc.lock', text);
      const { status, value } = await capture('data/train.csv');
      assert.deepEqual([status, value[0]?.version], ['captured', null], text.slice(0, 20));
    }
  });

  it('is told by the real DVC in the same way, where it is installed', async function () {
    if (!has('dvc')) this.skip();
    const real = join(root, 'real');
    cpSync(join(root, 'data/img'), join(real, 'img'), { recursive: true });
    run(real, 'git init -q && dvc init -q && dvc add -q img');
    const entry = await captureOne('real/img');
    assert.equal(entry.pointer?.agrees, true);
    assert.equal(entry.pointer.cached, true);
  });
});

describe('YAML as DVC writes it', () => {
  it('is read with its quotes, lists at the column of their key, and long lines', () => {
    const text = `outs:
- path: 'it''s: here'
  md5: "a\\tb\\xe9"
cmd: python train.py
  --epochs 3
files:
  - a
  - b: 1
empty:
`;
    assert.deepEqual(readPlainYaml(text), {
      outs: [{ path: "it's: here", md5: 'a\tbé' }],
      cmd: 'python train.py --epochs 3',
      files: ['a', { b: '1' }],
      empty: '',
    });
  });

  it('is never an endless loop, whatever it is given', () => {
    for (const text of [
      '',
      '- ',
      '- - -\n - x',
      ':\n :',
      'a:\n- b\n c: d\n  - e',
      '\t- x: [',
      '{',
    ]) {
      readPlainYaml(text);
    }
  });
});

describe('data of git-lfs', () => {
  const oid = sha256('hello\n');
  const pointer = `version https://git-lfs.github.com/spec/v1\noid ${oid}\nsize 6\n`;

  it('that was never fetched is a pointer with the digest of its content', async () => {
    write('a.bin', pointer);
    const entry = await captureOne('a.bin');
    assert.deepEqual(
      [entry.mode, entry.digest, entry.version, entry.sizeBytes, entry.hashed],
      ['pointer', oid, `lfs:${oid}`, 6, null],
    );
    assert.match(findChangedData([entry], [])[0]?.message ?? '', /only a pointer/);
  });

  it('that was fetched is a file like any other, with the version of the store', async () => {
    const hex = oid.slice(7);
    write('a.bin', 'hello\n');
    write(`.git/lfs/objects/${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex}`, 'hello\n');
    const entry = await captureOne('a.bin');
    assert.deepEqual([entry.mode, entry.digest, entry.version], ['full', oid, `lfs:${oid}`]);
    assert.equal(entry.pointer?.agrees, true);
    write('b.bin', 'other\n');
    assert.equal((await captureOne('b.bin')).version, null);
  });

  it('in a folder is counted, where the repository uses git-lfs', async () => {
    write('data/a.bin', pointer);
    write('data/b.bin', 'content');
    assert.equal((await capture('data')).detail, null);
    write('.git/HEAD', 'ref: refs/heads/main\n');
    write('.gitattributes', '*.bin filter=lfs diff=lfs merge=lfs -text\n');
    const { detail, status } = await capture('data');
    assert.equal(status, 'captured');
    assert.equal(detail, 'data: 1 of its files is only a pointer of git-lfs');
  });

  it('is told of the real git-lfs in the same way, where it is installed', async function () {
    if (!has('git-lfs')) this.skip();
    mkdirSync(join(root, 'one'));
    run(
      join(root, 'one'),
      "git init -q && git lfs install --local && git lfs track '*.bin' && echo hello > a.bin && git add -A && git commit -qm x && GIT_LFS_SKIP_SMUDGE=1 git clone -q . ../two && git worktree add -q ../three",
    );
    const [one, two, three] = (await capture('one/a.bin', 'two/a.bin', 'three/a.bin')).value;
    assert.deepEqual([one?.mode, one?.version], ['full', `lfs:${oid}`]);
    assert.deepEqual([two?.mode, two?.version], ['pointer', `lfs:${oid}`]);
    assert.deepEqual([three?.mode, three?.version], ['full', `lfs:${oid}`]);
  });
});

describe('data of git-annex', () => {
  const hex = sha256('annexed\n').slice(7);
  const key = `SHA256E-s8--${hex}.csv`;

  it('has its key: in the store, as a link that leads nowhere, and as an unlocked pointer', async () => {
    write(`.git/annex/objects/9m/2M/${key}/${key}`, 'annexed\n');
    symlinkSync(`.git/annex/objects/9m/2M/${key}/${key}`, join(root, 'here.csv'));
    const other = key.replace('s8', 's9');
    symlinkSync(`.git/annex/objects/xx/yy/${other}/${other}`, join(root, 'away.csv'));
    write('unlocked.csv', `/annex/objects/${key}\n`);
    const { value } = await capture('here.csv', 'away.csv', 'unlocked.csv');
    assert.deepEqual(
      value.map(({ mode, version, digest, sizeBytes }) => [mode, version, digest, sizeBytes]),
      [
        ['full', `annex:${key}`, `sha256:${hex}`, 8],
        ['pointer', `annex:${other}`, `sha256:${hex}`, 9],
        ['pointer', `annex:${key}`, `sha256:${hex}`, 8],
      ],
    );
    assert.equal(value[0]?.link, 'here.csv');
    assert.equal(value[0]?.pointer?.agrees, true);
  });

  it('that is unlocked has the key of its content, where the store has that', async () => {
    write('a.csv', 'annexed\n');
    assert.equal((await captureOne('a.csv')).version, null);
    write(`.git/annex/objects/9m/2M/${key}/${key}`, 'annexed\n');
    const entry = await captureOne('a.csv');
    assert.deepEqual([entry.mode, entry.version], ['full', `annex:${key}`]);
    assert.equal(entry.pointer?.agrees, true);
  });

  it('that is an address keeps no signature of it', async () => {
    write('x.csv', '/annex/objects/URL-s9--https&c%%h.example%a.csv?X-Amz-Signature=abc\n');
    const { version } = await captureOne('x.csv');
    assert.equal(version, 'annex:URL-s9--https&c%%h.example%a.csv');
  });

  it('is told of the real git-annex in the same way, where it is installed', async function () {
    if (!has('git-annex')) this.skip();
    this.timeout(60_000);
    mkdirSync(join(root, 'one'));
    run(
      join(root, 'one'),
      'git init -q && git annex init -q x && echo annexed > a.csv && git annex add -q a.csv && git commit -qm x && git clone -q . ../two && cd ../two && git annex init -q y && git clone -q ../one ../three && cd ../three && git annex init -q z && git annex adjust --unlock -q && cd ../one && git annex unlock -q a.csv',
    );
    const { value } = await capture('one/a.csv', 'two/a.csv', 'three/a.csv');
    assert.deepEqual(
      value.map(({ mode, version, digest }) => [mode, version, digest]),
      ['full', 'pointer', 'pointer'].map((mode) => [mode, `annex:${key}`, `sha256:${hex}`]),
    );
    // Unlocked, it is a file of its own; locked, a link into the store.
    assert.equal(value[0]?.path, 'one/a.csv');
    run(join(root, 'one'), 'git annex lock -q a.csv');
    assert.equal((await captureOne('one/a.csv')).link, 'one/a.csv');
  });
});

describe('the cache of Hugging Face, and places on a network', () => {
  it('have their revision as version', async () => {
    const revision = 'd'.repeat(40);
    const folder = 'hub/datasets--lab--digits';
    const hex = sha256('rows').slice(7);
    write(`${folder}/blobs/${hex}`, 'rows');
    mkdirSync(join(root, `${folder}/snapshots/${revision}`), { recursive: true });
    symlinkSync(`../../blobs/${hex}`, join(root, `${folder}/snapshots/${revision}/train.csv`));
    const entry = await captureOne(`${folder}/snapshots/${revision}/train.csv`);
    assert.equal(entry.version, `hf:${revision}`);
    assert.equal(entry.pointer?.source?.url, 'hf://datasets/lab/digits');
    assert.equal(entry.pointer.agrees, true);
    const whole = await captureOne(`${folder}/snapshots/${revision}`);
    assert.deepEqual([whole.mode, whole.version], ['tree', `hf:${revision}`]);
  });

  it('tell the version that a URI names', async () => {
    const { value } = await capture(
      's3://b/k?versionId=abc.1',
      'gs://b/o#1712345',
      'hf://datasets/lab/x@main/a.csv',
      `https://hub.example/datasets/lab/x/resolve/${'e'.repeat(40)}/a.csv`,
      'https://h.example/a.csv?X-Amz-Signature=00',
    );
    assert.deepEqual(
      value.map(({ mode, version }) => [mode, version]),
      ['abc.1', '1712345', 'hf:main', `hf:${'e'.repeat(40)}`, null].map((text) => ['uri', text]),
    );
  });
});

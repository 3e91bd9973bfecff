import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import {
  type CapturedData,
  captureData,
  type DataOptions,
} from '../../agent/capture/data/capture-data.ts';
import { digestPinned, recheckData } from '../../agent/capture/data/recheck-data.ts';
import { DataEntry } from '../../agent/protocol/record.ts';

function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

let outside: string;
let root: string;
let objects: Map<string, Buffer>;

function keepObject(bytes: Uint8Array): string {
  objects.set(sha256(bytes), Buffer.from(bytes));
  return sha256(bytes);
}

async function capture(options: Partial<DataOptions>): Promise<CapturedData> {
  const captured = await captureData({
    workspaceRoot: root,
    cwd: root,
    declared: [],
    fromConfig: [],
    argv: [],
    exclude: { files: [], outputs: [] },
    hashBeforeBytes: 1_000_000,
    keepObject,
    ...options,
  });
  v.parse(v.array(v.strictObject(DataEntry.entries)), captured.value);
  return captured;
}

/** Permissions mean nothing to root: it steps down for the moment. */
async function asUser<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

beforeEach(() => {
  objects = new Map();
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'data-')));
  chmodSync(outside, 0o755);
  root = join(outside, 'work');
  mkdirSync(join(root, 'data'), { recursive: true });
  writeFileSync(join(root, 'data/train.csv'), 'a,b\n');
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

describe('declared data', () => {
  it('is an input with its digest before the program starts', async () => {
    const { value, status } = await capture({
      declared: [{ path: 'data/train.csv', name: 'train' }],
    });
    const [entry] = value;
    assert.equal(status, 'captured');
    assert.equal(entry?.path, 'data/train.csv');
    assert.equal(entry.name, 'train');
    assert.equal(entry.role, 'input');
    assert.deepEqual(entry.seen, ['declared']);
    assert.equal(entry.digest, sha256('a,b\n'));
    assert.equal(entry.mode, 'full');
    assert.equal(entry.hashed, 'before');
    assert.equal(entry.sizeBytes, 4);
  });

  it('may be a folder: its manifest is kept as an object', async () => {
    const { value } = await capture({ declared: [{ path: 'data' }] });
    assert.equal(value[0]?.mode, 'tree');
    assert.equal(value[0].digest, value[0].manifest);
    assert.equal(
      objects.get(value[0].manifest ?? '')?.toString(),
      `${sha256('a,b\n').slice(7)}  4  train.csv\n`,
    );
  });

  it('that is not there makes the field partial and stays in the record without a digest', async () => {
    const { value, status, detail, expectations } = await capture({
      declared: [{ path: 'data/none.csv', digest: sha256('') }],
    });
    assert.equal(status, 'partial');
    assert.equal(detail, 'data/none.csv: not there');
    assert.equal(value[0]?.digest, null);
    assert.equal(expectations[0]?.verdict, 'missing');
  });

  it('that cannot be read makes the field partial, with the path', async () => {
    writeFileSync(join(root, 'data/secret.csv'), 'x');
    chmodSync(join(root, 'data/secret.csv'), 0);
    const both = await asUser(() =>
      capture({ declared: [{ path: 'data/secret.csv' }, { path: 'data' }] }),
    );
    assert.equal(both.status, 'partial');
    assert.equal(
      both.detail,
      'data/secret.csv: permission denied; data/secret.csv: permission denied',
    );
    assert.equal(both.value[0]?.digest, null);
    assert.match(objects.get(both.value[1]?.manifest ?? '')?.toString() ?? '', /train\.csv\n$/);
  });

  it('that is a folder which cannot be listed has no digest, rather than that of an empty one', async () => {
    mkdirSync(join(root, 'locked'));
    chmodSync(join(root, 'locked'), 0);
    const { value, detail } = await asUser(() => capture({ declared: [{ path: 'locked' }] }));
    chmodSync(join(root, 'locked'), 0o755);
    assert.equal(detail, 'locked: permission denied');
    assert.deepEqual([value[0]?.digest, value[0]?.hashed, value[0]?.fileCount], [null, null, null]);
  });

  it('that is a pipe or a device is not opened', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const { status, detail } = await capture({
      declared: [{ path: 'pipe' }, { path: '/dev/zero' }],
    });
    assert.equal(status, 'partial');
    assert.equal(detail, 'pipe: not a regular file; /dev/zero: not a regular file');
  });

  it('is compared with the digest that it should have', async () => {
    const { expectations } = await capture({
      declared: [
        { path: 'data/train.csv', name: 'train', digest: sha256('other') },
        { path: 'data/train.csv', digest: sha256('a,b\n') },
      ],
    });
    assert.deepEqual(
      expectations.map(({ verdict }) => verdict),
      ['different', 'same'],
    );
  });

  it('has the path of what a link leads to, absolute outside the workspace', async () => {
    writeFileSync(join(outside, 'far.csv'), 'x');
    symlinkSync('../far.csv', join(root, 'far'));
    symlinkSync('data/train.csv', join(root, 'near'));
    const { value } = await capture({ declared: [{ path: 'far' }, { path: 'near' }] });
    assert.deepEqual(
      value.map(({ path }) => path),
      [join(outside, 'far.csv'), 'data/train.csv'],
    );
  });

  it('is found under a name that is not UTF-8, as an argument brings it', async () => {
    const name = Buffer.concat([Buffer.from('data/caf'), Buffer.from([0xe9])]);
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), 'x');
    for (const path of [name.toString('utf8'), name]) {
      const [entry] = (await capture({ declared: [{ path }] })).value;
      assert.equal(entry?.pathBytes, name.toString('base64'));
      assert.equal(entry.digest, sha256('x'));
    }
  });

  it('that git-lfs never fetched is a pointer; DVC’s version is taken from beside it', async () => {
    const oid = 'a'.repeat(64);
    writeFileSync(
      join(root, 'data/lfs.bin'),
      `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 12345\n`,
    );
    writeFileSync(
      join(root, 'data/train.csv.dvc'),
      `outs:\n- md5: ${'b'.repeat(32)}\n  size: 4\n  hash: md5\n  path: train.csv\n`,
    );
    const { value } = await capture({
      declared: [{ path: 'data/lfs.bin' }, { path: 'data/train.csv' }],
    });
    assert.equal(value[0]?.mode, 'pointer');
    assert.equal(value[0].version, `lfs:sha256:${oid}`);
    assert.equal(value[1]?.version, `dvc:md5:${'b'.repeat(32)}`);
  });
});

describe('data that the config or the arguments name', () => {
  it('is told without the claim that it is read', async () => {
    const { value } = await capture({
      fromConfig: [{ key: 'data.path', value: 'data/train.csv' }],
      argv: ['--epochs', '3', '--train=data/train.csv', 'data.dir=data', 'nothing/there'],
    });
    assert.deepEqual(
      value.map(({ path, role, seen, mode }) => ({ path, role, seen, mode })),
      [
        { path: 'data/train.csv', role: 'named', seen: ['argument', 'config'], mode: 'full' },
        { path: 'data', role: 'named', seen: ['argument'], mode: 'tree' },
      ],
    );
  });

  it('is an input where it is declared too', async () => {
    const { value } = await capture({
      declared: [{ path: 'data/train.csv' }],
      argv: ['--train', 'data/train.csv'],
    });
    assert.equal(value.length, 1);
    assert.equal(value[0]?.role, 'input');
    assert.deepEqual(value[0].seen, ['declared', 'argument']);
  });

  it('is not the script, a config, an output, the workspace or what is above it', async () => {
    mkdirSync(join(root, 'out'));
    writeFileSync(join(root, 'train.py'), '');
    writeFileSync(join(root, 'conf.yaml'), '');
    const captured = await capture({
      argv: ['train.py', 'conf.yaml', 'out', 'out/new', '.', '..', root, outside, '/', '~'],
      exclude: {
        files: [join(root, 'train.py'), join(root, 'conf.yaml')],
        outputs: [join(root, 'out')],
      },
      home: outside,
    });
    assert.deepEqual(captured.value, []);
    assert.equal(captured.status, 'absent');
  });

  it('may be a place on a network, recorded without what grants access to it', async () => {
    const { value, redactions } = await capture({
      argv: [
        's3://bucket/key?versionId=7&X-Amz-Signature=abcdef&X-Amz-Credential=x',
        'https://user:hunter2@example.org/a.csv',
      ],
      fromConfig: [{ key: 'd', value: 'hf://datasets/lab/x' }],
    });
    assert.deepEqual(
      value.map(({ path, mode, digest }) => [path, mode, digest]),
      [
        ['s3://bucket/key?versionId=7', 'uri', null],
        ['https://example.org/a.csv', 'uri', null],
        ['hf://datasets/lab/x', 'uri', null],
      ],
    );
    assert.deepEqual(
      redactions.map(({ where }) => where),
      ['data[0].path', 'data[1].path'],
    );
  });

  it('and lies outside and is large has its stat alone, and the field says so', async () => {
    writeFileSync(join(outside, 'big'), Buffer.alloc(2_000_000));
    const { value, status, detail } = await capture({ argv: [join(outside, 'big')] });
    assert.equal(value[0]?.mode, 'stat');
    assert.equal(value[0].digest, null);
    assert.equal(status, 'captured');
    assert.match(detail ?? '', /too large to hash/);
  });
});

describe('data above the limit', () => {
  const large = Buffer.alloc(2_000_000, 'x');
  beforeEach(() => {
    mkdirSync(join(root, 'many'));
    for (let index = 0; index < 20; index += 1) {
      writeFileSync(join(root, `many/${index}`), Buffer.alloc(100_000, `${index}`));
    }
    writeFileSync(join(root, 'large'), large);
  });
  const declared = [{ path: 'large' }, { path: 'many' }];
  const options = (): Parameters<typeof digestPinned>[1] => ({ workspaceRoot: root, keepObject });

  it('is pinned by its stat at launch and hashed beside the program', async () => {
    const { value, status } = await capture({ declared });
    assert.equal(status, 'captured');
    assert.deepEqual(
      value.map(({ digest, hashed, mode }) => ({ digest, hashed, mode })),
      [
        { digest: null, hashed: 'during', mode: 'full' },
        { digest: null, hashed: 'during', mode: 'tree' },
      ],
    );
    assert.ok(value.every(({ stat }) => stat));
    const { entries } = await digestPinned(value, options());
    assert.equal(entries[0]?.digest, sha256(large));
    const direct = await capture({ declared, hashBeforeBytes: 1e9 });
    assert.equal(entries[1]?.digest, direct.value[1]?.digest);
    assert.ok(entries.every(({ changedDuringRun }) => !changedDuringRun));
    assert.deepEqual((await recheckData(entries, options())).entries, []);
  });

  it('that changed before it was hashed says so, with what was found', async () => {
    const { value } = await capture({ declared });
    appendFileSync(join(root, 'large'), 'y');
    writeFileSync(join(root, 'many/3'), 'changed');
    const { entries } = await digestPinned(value, options());
    assert.equal(entries[0]?.changedDuringRun, true);
    assert.equal(entries[0].digest, null);
    assert.equal(entries[0].digestAfter, sha256(Buffer.concat([large, Buffer.from('y')])));
    assert.equal(entries[1]?.changedDuringRun, true);
    assert.equal(entries[1].digest, null);
    assert.match(entries[1].digestAfter ?? '', /^sha256:/);
  });

  it('that is gone before it was hashed says so', async () => {
    const { value } = await capture({ declared: [{ path: 'large' }] });
    rmSync(join(root, 'large'));
    const { entries } = await digestPinned(value, options());
    assert.equal(entries[0]?.changedDuringRun, true);
    assert.equal(entries[0].digestAfter, null);
  });
});

describe('at the end of a run', () => {
  const options = (): Parameters<typeof recheckData>[1] => ({ workspaceRoot: root, keepObject });

  it('data that changed during it has both digests; the same bytes written again do not count', async () => {
    writeFileSync(join(root, 'data/same'), 'same');
    const { value } = await capture({
      declared: [{ path: 'data/train.csv' }, { path: 'data/same' }, { path: 'data' }],
    });
    writeFileSync(join(root, 'data/same'), 'same');
    assert.deepEqual((await recheckData(value, options())).entries, []);
    writeFileSync(join(root, 'data/train.csv'), 'other');
    const { entries } = await recheckData(value, options());
    assert.deepEqual(
      entries.map(({ path }) => path),
      ['data/train.csv', 'data'],
    );
    assert.equal(entries[0]?.digest, sha256('a,b\n'));
    assert.equal(entries[0].digestAfter, sha256('other'));
    assert.ok(entries.every(({ changedDuringRun }) => changedDuringRun));
  });

  it('data that was deleted has no later digest', async () => {
    const { value } = await capture({ declared: [{ path: 'data/train.csv' }] });
    rmSync(join(root, 'data/train.csv'));
    const { entries } = await recheckData(value, options());
    assert.equal(entries[0]?.changedDuringRun, true);
    assert.equal(entries[0].digestAfter, null);
  });
});

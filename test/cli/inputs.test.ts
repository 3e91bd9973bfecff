import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { finish, until, Workspace } from '../support/workspace.ts';

const sha256 = (content: string | Buffer) =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

describe('the data of a recorded run', function () {
  this.timeout(60_000);
  let workspace: Workspace;
  afterEach(() => workspace.dispose());

  it('that differs from what was declared blocks with both digests, and warns by default', async () => {
    const wanted = sha256('another');
    workspace = new Workspace({
      'data/train.csv': 'a,b\n',
      'runrecord.yaml': `version: 1\ndata:\n  train: { path: ./data/train.csv, digest: "${wanted}" }\n`,
    });
    const words = ['--data', 'train', '--', 'true'];
    const warned = await workspace.record(words);
    assert.equal(warned.code, 0);
    const said = `data/train.csv is ${sha256('a,b\n')}, and runrecord.yaml says ${wanted}`;
    assert.ok(warned.stderr.includes(said), warned.stderr);
    assert.equal(warned.record.data[0]?.expected, wanted);
    const blocked = await workspace.run(['run', '--gate', 'data-changed=block', ...words]);
    assert.equal(blocked.code, 4);
    assert.ok(blocked.stderr.includes(said));
  });

  it('that changed while it ran is told with its members, and verify knows the objects', async () => {
    workspace = new Workspace({
      'data/1': 'one',
      'data/2': 'two',
      'run.sh': '#!/bin/sh\necho changed > data/1; rm data/2; echo new > data/3\n',
    });
    const { record } = await workspace.record(['--data', 'data', '--', './run.sh']);
    const entry = record.data.find(({ path }) => path === 'data');
    assert.equal(entry?.changedDuringRun, true);
    const hex = entry.members?.replace('sha256:', '') ?? '';
    const object = join(workspace.root, '.runrecord/objects', hex.slice(0, 2), hex.slice(2));
    const members = JSON.parse(readFileSync(object, 'utf8')) as { path: string; change: string }[];
    assert.deepEqual(
      members.map(({ path, change }) => `${path} ${change}`),
      ['1 modified', '2 deleted', '3 added'],
    );
    assert.equal((await workspace.run(['verify', record.id])).code, 0);
    execFileSync('rm', ['-f', object]);
    const { code, stdout } = await workspace.run(['verify', record.id, '--json']);
    assert.equal(code, 1);
    assert.match(stdout, /missing/);
  });

  it('in the store of git-annex is an input by the name that leads there', async () => {
    const key = `SHA256E-s8--${sha256('annexed\n').slice(7)}.csv`;
    const place = `.git/annex/objects/9m/2M/${key}/${key}`;
    workspace = new Workspace({ 'read.py': 'open("a.csv").read()\n' });
    workspace.write(place, 'annexed\n');
    symlinkSync(place, join(workspace.root, 'a.csv'));
    const { record } = await workspace.record(['--', 'python3', 'read.py', '--data=a.csv']);
    const [entry, ...others] = record.data;
    assert.deepEqual(others, []);
    assert.deepEqual([entry?.role, entry?.seen], ['input', ['argument', 'hook']]);
    assert.deepEqual([entry?.link, entry?.version], ['a.csv', `annex:${key}`]);
  });

  it('of 100 GB does not hold the start: the program runs while it is hashed', async () => {
    workspace = new Workspace({ 'run.sh': '#!/bin/sh\necho started\n' });
    workspace.write('data/huge.bin', '');
    truncateSync(join(workspace.root, 'data/huge.bin'), 100 * 2 ** 30);
    const child = workspace.start(['run', '--data', 'data/huge.bin', '--', './run.sh']);
    const { code, stdout } = await finish(child);
    assert.equal(code, 0);
    assert.equal(stdout, 'started\n');
    const [id = ''] = workspace.runs();
    const { data, capture } = await workspace.show(id);
    assert.deepEqual([data[0]?.hashed, data[0]?.digest], ['during', null]);
    assert.notEqual(capture.data.status, 'captured');
    // Whoever hashes it must not go on for a minute after this test: that it is another file now
    // ends the reading soon.
    truncateSync(join(workspace.root, 'data/huge.bin'), 0);
    const journal = `.runrecord/runs/${id}/journal.jsonl`;
    const isClosed = () => workspace.read(journal).includes('"type":"closed"');
    await until(() => isClosed() || wait(50, false), 'the record to be closed', 50_000);
    const after = (await workspace.show(id)).data[0];
    assert.deepEqual([after?.changedDuringRun, after?.digest], [true, null]);
  });
});

describe('the environment of a recorded run', function () {
  this.timeout(60_000);
  let workspace: Workspace;
  afterEach(() => workspace.dispose());

  it('is that of the Python which a shell started, seen from inside it', async () => {
    workspace = new Workspace({
      'run.sh': '#!/bin/sh\npython3 train.py\n',
      'train.py': 'import sys; print(sys.executable)\n',
    });
    const { record, stdout } = await workspace.record(['--', './run.sh']);
    const { interpreter, packages } = record.environment ?? {};
    assert.equal(interpreter?.path, stdout.trim());
    assert.match(interpreter.digest ?? '', /^sha256:/);
    const print = 'import importlib.metadata as m; print(len(list(m.distributions())))';
    const count = Number(execFileSync('python3', ['-c', print], { encoding: 'utf8' }));
    assert.ok(count === 0 || (packages?.length ?? 0) > 0);
    assert.equal(record.capture.environment.status, 'captured');
  });

  it('is told once where it is as it was at launch, whatever lies beside the script', async () => {
    const metadata = 'Name: beside\nVersion: 1\n';
    workspace = new Workspace({
      'src/train.py': 'print(1)\n',
      'beside.egg-info/PKG-INFO': metadata,
      'src/own.egg-info/PKG-INFO': metadata.replace('beside', 'own'),
    });
    const { record } = await workspace.record(['--', 'python3', 'src/train.py']);
    const names = record.environment?.packages?.map(({ name }) => name) ?? [];
    assert.ok(names.includes('own') && !names.includes('beside'), names.join());
    const journal = workspace.read(`.runrecord/runs/${record.id}/journal.jsonl`);
    const told = journal.split('\n').filter((line) => /"type":"environment".*"manager"/.test(line));
    assert.deepEqual(told, []);
  });

  it('that a tool makes when the program starts is told all the same', async () => {
    workspace = new Workspace({
      'pyproject.toml': '[project]\nname = "x"\n',
      'train.py': 'print(1)\n',
      // In the place of uv: makes the environment, then runs the command in it.
      'bin/uv':
        '#!/bin/sh\npython3 -m venv --without-pip .venv\nshift\nexec .venv/bin/python "$@"\n',
    });
    const env = { PATH: `${workspace.root}/bin:${process.env.PATH}` };
    const { record, code } = await workspace.record(['--', 'uv', 'run', 'train.py'], { env });
    assert.equal(code, 0);
    const { interpreter, packages } = record.environment ?? {};
    assert.equal(interpreter?.path, join(workspace.root, '.venv/bin/python'));
    assert.deepEqual(packages, []);
    assert.equal(record.capture.environment.status, 'captured');
  });
});

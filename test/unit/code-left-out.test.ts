import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../agent/protocol/record.ts';
import { createFixture, type Fixture, readFiles, sha256 } from './code-fixture.ts';

describe('what is left out of the snapshot', function () {
  this.timeout(60_000);

  let fixture: Fixture;
  beforeEach(() => {
    fixture = createFixture();
  });
  afterEach(() => fixture.close());

  it('files in output directories, declared data and promoted/ are neither dirt nor in the tree', async () => {
    const { write, commit, capture, restore, repo } = fixture;
    write('train.py', 't\n');
    write('out/tracked.txt', 'code, wherever it lies\n');
    commit();
    const clean = await capture({ data: ['data/train.csv'] });
    write('out/model.bin', 'weights');
    write('out/deep/er/log.txt', 'log');
    write('data/train.csv', 'x,y\n');
    write('promoted/digits/v1/model.bin', 'weights');
    const run = await capture({ data: ['data/train.csv'] });
    assert.equal(run.value.clean, true);
    assert.equal(run.value.tree, clean.value.tree);
    assert.deepEqual(
      run.value.leftOut.map(({ path, reason, digest }) => [path, reason, digest]),
      [
        ['data/train.csv', 'data', null],
        ['out/deep/er/log.txt', 'output', null],
        ['out/model.bin', 'output', null],
        ['promoted/digits/v1/model.bin', 'output', null],
      ],
    );
    write('out/tracked.txt', 'edited\n');
    const dirty = await capture({ data: ['data'] });
    assert.equal(dirty.value.clean, false);
    const kept = (path: string) => path !== 'train.py' && path !== 'out/tracked.txt';
    assert.deepEqual(
      restore(dirty.runId),
      readFiles(repo, (path) => !/^out$/.test(path) && kept(path)),
    );
  });

  it('what Python compiles at a run does not make the next one dirty; tracked, it is code', async () => {
    const { write, commit, capture } = fixture;
    write('train.py', 't\n');
    write('vendor/__pycache__/old.pyc', 'tracked');
    commit();
    const clean = await capture();
    write('__pycache__/train.cpython-311.pyc', 'compiled');
    write('pkg/__pycache__/net.cpython-311.pyc', 'compiled');
    const run = await capture();
    assert.deepEqual([run.value.clean, run.value.tree], [true, clean.value.tree]);
    assert.deepEqual(run.value.leftOut, []);
    write('vendor/__pycache__/old.pyc', 'changed');
    assert.equal((await capture()).value.clean, false);
  });

  it('very many files of an output directory become one entry', async () => {
    const { write, commit, capture } = fixture;
    write('train.py', 't\n');
    commit();
    for (let at = 0; at < 1200; at += 1) write(`out/step-${at}.txt`, '12345');
    const run = await capture();
    assert.deepEqual(run.value.leftOut, [
      { path: 'out', sizeBytes: null, digest: null, reason: 'output' },
    ]);
  });

  it('ignored files and those under `ignore` are not listed at all', async () => {
    const { write, commit, capture } = fixture;
    write('.gitignore', '*.tmp\n');
    commit();
    write('.git/info/exclude', 'private\n');
    write('a.tmp', '1');
    write('private', '2');
    write('scratch/.hidden/x.py', '3');
    write('notes/deep/y.bak', '4');
    write('cloned/file', '5');
    execFileSync('git', ['init', '-q', join(fixture.repo, 'cloned')]);
    const run = await capture({ ignore: ['./scratch', 'cloned/**', '*.bak'] });
    assert.equal(run.value.clean, true);
    assert.deepEqual(run.value.repositories, []);
    assert.deepEqual(run.value.leftOut, []);
    assert.deepEqual(run.value.changes, []);
  });

  it('files above the size limit are dirt, with their digest; smaller again, they are in', async () => {
    const { write, commit, capture, repo, restore } = fixture;
    write('tracked.bin', 'small');
    commit();
    write('tracked.bin', 'x'.repeat(200));
    write('big.bin', 'y'.repeat(300));
    truncateSync(join(repo, 'big.bin'), 300);
    for (let time = 0; time < 2; time += 1) {
      const run = await capture({ snapshotFileLimit: 100 });
      assert.equal(run.status, 'captured');
      assert.equal(run.value.clean, false);
      assert.deepEqual(run.value.leftOut, [
        {
          path: 'tracked.bin',
          sizeBytes: 200,
          digest: sha256(Buffer.from('x'.repeat(200))),
          reason: 'size-limit',
        },
        {
          path: 'big.bin',
          sizeBytes: 300,
          digest: sha256(Buffer.from('y'.repeat(300))),
          reason: 'size-limit',
        },
      ]);
      assert.deepEqual(restore(run.runId), new Map());
    }
    const run = await capture();
    assert.deepEqual(restore(run.runId), readFiles(repo));
  });

  it('untracked credentials by name or content are left out, without a digest; tracked ones stay', async () => {
    const { write, commit, capture, repo, restore } = fixture;
    const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1rZXk'.repeat(4)}\n-----END`;
    write('tracked.env', 'A=1\n');
    commit();
    const secret: Record<string, string> = {
      '.env': 'TOKEN=x\n',
      '.env.production': 'TOKEN=x\n',
      'deploy.pem': key,
      'config/.netrc': 'machine x\n',
      'home/.aws/credentials': '[default]\n',
      '.npmrc': '//registry.example.org/:_authToken=abcdef\n',
      'service.json': JSON.stringify({ type: 'service_account', private_key: `${key}\n` }),
      'notes.txt': `use ghp_${'a1B2'.repeat(9)}\n`,
    };
    const open: Record<string, string> = {
      '.env.example': 'TOKEN=\n',
      'cert.pem': '-----BEGIN CERTIFICATE-----\nabc\n',
      'train.py': 'password = input()\nkey = "-----BEGIN PRIVATE KEY-----"\n',
      'other/.npmrc': 'save-exact=true\n',
    };
    for (const [path, text] of Object.entries({ ...secret, ...open })) write(path, text);
    for (let time = 0; time < 2; time += 1) {
      const run = await capture();
      assert.deepEqual(
        run.value.leftOut.map(({ path }) => path).sort(),
        Object.keys(secret).sort(),
      );
      for (const { reason, digest } of run.value.leftOut) {
        assert.equal(reason, 'secret');
        assert.equal(digest, null);
      }
      assert.equal(run.value.clean, false);
      assert.deepEqual(
        [...restore(run.runId).keys()],
        [...Object.keys(open), 'tracked.env'].sort(),
      );
    }
    write('train.py', `${key}\n`);
    assert.equal((await capture()).value.leftOut.length, Object.keys(secret).length + 1);
    fixture.git('rm', '--quiet', '--cached', 'tracked.env');
    const run = await capture();
    assert.equal(restore(run.runId).has('tracked.env'), false);
    assert.ok(readFiles(repo).has('tracked.env'));
  });

  it('what cannot be read is told, and the record is partial', async () => {
    const { write, commit, capture, repo, restore } = fixture;
    write('a.py', 'a\n');
    write('b.py', 'b\n');
    commit();
    // A pipe in place of a file: nobody can read it, not even root.
    execFileSync('sh', ['-c', 'rm b.py && mkfifo b.py'], { cwd: repo });
    write('a.py', 'edited\n');
    const run = await capture();
    assert.equal(run.status, 'partial');
    assert.match(run.detail ?? '', /b\.py: cannot be read/);
    assert.equal(run.value.leftOut[0]?.reason, 'unreadable');
    assert.deepEqual([...restore(run.runId)], [['a.py', 'file edited\n']]);
  });

  it('over 2,000 changes are kept as an object', async () => {
    const { write, commit, capture, objects } = fixture;
    commit();
    for (let at = 0; at < 2001; at += 1) write(`f${at}.py`, `${at}\n`);
    const run = await capture();
    assert.equal(run.value.clean, false);
    assert.equal(typeof run.value.changes, 'string');
    const kept = objects.get(String(run.value.changes));
    assert.equal((JSON.parse(kept?.toString() ?? '') as Change[]).length, 2001);
  });

  it('outputs and data may lie outside, be absolute, or be reached by a link', async () => {
    const { write, commit, capture, root, repo } = fixture;
    write('a.py', 'a\n');
    commit();
    write('results-1/x.txt', 'x');
    symlinkSync('results-1', join(root, 'link'));
    const run = await capture({
      outputs: [join(repo, 'results-1')],
      data: ['/nowhere', '../else'],
    });
    assert.equal(run.value.clean, true);
    assert.equal(run.value.leftOut[0]?.path, 'results-1/x.txt');
  });

  it('a workspace below the top of the repository counts its own paths', async () => {
    const { write, commit, capture, repo, restore } = fixture;
    write('top.py', 't\n');
    write('lab/train.py', 't\n');
    commit();
    write('lab/out/model.bin', 'x');
    write('top.py', 'edited\n');
    const lab = join(repo, 'lab');
    const run = await capture({ workspaceRoot: lab, cwd: lab });
    assert.equal(run.value.root, repo);
    assert.deepEqual(
      (run.value.changes as Change[]).map((change) => change.path),
      ['top.py'],
    );
    assert.equal(run.value.leftOut[0]?.path, 'lab/out/model.bin');
    assert.deepEqual([...restore(run.runId).keys()], ['lab/train.py', 'top.py']);
  });
});

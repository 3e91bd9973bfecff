import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../agent/protocol/record.ts';
import { Workspace } from '../support/workspace.ts';

/** Says what it imported, line by line, as what runs inside of Python does. */
const program = `
import json, os, sys
folder = os.path.join(os.environ['RUNRECORD_DIR'], 'observed')
with open(os.path.join(folder, '%d-ab.jsonl' % os.getpid()), 'a') as out:
    for path in sys.argv[1:]:
        line = {'t': 'module', 'name': 'm', 'file': os.path.abspath(path), 'version': None}
        out.write(json.dumps(line) + '\\n')
`;
const sha256 = (content: string | Buffer) =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

describe('code that a program imported and no snapshot holds', function () {
  this.timeout(60_000);
  let workspace: Workspace;
  afterEach(() => workspace.dispose());

  const objectOf = (digest: string | null | undefined) => {
    const hex = (digest ?? '').replace('sha256:', '');
    return readFileSync(join(workspace.root, '.runrecord/objects', hex.slice(0, 2), hex.slice(2)));
  };
  const filesOf = (record: RunRecord) =>
    new Map((record.code.files ?? []).map((file) => [file.path, file]));

  it('is kept by digest and content where git ignores it, once, and listed with why', async () => {
    workspace = new Workspace({
      'train.py': program,
      'lib/model.py': 'depth = 3\n',
      '.gitignore': 'local_settings.py\n_version.py\n*.so\nbig.py\n',
      'runrecord.yaml': 'version: 1\nlimits: { snapshotFile: 1kB }\n',
    });
    const settings = 'DEBUG = True\nDB_PASSWORD = "hunter2-hunter2"\n';
    workspace.write('local_settings.py', settings);
    workspace.write('pkg/_version.py', 'version = "1.2"\n');
    workspace.write('pkg/new.py', 'untracked, and so in the snapshot\n');
    workspace.write('big.py', `x = 1${' '.repeat(2000)}\n`);
    const compiled = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3, 255]);
    writeFileSync(join(workspace.root, 'pkg/fast.so'), compiled);
    const names = ['local_settings.py', 'pkg/_version.py', 'pkg/fast.so', 'big.py'];
    const all = [...names, 'lib/model.py', 'pkg/new.py', 'train.py', names[0] ?? ''];
    const { code, record, stderr } = await workspace.record([
      ...['--', 'python3', 'train.py', ...all],
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(record.capture.code.status, 'captured', record.capture.code.detail ?? '');
    const files = filesOf(record);
    assert.deepEqual([...files.keys()].sort(), [...names].sort());
    assert.ok([...files.values()].every(({ reason }) => reason === 'ignored'));
    assert.equal(objectOf(files.get('pkg/_version.py')?.digest).toString(), 'version = "1.2"\n');
    assert.deepEqual(objectOf(files.get('pkg/fast.so')?.digest), compiled);
    // Too large to be kept: the digest tells it.
    assert.equal(files.get('big.py')?.object, null);
    assert.equal(files.get('big.py')?.digest, sha256(workspace.read('big.py')));
    // A secret is left out of the copy; the digest is that of the file.
    const local = files.get('local_settings.py');
    assert.equal(local?.digest, sha256(settings));
    assert.match(objectOf(local?.object).toString(), /^DEBUG = True\nDB_PASSWORD = "\[redacted: /);
    assert.ok(record.redactions.some(({ where }) => where === 'code.files.local_settings.py'));
    assert.ok(!workspace.allKept().includes('hunter2-hunter2'));
    const verified = await workspace.run(['verify', record.id]);
    assert.equal(verified.code, 0, verified.stdout);
    const shown = await workspace.run(['show', record.id]);
    assert.match(shown.stdout, /pkg\/_version\.py [0-9a-f]+.*, ignored/);
  });

  it('is what it was when it was imported, and differs between two runs', async () => {
    workspace = new Workspace({
      'train.py': `${program}\nimport time\ntime.sleep(3)\nopen('local.py', 'w').write('later\\n')\n`,
      '.gitignore': 'local.py\n',
    });
    workspace.write('local.py', 'first\n');
    const first = await workspace.record(['--', 'python3', 'train.py', 'local.py']);
    assert.equal(objectOf(filesOf(first.record).get('local.py')?.digest).toString(), 'first\n');
    const second = await workspace.record(['--', 'python3', 'train.py', 'local.py']);
    const { stdout } = await workspace.run(['diff', first.record.id, second.record.id, '--json']);
    assert.deepEqual(JSON.parse(stdout).code.files, [
      { path: 'local.py', kind: 'modified', added: null, removed: null },
    ]);
  });

  it('is kept where there is no repository at all, and libraries are not', async () => {
    workspace = new Workspace({ 'train.py': program, 'helper.py': 'x = 1\n' }, { git: false });
    workspace.write('venv/lib/python3.11/site-packages/numpy/core.py', 'library\n');
    const all = ['helper.py', 'venv/lib/python3.11/site-packages/numpy/core.py'];
    const { record } = await workspace.record(['--', 'python3', 'train.py', ...all, 'gone.py']);
    assert.deepEqual([...filesOf(record).keys()], ['train.py', 'helper.py']);
    assert.equal(record.capture.code.status, 'partial');
    assert.match(record.capture.code.detail ?? '', /gone\.py: was imported and cannot be read/);
    assert.equal(objectOf(filesOf(record).get('helper.py')?.digest).toString(), 'x = 1\n');
  });

  it('holds the script itself where its folder is ignored, before the program starts', async () => {
    workspace = new Workspace({ 'lib.py': '', '.gitignore': 'scratch/\n' });
    workspace.write('scratch/try.py', 'import os\nos.remove("scratch/try.py")\n');
    const { record } = await workspace.record(['--', 'python3', 'scratch/try.py']);
    const script = filesOf(record).get('scratch/try.py');
    assert.equal(script?.reason, 'ignored');
    assert.match(objectOf(script?.digest).toString(), /os\.remove/);
  });

  it('is captured with the repository that it lies in, also where only the program knows of it', async () => {
    workspace = new Workspace({
      'train.py':
        'import sys\nsys.path.insert(0, "../shared")\nsys.path.insert(0, "third/clone")\nsys.path.insert(0, "../plain")\nimport common, cloned, loose\n',
      '.gitignore': 'third/\n',
    });
    const shared = new Workspace(
      { 'common.py': 'x = 1\n' },
      { root: join(workspace.root, '../shared') },
    );
    const clone = new Workspace({ 'cloned.py': '' }, { root: join(workspace.root, 'third/clone') });
    const plain = new Workspace(
      { 'loose.py': 'y = 1\n' },
      { root: join(workspace.root, '../plain'), git: false },
    );
    try {
      shared.write('common.py', 'x = 2\n');
      clone.write('new.py', 'untracked\n');
      const { code, record, stderr } = await workspace.record(['--', 'python3', 'train.py']);
      assert.equal(code, 0, stderr);
      assert.equal(record.capture.code.status, 'captured', record.capture.code.detail ?? '');
      const others = new Map(record.code.repositories.map((one) => [one.path, one]));
      assert.deepEqual([...others.keys()].sort(), [shared.root, 'third/clone'].sort());
      for (const one of others.values()) {
        assert.equal(one.clean, false);
        assert.match(one.capturedAt ?? '', /Z$/);
      }
      const snapshot = others.get(shared.root)?.snapshot;
      assert.equal(shared.git('show', `${snapshot?.commit}:common.py`), 'x = 2\n');
      assert.equal(shared.git('status', '--short', '-uno').trim(), 'M common.py');
      assert.deepEqual([...filesOf(record).keys()], [join(plain.root, 'loose.py')]);
      assert.equal(filesOf(record).get(join(plain.root, 'loose.py'))?.reason, 'outside');
      assert.equal((await workspace.run(['verify', record.id])).code, 0);
      const again = await workspace.record(['--', 'python3', 'train.py']);
      assert.equal(again.record.fingerprint, record.fingerprint);
    } finally {
      for (const other of [shared, clone, plain]) other.dispose();
    }
  });
});

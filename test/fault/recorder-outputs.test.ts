import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact, RunRecord } from '../../agent/protocol/record.ts';
import { endAll } from '../support/faults.ts';
import { Workspace } from '../support/workspace.ts';

/** `path state`, sorted, with where a moved file went. */
const told = (artifacts: Artifact[]) =>
  artifacts.map(({ path, state, to }) => [path, state, ...(to ? [to] : [])].join(' ')).sort();

const digestOf = (text: string) =>
  `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;

describe('what a run writes', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace({});
  });
  afterEach(async () => {
    await endAll(workspace);
    workspace.dispose();
  });

  /** Records a Python program; its record must hold against the disk. */
  async function record(lines: string, words: string[] = []): Promise<RunRecord> {
    workspace.write('program.py', `import os, time\nos.makedirs('out', exist_ok=True)\n${lines}`);
    const { code, stderr, record } = await workspace.record([
      ...words,
      ...['--', 'python3', 'program.py'],
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(record.lifecycle.status, 'succeeded');
    const verified = await workspace.run(['verify', record.id]);
    assert.equal(verified.code, 0, verified.stdout);
    return record;
  }

  it('is a version for each checkpoint that is renamed into place', async () => {
    const { artifacts } = await record(`
for step in range(4):
    open('out/model.tmp', 'w').write('weights %d' % step)
    os.replace('out/model.tmp', 'out/model.bin')
    time.sleep(0.6)
`);
    const model = artifacts.filter(({ path }) => path === 'out/model.bin');
    assert.deepEqual(
      model.map(({ digest, state }) => [digest, state]),
      [0, 1, 2, 3].map((step) => [
        digestOf(`weights ${step}`),
        step === 3 ? 'present' : 'overwritten',
      ]),
    );
    assert.deepEqual(
      artifacts.filter(({ path, state }) => path !== 'out/model.bin' && state === 'present'),
      [],
    );
  });

  it('is a version for each time that a file was overwritten in place and closed', async () => {
    const { artifacts } = await record(`
for step in range(4):
    with open('out/state', 'w') as file: file.write('state %d' % step)
    time.sleep(0.6)
`);
    assert.deepEqual(
      artifacts.map(({ digest, state }) => [digest, state]),
      [0, 1, 2, 3].map((step) => [
        digestOf(`state ${step}`),
        step === 3 ? 'present' : 'overwritten',
      ]),
    );
  });

  it('is one whole file where it was held open and grew for seconds', async () => {
    const { artifacts, capture } = await record(`
with open('out/log.csv', 'w', buffering=1) as file:
    for step in range(25):
        file.write('row %d\\n' % step)
        time.sleep(0.1)
`);
    const whole = Array.from({ length: 25 }, (_, step) => `row ${step}\n`).join('');
    assert.deepEqual(
      artifacts.map(({ path, digest, state }) => [path, digest, state]),
      [['out/log.csv', digestOf(whole), 'present']],
    );
    assert.equal(capture.artifacts.status, 'captured');
  });

  it('is each of two thousand small files', async () => {
    const { artifacts } = await record(`
for at in range(2000):
    with open('out/%d.txt' % at, 'w') as file: file.write('file %d' % at)
`);
    assert.equal(artifacts.length, 2000);
    assert.ok(artifacts.every(({ state }) => state === 'present'));
    const one = artifacts.find(({ path }) => path === 'out/1234.txt');
    assert.equal(one?.digest, digestOf('file 1234'));
  });

  it('is told as moved where a file or a folder was renamed, and as deleted where it was', async () => {
    const { artifacts } = await record(`
os.makedirs('out/step-1/deep')
for name in ('a', 'b', 'step-1/c', 'step-1/deep/d'):
    with open('out/' + name, 'w') as file: file.write(name)
time.sleep(2)
os.rename('out/a', 'out/a2')
os.remove('out/b')
os.rename('out/step-1', 'out/best')
time.sleep(1.5)
`);
    assert.deepEqual(told(artifacts), [
      'out/a moved out/a2',
      'out/a2 present',
      'out/b deleted',
      'out/best/c present',
      'out/best/deep/d present',
      'out/step-1/c moved out/best/c',
      'out/step-1/deep/d moved out/best/deep/d',
    ]);
  });

  it('is told so too where all of that happened just before the end', async () => {
    const { artifacts } = await record(`
for name in ('a', 'b', 'c'):
    with open('out/' + name, 'w') as file: file.write(name)
time.sleep(2)
os.rename('out/a', 'out/a2')
os.remove('out/b')
with open('out/c', 'w') as file: file.write('C')
`);
    assert.deepEqual(told(artifacts), [
      'out/a moved out/a2',
      'out/a2 present',
      'out/b deleted',
      'out/c overwritten',
      'out/c present',
    ]);
  });

  it('is not held up by a pipe, a socket or a link that leads nowhere', async () => {
    const { artifacts, capture } = await record(`
import socket
os.mkfifo('out/pipe')
socket.socket(socket.AF_UNIX).bind('out/socket')
os.symlink('nowhere', 'out/link')
os.symlink('.', 'out/loop')
with open('out/file', 'w') as file: file.write('x')
time.sleep(0.5)
`);
    assert.deepEqual(told(artifacts), ['out/file present']);
    assert.equal(capture.artifacts.status, 'captured');
  });

  it('keeps its name, with newlines and bytes that are not UTF-8', async () => {
    const { artifacts } = await record(`
names = [b'new\\nline', b'caf\\xe9', b'caf\\xe8', b' quote"\\' \\\\', b'\\xff\\xfe']
for name in names:
    with open(b'out/' + name, 'wb') as file: file.write(name)
time.sleep(1.5)
with open(b'out/caf\\xe9', 'wb') as file: file.write(b'second')
time.sleep(0.5)
os.remove(b'out/\\xff\\xfe')
`);
    const names = artifacts.map(({ path, pathBytes, state }) => [
      pathBytes === undefined ? path : Buffer.from(pathBytes, 'base64').toString('latin1'),
      state,
    ]);
    assert.deepEqual(names.map((name) => name.join(' ')).sort(), [
      'out/ quote"\' \\ present',
      'out/caf\xe8 present',
      'out/caf\xe9 overwritten',
      'out/caf\xe9 present',
      'out/new\nline present',
      'out/\xff\xfe deleted',
    ]);
  });

  it('lies where the link leads that stands in the place of the folder', async () => {
    mkdirSync(join(workspace.root, 'disk'));
    symlinkSync('disk', join(workspace.root, 'out'));
    const { artifacts, outputs } = await record(`
with open('out/file', 'w') as file: file.write('x')
time.sleep(0.5)
`);
    assert.deepEqual(told(artifacts), ['disk/file present']);
    assert.ok(outputs.directories.includes('disk'));
  });

  it('lies there too where the run itself made the link, after the launch', async () => {
    workspace.write('scratch/run-1/older', 'not of this run');
    const { artifacts } = await record(
      `
os.rmdir('out')
os.symlink('scratch/run-1', 'out')
with open('out/file', 'w') as file: file.write('x')
time.sleep(1.2)
with open('out/file', 'w') as file: file.write('y')
time.sleep(1.2)
`,
    );
    assert.deepEqual(told(artifacts), [
      'scratch/run-1/file overwritten',
      'scratch/run-1/file present',
    ]);
  });

  it('is seen where the declared folder was made during the run, however deep', async () => {
    const { artifacts } = await record(
      `
time.sleep(0.7)
os.makedirs('results/2024/run')
for step in range(3):
    with open('results/2024/run/model', 'w') as file: file.write('model %d' % step)
    time.sleep(0.7)
`,
      ['--out', 'results/2024/run'],
    );
    assert.deepEqual(
      artifacts.map(({ path, digest, state, attribution }) => [
        path,
        digest,
        state,
        attribution.kind,
      ]),
      [0, 1, 2].map((step) => [
        'results/2024/run/model',
        digestOf(`model ${step}`),
        step === 2 ? 'present' : 'overwritten',
        'observed',
      ]),
    );
  });

  it('does not stop the program where it removes .runrecord itself', async () => {
    const { code, stdout } = await workspace.run([
      ...[
        'run',
        '--',
        'sh',
        '-c',
        'rm -rf .runrecord; mkdir -p out; echo x > out/f; echo still; exit 6',
      ],
    ]);
    assert.equal(code, 6);
    assert.equal(stdout, 'still\n');
    const { code: next } = await workspace.run(['run', '--', 'true']);
    assert.equal(next, 0);
    assert.equal((await workspace.run(['list'])).code, 0);
  });

  it('is not taken from the run before, which left it there', async () => {
    const first = await record("open('out/first', 'w').write('1')\n");
    const second = await record("open('out/second', 'w').write('2')\n");
    assert.deepEqual(told(first.artifacts), ['out/first present']);
    assert.deepEqual(told(second.artifacts), ['out/second present']);
  });
});

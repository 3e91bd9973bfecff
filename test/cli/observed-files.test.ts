import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DataEntry, RunRecord } from '../../agent/protocol/record.ts';
import { untilClosed } from '../support/faults.ts';
import { Workspace } from '../support/workspace.ts';

const digestOf = (bytes: string | Buffer) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe('the files of a Python program', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace({ 'data/a.csv': 'a\n', 'data/b.csv': 'b\n', 'conf.yaml': 'lr: 1\n' });
  });
  afterEach(() => workspace.dispose());

  async function record(
    program: string,
    words: string[] = [],
    command = ['python3', 'program.py'],
  ) {
    workspace.write('program.py', program);
    const { code, stderr, record } = await workspace.record([...words, '--', ...command]);
    assert.equal(code, 0, stderr);
    return record;
  }
  const inputs = ({ data }: RunRecord) =>
    data.map(({ path, role, seen, digest }) => [path, role, seen.join('+'), digest]).sort();
  const find = ({ data }: RunRecord, path: string) =>
    data.find((entry) => entry.path === path) as DataEntry;
  const outputs = ({ artifacts }: RunRecord) =>
    artifacts.map(({ path, state, attribution }) => `${path} ${state} ${attribution.kind}`).sort();

  it('are its inputs with the digest that they had, and its outputs wherever they lie', async () => {
    const found = await record(`
import os, pathlib
text = open('data/a.csv').read() + pathlib.Path('data/b.csv').read_text()
os.makedirs('anywhere/deep')
open('anywhere/deep/result.txt', 'w').write(text)
open('anywhere/deep/result.txt').read()
`);
    assert.deepEqual(inputs(found), [
      ['data/a.csv', 'input', 'hook', digestOf('a\n')],
      ['data/b.csv', 'input', 'hook', digestOf('b\n')],
    ]);
    assert.deepEqual(outputs(found), ['anywhere/deep/result.txt present observed']);
    assert.equal(found.complete, true, JSON.stringify(found.capture));
    assert.equal(found.data[0]?.hashed, 'during');
  });

  it('are all those of its children: forks, pools, spawned and shell processes', async () => {
    const found = await record(`
import multiprocessing, os, subprocess, sys
def work(name):
    open('out-' + name, 'w').write(open('data/%s.csv' % name).read())
if __name__ == '__main__':
    with multiprocessing.get_context('fork').Pool(1) as pool: pool.map(work, ['a'])
    with multiprocessing.get_context('spawn').Pool(1) as pool: pool.map(work, ['b'])
    code = "open('out-%s', 'w').write(open('conf.yaml').read())"
    subprocess.run([sys.executable, '-c', code % 'child'], check=True)
    subprocess.run('%s -c "%s" && true' % (sys.executable, code % 'shell'), shell=True, check=True)
`);
    assert.deepEqual(found.data.map(({ path }) => path).sort(), [
      'conf.yaml',
      'data/a.csv',
      'data/b.csv',
    ]);
    assert.deepEqual(
      outputs(found),
      ['a', 'b', 'child', 'shell'].map((name) => `out-${name} present observed`),
    );
    assert.equal(found.complete, true, JSON.stringify(found.capture));
  });

  it('are outputs where they were moved into place, from another disk or with their folder', async () => {
    const found = await record(`
import atexit, os, shutil, tempfile
with open('/dev/shm/runrecord-test.bin', 'w') as file: file.write('far')
shutil.move('/dev/shm/runrecord-test.bin', 'far.bin')
folder = tempfile.mkdtemp(dir='.')
os.makedirs(folder + '/in')
open(folder + '/in/near.bin', 'w').write('near')
os.rename(folder, 'best')
os.link('data/a.csv', 'second-name.csv')
os.remove('data/b.csv')
atexit.register(lambda: open('last.txt', 'w').write('bye'))
`);
    assert.deepEqual(outputs(found), [
      'best/in/near.bin present observed',
      'data/b.csv deleted observed',
      'far.bin present observed',
      'last.txt present observed',
      'second-name.csv present observed',
    ]);
    assert.equal(found.capture.artifacts.status, 'captured');
  });

  it('are both where they are changed in place: the input as it was, the output as it became', async () => {
    const found = await record(`
with open('data/a.csv', 'r+') as file:
    file.seek(0, 2); file.write('more\\n')
open('data/b.csv').read()
open('data/b.csv', 'w').write('new\\n')
`);
    for (const [path, before, after] of [
      ['data/a.csv', 'a\n', 'a\nmore\n'],
      ['data/b.csv', 'b\n', 'new\n'],
    ] as const) {
      const entry = find(found, path);
      assert.equal(entry.digest, digestOf(before));
      assert.equal(entry.changedDuringRun, true);
      assert.equal(entry.digestAfter, digestOf(after));
      const artifact = found.artifacts.find((one) => one.path === path);
      assert.deepEqual([artifact?.digest, artifact?.state], [digestOf(after), 'present']);
    }
  });

  it('are no outputs where they were opened to be changed and were not', async () => {
    const found = await record(`
open('data/a.csv', 'r+').read()
open('data/b.csv', 'a').close()
`);
    assert.deepEqual(outputs(found), []);
    assert.equal(found.capture.artifacts.status, 'absent');
  });

  it('are those of links, and of names that are no UTF-8', async () => {
    symlinkSync('data', join(workspace.root, 'linked'));
    symlinkSync('data/b.csv', join(workspace.root, 'b-link'));
    writeFileSync(Buffer.from(`${workspace.root}/caf\xe9.csv`, 'latin1'), 'latin');
    const found = await record(`
open('linked/a.csv').read(); open('b-link').read(); open(b'caf\\xe9.csv').read()
open(b'out-\\xff', 'w').write('x')
`);
    const name = Buffer.from('caf\xe9.csv', 'latin1').toString('base64');
    assert.deepEqual(
      found.data.map(({ path, pathBytes }) => pathBytes ?? path).sort(),
      [name, 'data/a.csv', 'data/b.csv'].sort(),
    );
    assert.ok(found.data.every(({ digest }) => digest !== null));
    assert.equal(
      found.artifacts[0]?.pathBytes,
      Buffer.from('out-\xff', 'latin1').toString('base64'),
    );
  });

  it('are those that a link led to when it was opened, wherever it leads since', async () => {
    for (const name of ['one', 'two']) workspace.write(`steps/${name}/w.bin`, name);
    const found = await record(`
import os
for name in ('one', 'two'):
    if os.path.islink('latest'): os.remove('latest'); os.remove('latest.bin')
    os.symlink('steps/' + name, 'latest'); os.symlink('data/%s.csv' % name[1:2].replace('n', 'a').replace('w', 'b'), 'latest.bin')
    open('latest/w.bin').read(); open('latest.bin').read()
`);
    assert.deepEqual(inputs(found), [
      ['data/a.csv', 'input', 'hook', digestOf('a\n')],
      ['data/b.csv', 'input', 'hook', digestOf('b\n')],
      ['steps/one/w.bin', 'input', 'hook', digestOf('one')],
      ['steps/two/w.bin', 'input', 'hook', digestOf('two')],
    ]);
  });

  it('bring what was declared, named or composed at launch up to what was read', async () => {
    workspace.write('unread.yaml', 'lr: 2\n');
    workspace.write('named.csv', 'named\n');
    workspace.write('never.csv', 'never\n');
    const again = await record(
      `
import sys
open(sys.argv[1]).read(); open('data/a.csv').read(); open('conf.yaml').read()
`,
      ['--data', 'data', '--config', 'conf.yaml', '--config', 'unread.yaml'],
      ['python3', 'program.py', 'named.csv', 'never.csv'],
    );
    assert.deepEqual(
      again.data.map(({ path, role, seen }) => [path, role, seen.join('+')]).sort(),
      [
        ['data', 'input', 'declared+hook'],
        ['named.csv', 'input', 'argument+hook'],
        ['never.csv', 'named', 'argument'],
      ],
    );
    assert.deepEqual(
      again.config.sources.map(({ path, read }) => [path, read]),
      [
        ['conf.yaml', true],
        ['unread.yaml', false],
      ],
    );
  });

  it('make a folder that was only named an input where all in it was read', async () => {
    const all = `
import os, sys
for name in sorted(os.listdir(sys.argv[1])): open(os.path.join(sys.argv[1], name)).read()
`;
    const whole = await record(all, [], ['python3', 'program.py', 'data']);
    assert.deepEqual(
      whole.data.map(({ path, role, mode, seen }) => [path, role, mode, seen.join('+')]),
      [['data', 'input', 'tree', 'argument+hook']],
    );
    const part = await record(
      "import sys; open(sys.argv[1] + '/a.csv').read()",
      [],
      ['python3', 'program.py', 'data'],
    );
    assert.deepEqual(part.data.map(({ path, role }) => [path, role]).sort(), [
      ['data', 'named'],
      ['data/a.csv', 'input'],
    ]);
  });

  it('are one entry where there are thousands in a folder, with a manifest of just those', async () => {
    for (let at = 0; at < 3000; at += 1) workspace.write(`many/${at}.txt`, `${at}`);
    const found = await record(`
for at in range(0, 3000, 2): open('many/%d.txt' % at).read()
open('data/a.csv').read()
`);
    const folder = find(found, 'many');
    assert.deepEqual(found.data.map(({ path }) => path).sort(), ['data/a.csv', 'many']);
    assert.deepEqual([folder.mode, folder.fileCount, folder.role], ['tree', 1500, 'input']);
    const hex = folder.manifest?.slice('sha256:'.length) ?? '';
    const object = join(workspace.root, '.runrecord/objects', hex.slice(0, 2), hex.slice(2));
    const lines = readFileSync(object, 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, 1500);
    assert.ok(lines.includes(`${digestOf('42').slice(7)}  2  42.txt`));
    assert.equal(digestOf(readFileSync(object)), folder.digest);
    const { size } = statSync(join(workspace.root, '.runrecord/runs', found.id, 'journal.jsonl'));
    assert.ok(size < 1_000_000, `${size} bytes`);
    const verified = await workspace.run(['verify', found.id]);
    assert.equal(verified.code, 0, verified.stdout);
  });

  it('are told with both digests where somebody changes them during the run', async () => {
    workspace.write(
      'change.py',
      `
import subprocess, sys, time
open('data/a.csv').read()
time.sleep(0.6)
open('ready', 'w').close()
time.sleep(1)
`,
    );
    const running = workspace.record(['--', 'python3', 'change.py']);
    const before = workspace.root;
    for (;;) {
      if (readdirSync(before).includes('ready')) break;
      await new Promise((done) => setTimeout(done, 50));
    }
    workspace.write('data/a.csv', 'by somebody else\n');
    const entry = find((await running).record, 'data/a.csv');
    assert.deepEqual(
      [entry.digest, entry.changedDuringRun, entry.digestAfter],
      [digestOf('a\n'), true, digestOf('by somebody else\n')],
    );
  });

  it('are hashed after the command has returned where that takes long, and pending until then', async () => {
    const path = join(workspace.root, 'data/large.bin');
    writeFileSync(path, '');
    truncateSync(path, 700_000_000);
    const found = await record("open('data/large.bin', 'rb').read(1)");
    assert.ok(['pending', 'captured'].includes(found.capture.data.status));
    const closed = await untilClosed(workspace, found.id);
    const entry = find(closed, 'data/large.bin');
    const sha256 = createHash('sha256');
    for (let at = 0; at < 700; at += 1) sha256.update(Buffer.alloc(1_000_000));
    assert.equal(entry.digest, `sha256:${sha256.digest('hex')}`);
    assert.equal(closed.capture.data.status, 'captured');
    assert.equal(closed.complete, true);
  });

  it('make a launch no repeat of a run that read something else, which no fingerprint knew', async () => {
    workspace.write('.gitignore', 'cache/\n');
    workspace.write('cache/seen.csv', 'one\n');
    const repeats = async () => {
      const { stdout } = await workspace.run(['check', '--json', '--', 'python3', 'program.py']);
      const { gates } = JSON.parse(stdout) as { gates: { gate: string; evidence: unknown[] }[] };
      return gates.find(({ gate }) => gate === 'identical-run')?.evidence.length ?? 0;
    };
    await record("print(open('cache/seen.csv').read())");
    assert.ok((await repeats()) > 0, 'nothing has changed');
    workspace.write('cache/seen.csv', 'two\n');
    assert.equal(await repeats(), 0);
  });

  it('leave nothing of what was said from inside once the record is closed', async () => {
    const found = await record("open('data/a.csv').read()");
    const folder = join(workspace.root, '.runrecord/runs', found.id);
    assert.deepEqual(readdirSync(folder).sort(), [
      'exit.json',
      'journal.jsonl',
      'output.log',
      'process.json',
      'record.json',
    ]);
  });
});

describe('what could not be seen of a program', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace({ 'data/a.csv': '2\n1\n', 'program.py': 'print(1)\n' });
  });
  afterEach(() => workspace.dispose());
  const captured = ({ capture }: RunRecord) => [capture.data, capture.artifacts];

  async function partial(said: RegExp, ...command: string[]): Promise<RunRecord> {
    const { record, stderr } = await workspace.record(['--', ...command]);
    assert.equal(record.lifecycle.status, 'succeeded', stderr);
    for (const { status, detail } of captured(record)) {
      assert.equal(status, 'partial');
      assert.match(detail ?? '', said);
    }
    assert.equal(record.complete, false);
    return record;
  }

  it('is said where options keep out what reports from inside', async () => {
    for (const option of ['-I', '-E', '-S']) {
      await partial(/kept out .*program\.py \(-[IES]\)/, 'python3', option, 'program.py');
    }
  });

  it('is said of commands of other kinds, with what their words and the disk tell', async () => {
    const script = 'cat data/a.csv | sort > sorted.csv; cp data/a.csv copy.csv; echo x >> "$0"';
    const record = await partial(/^cat, cp, sort are not Python/, 'sh', '-c', script, 'more.txt');
    assert.deepEqual(
      record.data.map(({ path, role, seen }) => [path, role, seen]),
      [['data/a.csv', 'named', ['argument']]],
    );
    assert.deepEqual(
      record.artifacts.map(({ path, attribution, seen }) => [path, attribution.kind, seen]).sort(),
      [
        ['copy.csv', 'observed', ['argument']],
        ['more.txt', 'unattributed', ['scan']],
        ['sorted.csv', 'observed', ['argument']],
      ],
    );
    assert.equal(
      record.artifacts.find(({ path }) => path === 'sorted.csv')?.digest,
      digestOf('1\n2\n'),
    );
  });

  it('is said of children of other kinds and of hidden environments, not of harmless ones', async () => {
    workspace.write(
      'program.py',
      `
import os, subprocess, sys
subprocess.run(['uname', '-a']); subprocess.run('git --version', shell=True)
subprocess.run([sys.executable, '--version'])
if len(sys.argv) > 1: subprocess.run(['cp', 'data/a.csv', 'copy.csv'])
if len(sys.argv) > 2: subprocess.run([sys.executable, '-c', 'pass'], env={'PATH': os.environ['PATH']})
`,
    );
    const harmless = await workspace.record(['--', 'python3', 'program.py']);
    assert.equal(harmless.record.complete, true, JSON.stringify(harmless.record.capture));
    const record = await partial(
      /not Python, and not seen from inside: cp$/,
      'python3',
      'program.py',
      '1',
    );
    assert.deepEqual(
      record.artifacts.map(({ path, attribution }) => [path, attribution.kind]),
      [['copy.csv', 'observed']],
    );
    await partial(/an environment without what reports/, 'python3', 'program.py', '1', '2');
  });

  it('is said where what a process told is not whole', async () => {
    workspace.write(
      'program.py',
      `
import glob, os
open('data/a.csv').read()
[path] = glob.glob(os.environ['RUNRECORD_DIR'] + '/observed/*.jsonl')
with open(path, 'a') as file: file.write('{"t":"read","path":"/x')
`,
    );
    await partial(/what a process said is not whole/, 'python3', 'program.py');
  });

  it('is nothing for commands that touch no file', async () => {
    for (const command of [['true'], ['sh', '-c', 'echo a; exit 0']]) {
      const { record } = await workspace.record(['--', ...command]);
      assert.deepEqual(
        captured(record).map(({ status }) => status),
        ['absent', 'absent'],
      );
      assert.equal(record.complete, true);
    }
  });

  it('does not disturb programs of other languages', async () => {
    const { stdout } = await workspace.record([
      '--',
      'sh',
      '-c',
      'echo "$RUNRECORD_RUN_ID" | wc -c',
    ]);
    assert.equal(Number(stdout.trim()), 37);
  });
});

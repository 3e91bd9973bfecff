import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../agent/protocol/record.ts';
import {
  endAll,
  killHard,
  processFile,
  runFile,
  startRun,
  untilClosed,
} from '../support/faults.ts';
import { until, Workspace } from '../support/workspace.ts';

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** Writes files of its own into a folder that others write to, moves and overwrites them. */
const mixed = `
import os, sys, time
name = sys.argv[1]
os.makedirs('out', exist_ok=True)
for step in range(4):
    with open('out/%s-%d.txt' % (name, step), 'w') as file: file.write('%s %d' % (name, step))
    with open('out/%s.tmp' % name, 'w') as file: file.write('%s model %d' % (name, step))
    os.replace('out/%s.tmp' % name, 'out/%s.bin' % name)
    with open('out/%s.log' % name, 'a') as file: file.write('step %d\\n' % step)
    time.sleep(0.3)
os.rename('out/%s-0.txt' % name, 'out/%s-first.txt' % name)
with open('beside-%s.txt' % name, 'w') as file: file.write(name)
`;

/** Its present files, and whose they are. */
const present = (record: RunRecord) =>
  record.artifacts
    .filter(({ state }) => state === 'present')
    .map(({ path, attribution }) => `${path} ${attribution.kind} ${attribution.runs}`)
    .sort();

const ownFiles = (name: string, id: string) =>
  [
    `beside-${name}.txt`,
    ...['-1.txt', '-2.txt', '-3.txt', '-first.txt', '.bin', '.log'].map(
      (end) => `out/${name}${end}`,
    ),
  ]
    .map((path) => `${path} observed ${id}`)
    .sort();

describe('runs at once in one folder', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace({ 'mixed.py': mixed, 'data.csv': '1 2\n' });
  });
  afterEach(async () => {
    await endAll(workspace);
    workspace.dispose();
  });
  const start = (name: string, ...words: string[]) =>
    workspace.record([...words, '--', 'python3', 'mixed.py', name]);
  const journalOf = (id: string) => {
    try {
      return readFileSync(runFile(workspace, id, 'journal.jsonl'), 'utf8');
    } catch {
      return '';
    }
  };
  const verifies = async (record: RunRecord) => {
    const { code, stdout } = await workspace.run(['verify', record.id]);
    assert.equal(code, 0, stdout);
  };

  it('sumatra#3: have each the files that it wrote, though the other ran meanwhile', async () => {
    const names = ['a', 'b'];
    const runs = await Promise.all(names.map((name) => start(name)));
    for (const [at, { record }] of runs.entries()) {
      const name = names[at] as string;
      assert.deepEqual(present(record), ownFiles(name, record.id));
      const others = new RegExp(`^(out/|beside-)${names[1 - at]}[-.]`);
      assert.ok(record.artifacts.every(({ path }) => !others.test(path)));
      assert.equal(record.complete, true, JSON.stringify(record.capture));
      await verifies(record);
    }
  });

  it('sumatra#390: are told apart where several are launched with one folder declared', async () => {
    const names = ['p', 'q', 'r', 's'];
    const runs = await Promise.all(names.map((name) => start(name, '--out', 'out')));
    for (const [at, { record }] of runs.entries()) {
      assert.deepEqual(present(record), ownFiles(names[at] as string, record.id));
    }
  });

  it('datalad#7899: leave a record each, with its outputs, and none is missing silently', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const runs = await Promise.all(names.map((name) => start(name, '--data', 'data.csv')));
    assert.deepEqual(
      runs.map(({ code }) => code),
      names.map(() => 0),
    );
    assert.equal(new Set(runs.map(({ record }) => record.id)).size, names.length);
    assert.deepEqual(workspace.runs(), runs.map(({ record }) => record.id).sort());
    for (const [at, { record }] of runs.entries()) {
      assert.equal(record.lifecycle.status, 'succeeded');
      assert.equal(record.data[0]?.digest, digestOf('1 2\n'));
      assert.deepEqual(present(record), ownFiles(names[at] as string, record.id));
    }
  }).timeout(60_000);

  it('leave what the second has overwritten to the second', async () => {
    workspace.write(
      'one.py',
      `
import os, sys, time
os.makedirs('out', exist_ok=True)
with open('out/model.bin', 'w') as file: file.write('by ' + sys.argv[1])
while not os.path.exists('go'): time.sleep(0.02)
`,
    );
    const one = (name: string) => workspace.record(['--', 'python3', 'one.py', name]);
    const running = one('a');
    await until(() => {
      const [id] = workspace.runs();
      return id !== undefined && /"type":"artifact"/.test(journalOf(id));
    }, 'the first version to be recorded');
    const other = one('b');
    await until(() => {
      const [, id] = workspace.runs();
      return id !== undefined && /"type":"artifact"/.test(journalOf(id));
    }, 'the second version to be recorded');
    workspace.write('go', '');
    const [first, second] = await Promise.all([running, other]);
    assert.deepEqual(
      first.record.artifacts.map(({ digest, state, attribution }) => [digest, state, attribution]),
      [[digestOf('by a'), 'overwritten', { kind: 'observed', runs: [first.record.id] }]],
    );
    assert.deepEqual(
      second.record.artifacts.map(({ digest, state, attribution }) => [digest, state, attribution]),
      [[digestOf('by b'), 'present', { kind: 'observed', runs: [second.record.id] }]],
    );
    await verifies(first.record);
    await verifies(second.record);
  });

  it('contest with both ids what both had open, and what neither was seen to write', async () => {
    workspace.write(
      'both.py',
      `
import os, sys, time
os.makedirs('out', exist_ok=True)
open('ready-' + sys.argv[1], 'w').close()
while not (os.path.exists('ready-a') and os.path.exists('ready-b')): time.sleep(0.02)
with open('out/shared.log', 'a') as file:
    for step in range(15):
        file.write('line\\n'); file.flush(); time.sleep(0.1)
`,
    );
    const both = (name: string) => workspace.record(['--', 'python3', 'both.py', name]);
    const somebody = until(
      () => readdirSync(workspace.root).filter((name) => /^ready-/.test(name)).length === 2,
      'both to be ready',
    ).then(() => workspace.write('out/dropped.txt', 'by nobody that was seen'));
    const [a, b] = await Promise.all([both('a'), both('b'), somebody]);
    const ids = [a.record.id, b.record.id].sort();
    for (const { record } of [a, b]) {
      const kinds = record.artifacts
        .filter(({ path, state }) => state === 'present' && path.startsWith('out/'))
        .map(({ path, attribution }) => [path, attribution.kind, attribution.runs]);
      assert.deepEqual(
        kinds.sort(),
        ['out/dropped.txt', 'out/shared.log'].map((path) => [path, 'contested', ids]),
      );
    }
  });

  it('are told apart where one has no recorder for a while', async () => {
    workspace.write(
      'slow.py',
      `
import os, time
os.makedirs('out', exist_ok=True)
print('ready', flush=True)
while not os.path.exists('go'): time.sleep(0.02)
with open('out/slow.txt', 'w') as file: file.write('slow')
`,
    );
    const { child, id } = await startRun(workspace, ['--', 'python3', 'slow.py'], 'ready');
    await killHard(child.pid);
    const { record } = await start('a');
    workspace.write('go', '');
    const slow = await untilClosed(workspace, id);
    assert.deepEqual(present(record), ownFiles('a', record.id));
    assert.deepEqual(present(slow), [`out/slow.txt observed ${id}`]);
  });
});

describe('what processes of a run write', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace({});
  });
  afterEach(async () => {
    await endAll(workspace);
    workspace.dispose();
  });

  it('is its own after the main process has ended, and after its recorder was killed', async () => {
    workspace.write(
      'stay.py',
      `
import os, sys, time
print('ready', flush=True)
time.sleep(0.5)
if os.fork() == 0:
    os.setsid()
    for descriptor in (0, 1, 2): os.close(descriptor)
    time.sleep(1)
    os.makedirs('later', exist_ok=True)
    with open('later/file.tmp', 'w') as file: file.write('later')
    os.rename('later/file.tmp', 'later/file')
    os._exit(0)
`,
    );
    for (const kill of [false, true]) {
      const { child, id, finished } = await startRun(
        workspace,
        ['--', 'python3', 'stay.py'],
        'ready',
      );
      if (kill) await killHard(child.pid);
      else assert.equal((await finished).code, 0);
      const record = await untilClosed(workspace, id);
      assert.deepEqual(present(record), [`later/file observed ${id}`]);
      assert.equal(record.artifacts[0]?.digest, digestOf('later'));
      assert.equal(record.complete, true, JSON.stringify(record.capture));
    }
  });

  it('is known from all lines where recorder and keeper are killed and the next run finishes', async () => {
    workspace.write(
      'train.py',
      `
import os, sys, time
open('data.csv').read()
with open('first.txt', 'w') as file: file.write('first')
print('ready', flush=True)
while not os.path.exists('go'): time.sleep(0.02)
with open('second.txt', 'w') as file: file.write('second')
`,
    );
    workspace.write('data.csv', '1 2\n');
    const { child, id } = await startRun(workspace, ['--', 'python3', 'train.py'], 'ready');
    const known = processFile(workspace, id);
    await killHard(child.pid);
    await killHard(known?.keeper);
    workspace.write('go', '');
    await until(() => {
      try {
        return readFileSync(join(workspace.root, 'second.txt'), 'utf8') === 'second';
      } catch {
        return false;
      }
    }, 'the program to go on');
    await killHard(known?.process);
    await workspace.run(['run', '--quiet', '--', 'true']);
    const record = await untilClosed(workspace, id);
    assert.equal(record.lifecycle.status, 'lost');
    assert.deepEqual(present(record), [`first.txt observed ${id}`, `second.txt observed ${id}`]);
    const [data] = record.data;
    assert.deepEqual(
      [data?.path, data?.role, data?.seen, data?.digest],
      ['data.csv', 'input', ['hook'], digestOf('1 2\n')],
    );
    assert.throws(() => readFileSync(runFile(workspace, id, 'observed/spec.json')), /ENOENT/);
  });
});

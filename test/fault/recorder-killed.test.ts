import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fieldNames } from '../../agent/protocol/names.ts';
import {
  endAll,
  exitFile,
  isRunning,
  killHard,
  processFile,
  repositoryState,
  runFile,
  startRun,
  untilClosed,
} from '../support/faults.ts';
import { until, Workspace } from '../support/workspace.ts';

const project = {
  'train.py': `
import os, sys, time, signal
os.makedirs('out', exist_ok=True)
print('ready', flush=True)
while not (os.path.exists('go') and os.path.getsize('go')): time.sleep(0.02)
open('out/model.bin', 'w').write('weights')
print('later', flush=True)
how = open('go').read()
if how == 'fail': raise ValueError('no such mode')
if how == 'die': os.kill(os.getpid(), signal.SIGTERM)
`,
  'config.yaml': 'lr: 0.1\n',
  'data.csv': '1 2\n',
};
const words = ['--config', 'config.yaml', '--data', 'data.csv'];
const command = ['--', 'python3', 'train.py', 'lr=0.3'];

describe('a recorder that is killed with kill -9', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace(project);
  });
  afterEach(async () => {
    await endAll(workspace);
    workspace.dispose();
  });

  it('leaves a whole record of a run that goes on, and is finished from what its keeper saw', async () => {
    const repository = repositoryState(workspace.root);
    const { child, id } = await startRun(workspace, [...words, ...command], 'ready');
    await killHard(child.pid);

    const meanwhile = await workspace.show(id);
    assert.equal(meanwhile.lifecycle.status, 'running');
    assert.equal(meanwhile.lifecycle.unattended, true);
    assert.deepEqual(meanwhile.lifecycle.process, processFile(workspace, id)?.process);
    for (const field of fieldNames) {
      const expected = field === 'artifacts' ? 'pending' : 'captured';
      assert.equal(meanwhile.capture[field].status, expected, field);
    }
    assert.equal(meanwhile.config.resolved?.lr, 0.3);
    const listed = JSON.parse((await workspace.run(['list', '--json'])).stdout);
    assert.equal(listed[0].status, 'running');
    const { stdout: table } = await workspace.run(['list']);
    assert.match(table, /running.*unattended|unattended/);
    assert.deepEqual(await workspace.query('select status from runs'), [{ status: 'running' }]);

    workspace.write('go', 'well');
    const record = await untilClosed(workspace, id);
    const exit = exitFile(workspace, id);
    assert.equal(record.lifecycle.status, 'succeeded');
    assert.equal(record.lifecycle.exitCode, 0);
    assert.equal(record.lifecycle.endedAt, exit?.endedAt);
    assert.equal(record.lifecycle.peakMemoryBytes, exit?.peakMemoryBytes);
    assert.equal(record.lifecycle.unattended, false);
    assert.equal(readFileSync(runFile(workspace, id, 'output.log'), 'utf8'), 'ready\nlater\n');
    assert.deepEqual(
      record.artifacts.map(({ path, attribution }) => [path, attribution]),
      [['out/model.bin', { kind: 'observed', runs: [id] }]],
    );
    assert.equal(record.capture.artifacts.status, 'captured');
    assert.deepEqual(await workspace.query('select status, exit_code from runs'), [
      { status: 'succeeded', exit_code: 0 },
    ]);
    const verified = await workspace.run(['verify', id]);
    assert.equal(verified.code, 0, verified.stdout);
    assert.equal(existsSync(runFile(workspace, id, 'reserve')), false);
    assert.equal(existsSync(runFile(workspace, id, 'observed')), false);
    assert.equal(existsSync(`${workspace.root}/.runrecord/live/${id}`), false);
    assert.deepEqual(repositoryState(workspace.root), repository);
  });

  it('has of a program that says nothing what came to a folder that it was given alone', async () => {
    const hidden = ['--', 'python3', '-I', 'train.py'];
    for (const [given, kind] of [
      [['--out', 'out'], 'exclusive-directory'],
      [[], 'unattributed'],
    ] as const) {
      const { child, id } = await startRun(workspace, [...given, ...hidden], 'ready');
      await killHard(child.pid);
      workspace.write('go', 'well');
      const record = await untilClosed(workspace, id);
      assert.deepEqual(
        record.artifacts.map(({ path, attribution }) => `${path} ${attribution.kind}`).sort(),
        // Who wrote the first, nobody could know.
        ['go unattributed', `out/model.bin ${kind}`],
      );
      assert.deepEqual(
        record.artifacts.map(({ seen }) => seen),
        [['scan'], ['scan']],
      );
      assert.match(record.capture.artifacts.detail ?? '', /python train\.py \(-I\)/);
      assert.equal(record.complete, false);
      rmSync(join(workspace.root, 'go'));
      rmSync(join(workspace.root, 'out'), { recursive: true });
    }
  });

  it('has the failure of a program that fails, with its traceback', async () => {
    const { child, id } = await startRun(workspace, command, 'ready');
    await killHard(child.pid);
    workspace.write('go', 'fail');
    const { lifecycle } = await untilClosed(workspace, id);
    assert.equal(lifecycle.status, 'failed');
    assert.equal(lifecycle.exitCode, 1);
    assert.equal(lifecycle.failure?.kind, 'exception');
    assert.equal(lifecycle.failure?.message, 'ValueError: no such mode');
    assert.equal((await workspace.run(['verify', id])).code, 0);
  });

  it('has the signal of a program that dies by one', async () => {
    const { child, id } = await startRun(workspace, command, 'ready');
    await killHard(child.pid);
    workspace.write('go', 'die');
    const { lifecycle } = await untilClosed(workspace, id);
    assert.equal(lifecycle.status, 'killed');
    assert.equal(lifecycle.exitCode, null);
    assert.equal(lifecycle.signal, 'SIGTERM');
    assert.equal((await workspace.run(['verify', id])).code, 0);
  });

  it('leaves a lost run where its keeper is killed too, and disturbs no later one', async () => {
    const { child, id } = await startRun(workspace, command, 'ready');
    const known = processFile(workspace, id);
    await killHard(child.pid);
    await killHard(known?.keeper);
    const lost = async () => {
      const { lifecycle } = await workspace.show(id);
      assert.equal(lifecycle.status, 'lost');
      assert.equal(lifecycle.failure?.kind, 'lost');
      assert.match(lifecycle.failure?.message ?? '', /^exit-unknown/);
      assert.equal(lifecycle.exitCode, null);
      const rows = await workspace.query(`select status from runs where id = '${id}'`);
      assert.deepEqual(rows, [{ status: 'lost' }]);
    };
    await lost();
    await killHard(known?.process);
    await lost();
    assert.equal((await workspace.run(['verify', id])).code, 0);

    workspace.write('go', 'well');
    const { code, record } = await workspace.record(['--out', 'out', ...command]);
    assert.equal(code, 0);
    assert.equal(record.lifecycle.status, 'succeeded');
    assert.equal(record.artifacts[0]?.attribution.kind, 'observed');
    await lost();
    assert.equal((await workspace.run(['reindex'])).code, 0);
    await lost();
    const statuses = await workspace.query('select status from runs order by id');
    assert.deepEqual(statuses, [{ status: 'lost' }, { status: 'succeeded' }]);
    assert.equal((await workspace.run(['verify', '--all'])).code, 0);
  });

  it('finishes a run whose keeper found no finisher with the next launch', async () => {
    const { child, id } = await startRun(workspace, command, 'ready');
    const known = processFile(workspace, id);
    await killHard(child.pid);
    await killHard(known?.keeper);
    await killHard(known?.process);
    await workspace.record(['--', 'true']);
    const record = await untilClosed(workspace, id);
    assert.equal(record.lifecycle.status, 'lost');
    assert.equal(existsSync(`${workspace.root}/.runrecord/live/${id}`), false);
    assert.equal((await workspace.run(['verify', '--all'])).code, 0);
  });

  it('is known as running while it lives, and never after its machine is gone', async () => {
    const { child, id } = await startRun(workspace, command, 'ready');
    assert.equal((await workspace.show(id)).lifecycle.unattended, false);
    const pid = processFile(workspace, id)?.process?.pid ?? 0;
    assert.ok(isRunning(pid));
    process.kill(pid, 'SIGKILL');
    const { signal } = await until(
      () => (child.exitCode === null && child.signalCode === null ? null : child),
      'the recorder to end',
    ).then(() => ({ signal: child.signalCode }));
    assert.equal(signal, null);
    assert.equal(child.exitCode, 137);
    const { lifecycle } = await workspace.show(id);
    assert.deepEqual([lifecycle.status, lifecycle.signal], ['killed', 'SIGKILL']);
  });
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { RunRecord } from '../../agent/protocol/record.ts';
import { endAll, isRunning, killHard, processFile, repositoryState } from '../support/faults.ts';
import { finish, until, Workspace } from '../support/workspace.ts';

const project = {
  'train.py': `
import os, time
os.makedirs('out', exist_ok=True)
for step in range(3):
    open('out/part-%d' % step, 'w').write('x' * 1000)
    time.sleep(0.05)
`,
  'config.yaml': 'lr: 0.1\n',
  'data.csv': '1 2\n',
};
const words = ['run', '--quiet', '--config', 'config.yaml', '--data', 'data.csv'];
const command = [...words, '--', 'python3', 'train.py'];

describe('a recorder that is killed at any moment', () => {
  let workspace: Workspace;
  afterEach(async () => {
    await endAll(workspace);
    workspace.dispose();
  });

  /** Waits until nothing of a run is left that could still write into its record. */
  const settle = (id: string) =>
    until(() => {
      const keeper = processFile(workspace, id)?.keeper?.pid;
      if (keeper !== undefined && isRunning(keeper)) return false;
      const lock = lockOwner(workspace, id);
      return lock === null || !isRunning(lock);
    }, `run ${id} to be left alone`);

  it('leaves whole records or none, and nothing that stays running', async function () {
    this.timeout(120_000);
    workspace = new Workspace(project);
    const repository = repositoryState(workspace.root);
    // On a busy machine a launch takes longer.
    const isEnough = (atMs: number) => atMs > 600 && workspace.runs().length > 5;
    for (let atMs = 0; atMs <= 3000 && !isEnough(atMs); atMs += 25) {
      const child = workspace.start(command);
      const finished = finish(child);
      await wait(atMs);
      await killHard(child.pid);
      await finished;
    }
    const ids = workspace.runs();
    for (const id of ids) await settle(id);
    assert.ok(ids.length > 5, `${ids.length} runs were begun`);

    const verified = await workspace.run(['verify', '--all']);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    assertWholeObjects(workspace);
    assert.deepEqual(repositoryState(workspace.root), repository);
    assert.equal(workspace.git('fsck', '--no-dangling').trim(), '');

    const rows = await workspace.query('select id, status from runs');
    for (const { id, status } of rows) {
      assert.ok(['succeeded', 'lost'].includes(String(status)), `${id} is ${status}`);
      const { trust: _, ...record } = (await workspace.show(String(id))) as RunRecord & {
        trust: string;
      };
      v.assert(RunRecord, record);
      assert.equal(record.capture.code.status, 'captured');
      assert.equal(record.capture.config.status, 'captured');
      assert.equal(record.capture.data.status, 'captured');
      assert.equal(record.capture.environment.status, 'captured');
    }

    // The next launch works, and sees to what nobody else will.
    const { code, record } = await workspace.record(command.slice(2));
    assert.equal(code, 0);
    assert.equal(record.lifecycle.status, 'succeeded');
    assert.equal(record.complete, true);
    for (let rounds = 0; rounds < 8; rounds += 1) {
      await workspace.run(['run', '--quiet', '--', 'true']);
      for (const id of workspace.runs()) await settle(id);
    }
    await until(() => liveMarks(workspace).length === 0, 'no run to be announced any more');
    const known = new Set((await workspace.query('select id from runs')).map((row) => row.id));
    assert.deepEqual(
      workspace.runs().filter((id) => !known.has(id)),
      [],
      'no folder without a record',
    );
    const snapshots = workspace
      .git('for-each-ref', '--format=%(refname:lstrip=2)', 'refs/runrecord')
      .split('\n')
      .filter((name) => name !== '' && !name.startsWith('journal/'));
    assert.deepEqual(
      snapshots.filter((id) => !known.has(id)),
      [],
      'no snapshot without a record',
    );
    const open = await workspace.query(
      "select id from runs where status in ('running','preparing')",
    );
    assert.deepEqual(open, []);
    const again = await workspace.run(['verify', '--all']);
    assert.equal(again.code, 0, again.stdout + again.stderr);
  });

  it('leaves nothing in the way of the next launch after kill -9 of its whole group', async () => {
    workspace = new Workspace(project);
    for (const atMs of [20, 80, 140, 200, 260, 320]) {
      const child = workspace.start(command, { detached: true });
      const finished = finish(child);
      await wait(atMs);
      process.kill(-(child.pid as number), 'SIGKILL');
      await finished;
    }
    for (const id of workspace.runs()) await settle(id);
    const { code, record } = await workspace.record(command.slice(2));
    assert.equal(code, 0);
    assert.equal(record.lifecycle.status, 'succeeded');
    const { code: verified, stdout } = await workspace.run(['verify', '--all']);
    assert.equal(verified, 0, stdout);
  });
});

function lockOwner(workspace: Workspace, id: string): number | null {
  try {
    const path = join(workspace.root, '.runrecord/runs', id, 'lock');
    return JSON.parse(readFileSync(path, 'utf8')).process.pid;
  } catch {
    return null;
  }
}

function liveMarks(workspace: Workspace): string[] {
  return readdirSync(join(workspace.root, '.runrecord/live'));
}

/** Each object is what its name says, and nothing half written lies beside them. */
function assertWholeObjects(workspace: Workspace): void {
  const folder = join(workspace.root, '.runrecord/objects');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((item) => item.isFile())) {
    if (/tmp|^\./.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    assert.match(path, /objects\/[0-9a-f]{2}\/[0-9a-f]{62}$/);
    assert.ok(statSync(path).size > 0);
  }
}

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lifecycleFromExit } from '../../agent/core/liveness.ts';
import { adoptProgram } from '../../agent/recorder/adopt-program.ts';
import { launchRun } from '../../agent/recorder/launch/launch-run.ts';
import { endAll, killHard, runFile } from '../support/faults.ts';
import { makeLifecycle } from '../support/journals.ts';
import { door, until, Workspace } from '../support/workspace.ts';

const program = `
import os, time
while not os.path.exists('go'): time.sleep(0.02)
os.makedirs('out', exist_ok=True)
open('out/model.bin', 'w').write('weights')
time.sleep(0.3)
`;

describe('a program that somebody else has started', () => {
  let workspace: Workspace;
  let child: ChildProcess;
  beforeEach(() => {
    workspace = new Workspace({ 'train.py': program });
    child = spawn('python3', ['train.py'], { cwd: workspace.root, stdio: 'ignore' });
  });
  afterEach(async () => {
    await killHard(child.pid);
    workspace.dispose();
  });

  const adopt = (exit: object | null) => {
    let order = '';
    const { HOME, PATH } = process.env;
    const words = {
      ...{ argv: ['python3', 'train.py'], named: null, name: null, reason: null, tags: {} },
      ...{ config: [], data: [], outputs: [], gates: {}, recordFile: null },
      ...{ keepLog: true, quiet: true },
    };
    const launched = launchRun(words, {
      cwd: workspace.root,
      environment: { HOME, PATH },
      isTerminal: false,
      tell: () => undefined,
      attendCommand: () => ['true'],
      holdProgram: ({ folder }) =>
        adoptProgram({
          pid: child.pid as number,
          folder,
          letGo() {
            order = existsSync(join(folder, 'journal.jsonl')) ? 'recorded first' : 'too early';
            if (exit !== null) writeFileSync(join(folder, 'exit.json'), JSON.stringify(exit));
            writeFileSync(join(workspace.root, 'go'), '');
          },
        }),
    });
    return launched.then((code) => ({ code, order }));
  };

  it('is let go when its launch is on disk, and is lost where it leaves no exit', async () => {
    const { order } = await adopt(null);
    assert.equal(order, 'recorded first');
    const [id = ''] = workspace.runs();
    const record = await workspace.show(id);
    assert.equal(record.lifecycle.process?.pid, child.pid);
    assert.equal(record.lifecycle.status, 'lost');
    assert.match(record.lifecycle.failure?.message ?? '', /^exit-unknown: .*adopted/);
    assert.equal(record.lifecycle.log, null);
    assert.match(record.lifecycle.logAbsent ?? '', /adopted/);
    assert.equal(record.artifacts[0]?.path, 'out/model.bin');
    assert.equal((await workspace.run(['verify', id])).code, 0);
  });

  it('has the exit that it leaves behind', async () => {
    const { code } = await adopt({ exitCode: 3 });
    assert.equal(code, 3);
    const [id = ''] = workspace.runs();
    const { lifecycle } = await workspace.show(id);
    assert.deepEqual([lifecycle.status, lifecycle.exitCode], ['failed', 3]);
  });

  it('is not recorded as running where it has ended before', async () => {
    await killHard(child.pid);
    const { code } = await adopt(null);
    assert.equal(code, 126);
    const [id = ''] = workspace.runs();
    const { lifecycle } = await workspace.show(id);
    assert.deepEqual([lifecycle.status, lifecycle.failure?.kind], ['failed', 'launch']);
  });
});

const group = '/sys/fs/cgroup/memory/runrecord-test';

describe('a program that the kernel kills for want of memory', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace({
      'hog.py': 'kept = []\nwhile True: kept.append(b"x" * 8_000_000)\n',
    });
  });
  afterEach(async () => {
    await endAll(workspace);
    workspace.dispose();
  });

  it('is killed, and its record says by what', async () => {
    if (!makeGroup(300_000_000)) {
      // No right to set a limit here: told from what the keeper would have seen.
      const facts = {
        ...{ exitCode: null, signal: 'SIGKILL', startedAt: null, endedAt: null, durationMs: 1 },
        ...{ peakMemoryBytes: 1, cpuTimeMs: 1, interrupted: false, oomKills: 1, log: null },
        failure: null,
      };
      const { status, failure } = lifecycleFromExit(makeLifecycle(), facts);
      assert.deepEqual([status, failure?.kind], ['killed', 'out-of-memory']);
      return;
    }
    try {
      const inGroup = `echo $$ > ${group}/cgroup.procs; exec "$@"`;
      const recorder = execFileSync(
        'sh',
        [
          ...['-c', `${inGroup} || true`, 'sh', 'sh', '-c', '"$@"; echo "code $?"', 'sh'],
          ...[process.execPath, door],
          ...['run', '--quiet', '--', 'python3', 'hog.py'],
        ],
        { cwd: workspace.root, encoding: 'utf8' },
      );
      assert.match(recorder, /^code 137$/m);
      const [id = ''] = workspace.runs();
      assert.ok(existsSync(runFile(workspace, id, 'exit.json')));
      const { lifecycle } = await workspace.show(id);
      assert.equal(lifecycle.status, 'killed');
      assert.equal(lifecycle.signal, 'SIGKILL');
      assert.equal(lifecycle.failure?.kind, 'out-of-memory');
      assert.ok((lifecycle.peakMemoryBytes ?? 0) > 50_000_000);
    } finally {
      await removeGroup();
    }
  });
});

/** A control group with so much memory at most; false where there is no right to make one. */
function makeGroup(bytes: number): boolean {
  try {
    mkdirSync(group, { recursive: true });
    writeFileSync(join(group, 'memory.limit_in_bytes'), String(bytes));
    return existsSync(join(group, 'cgroup.procs'));
  } catch {
    return false;
  }
}

/** What is left of the recorder's processes in it ends soon. */
function removeGroup(): Promise<unknown> {
  return until(() => {
    try {
      rmdirSync(group);
      return true;
    } catch {
      return false;
    }
  }, 'the control group to be empty');
}

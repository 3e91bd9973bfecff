import assert from 'node:assert/strict';
import { existsSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endAll, repositoryState, runFile, startRun, untilClosed } from '../support/faults.ts';
import { openTerminal, type TestTerminal } from '../support/terminal.ts';
import { door, finish, until, Workspace } from '../support/workspace.ts';

/** Tells each signal that comes, and ends a moment later, so that a second one would be seen. */
const program = `
import os, signal, sys, time
came = []
def told(number, frame):
    came.append(signal.Signals(number).name)
    print('got', came[-1], len(came), flush=True)
for name in ('SIGINT', 'SIGTERM', 'SIGHUP'): signal.signal(getattr(signal, name), told)
print('ready', flush=True)
while not came and not os.path.exists('go'): time.sleep(0.02)
time.sleep(0.4)
os.makedirs('out', exist_ok=True)
open('out/last', 'w').write('last')
print('count', len(came), flush=True)
if came:
    signal.signal(getattr(signal, came[0]), signal.SIG_DFL)
    os.kill(os.getpid(), getattr(signal, came[0]))
`;

describe('signals and the terminal of a recorded run', () => {
  let workspace: Workspace;
  let terminal: TestTerminal | null = null;
  beforeEach(() => {
    workspace = new Workspace({ 'train.py': program });
  });
  afterEach(async () => {
    terminal?.dispose();
    terminal = null;
    await endAll(workspace);
    workspace.dispose();
  });

  const open = async (...words: string[]) => {
    terminal = await openTerminal([process.execPath, door, 'run', '--quiet', ...words], {
      cwd: workspace.root,
    });
    return terminal;
  };

  it('gives Ctrl-C to the program once, and records that the user stopped it', async () => {
    const { shows, type, ended, output } = await open('--', 'python3', 'train.py');
    await shows('ready');
    type('\x03');
    await shows('count 1');
    assert.equal(await ended, 130);
    assert.doesNotMatch(output(), /SIGINT 2/);
    const [id = ''] = workspace.runs();
    const { lifecycle, artifacts } = await workspace.show(id);
    assert.equal(lifecycle.status, 'cancelled');
    assert.equal(lifecycle.signal, 'SIGINT');
    assert.equal(lifecycle.exitCode, null);
    assert.deepEqual(
      artifacts.map(({ path }) => path),
      ['out/last'],
    );
    assert.equal((await workspace.run(['verify', id])).code, 0);
  });

  it('passes a SIGTERM on once, and exits as the program did', async () => {
    const { child, id, finished } = await startRun(
      workspace,
      ['--', 'python3', 'train.py'],
      'ready',
    );
    child.kill('SIGTERM');
    const { code, stdout } = await finished;
    assert.equal(code, 143);
    assert.equal(stdout, 'ready\ngot SIGTERM 1\ncount 1\n');
    const { lifecycle } = await workspace.show(id);
    assert.deepEqual([lifecycle.status, lifecycle.signal], ['killed', 'SIGTERM']);
  });

  it('takes a SIGINT that only the recorder is sent for the user as well', async () => {
    const { child, id, finished } = await startRun(
      workspace,
      ['--', 'python3', 'train.py'],
      'ready',
    );
    child.kill('SIGINT');
    const { code, stdout } = await finished;
    assert.equal(code, 130);
    assert.equal(stdout, 'ready\ngot SIGINT 1\ncount 1\n');
    assert.equal((await workspace.show(id)).lifecycle.status, 'cancelled');
  });

  it('goes on, attended to its end, when its terminal is closed', async () => {
    const { shows, hangUp } = await open('--', 'python3', 'train.py');
    await shows('ready');
    const [id = ''] = workspace.runs();
    hangUp();
    await wait(500);
    const meanwhile = await workspace.show(id);
    assert.equal(meanwhile.lifecycle.status, 'running');
    assert.equal(meanwhile.lifecycle.unattended, false);
    workspace.write('go', '');
    const record = await untilClosed(workspace, id);
    assert.equal(record.lifecycle.status, 'succeeded');
    assert.equal(
      workspace.read(`.runrecord/runs/${id}/output.log`).replaceAll('\r', ''),
      'ready\ncount 0\n',
    );
    assert.equal(record.artifacts[0]?.attribution.kind, 'observed');
    assert.equal((await workspace.run(['verify', id])).code, 0);
  });

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    it(`leaves nothing where ${signal} comes while the launch is captured`, async function () {
      this.timeout(60_000);
      const repository = repositoryState(workspace.root);
      let stopped = 0;
      for (let atMs = 60; atMs <= 400; atMs += 30) {
        const before = workspace.runs();
        const child = workspace.start([
          ...['run', '--', 'sh', '-c', 'echo begun; : > begun; sleep 0.3'],
        ]);
        const finished = finish(child);
        await wait(atMs);
        child.kill(signal);
        const { code, stdout, stderr, signal: death } = await finished;
        const made = workspace.runs().filter((id) => !before.includes(id));
        if (stdout !== '' || existsSync(join(workspace.root, 'begun'))) {
          // It came too late for that: it was the program's.
          assert.equal(made.length, 1);
          break;
        }
        if (made.length === 1) {
          // Just then the program was started, and died of it before it could print.
          assert.ok(existsSync(runFile(workspace, made[0] as string, 'exit.json')), stderr);
          continue;
        }
        stopped += 1;
        assert.deepEqual(made, [], `${atMs} ms`);
        assert.equal(workspace.git('for-each-ref', 'refs/runrecord'), '', `${atMs} ms`);
        // Before any of our code runs the signal does what it does to any process.
        if (death === null) assert.equal(code, expected, `${atMs} ms: ${stderr}`);
        if (death === null) assert.match(stderr, /nothing was recorded/);
      }
      assert.ok(stopped > 0, 'some came before the program');
      assert.deepEqual(repositoryState(workspace.root), repository);
      assert.equal((await workspace.run(['verify', '--all'])).code, 0);
      const { code } = await workspace.run(['run', '--', 'true']);
      assert.equal(code, 0);
    });
  }

  it('stops a launch that hashes much data at the first Ctrl-C', async () => {
    workspace.write('runrecord.yaml', 'version: 1\nlimits: { hashBefore: 8GB }\n');
    workspace.write('data/large.bin', '');
    truncateSync(join(workspace.root, 'data/large.bin'), 4_000_000_000);
    const { type, ended, shows } = await open('--data', 'data', '--', 'sh', '-c', 'echo begun');
    const mark = join(workspace.root, '.runrecord/live');
    await until(() => existsSync(mark) && readdirSync(mark).length === 1, 'the launch to begin');
    type('\x03');
    await shows('nothing was recorded');
    assert.equal(await ended, 130);
    assert.deepEqual(workspace.runs(), []);
    assert.equal(workspace.git('for-each-ref', 'refs/runrecord'), '');
  });
});

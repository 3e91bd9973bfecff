import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, makeRunFolder, type RunFolder, run, start, until } from '../support/kept.ts';
import { openTerminal } from '../support/terminal.ts';

describe('a kept program when something around it dies', () => {
  let folder: RunFolder;
  beforeEach(() => {
    folder = makeRunFolder();
  });
  afterEach(() => folder.remove());

  const program = (...lines: string[]) => {
    const file = join(folder.path, 'program.py');
    writeFileSync(file, ['import os, sys, time, subprocess', ...lines].join('\n'));
    return ['python3', '-u', file];
  };
  const finishing = () => ({
    finish: ['sh', '-c', `cat '${folder.path}/exit.json' > '${folder.path}/finished'`],
  });

  it('goes on after kill -9 of the recorder: printed, logged, its exit kept, the record finished', async () => {
    const command = program('print("ready")', 'time.sleep(0.7)', 'print("later")', 'sys.exit(9)');
    const running = start(folder.keep(finishing(), ...command));
    await until('it runs', () => running.stdout().includes('ready'));
    running.child.kill('SIGKILL');
    const { stdout, signal } = await running.finished;
    assert.equal(signal, 'SIGKILL');
    assert.equal(stdout, 'ready\nlater\n');
    await until('the record is finished', () => folder.has('finished'));
    await until('and written', () => folder.file('finished').length > 0);
    assert.equal(JSON.parse(folder.file('finished')).exitCode, 9);
    assert.equal(folder.log(), 'ready\nlater\n');
  });

  it('goes on when those who read its output have died with the recorder', async () => {
    const command = program('print("ready")', 'time.sleep(0.5)', 'print("later")');
    const running = start(folder.keep({}, ...command));
    await until('it runs', () => running.stdout().includes('ready'));
    running.child.kill('SIGKILL');
    running.child.stdout?.destroy();
    running.child.stderr?.destroy();
    await until('its exit is kept', () => folder.has('exit.json'));
    assert.equal(folder.exit().exitCode, 0);
    assert.equal(folder.log(), 'ready\nlater\n');
  });

  it('takes signals through the keeper once the recorder is dead', async () => {
    const running = start(folder.keep({}, ...program('print("ready")', 'time.sleep(60)')));
    await until('it runs', () => running.stdout().includes('ready'));
    running.child.kill('SIGKILL');
    await until('the recorder is gone', () => !isRunning(running.child.pid ?? 0));
    process.kill(folder.process().keeper?.pid ?? 0, 'SIGTERM');
    await until('its exit is kept', () => folder.has('exit.json'));
    assert.equal(folder.exit().signal, 'SIGTERM');
  });

  it('starts no finish when the recorder has closed the record itself', async () => {
    await run(folder.keep(finishing(), 'true'));
    const keeper = folder.process().keeper?.pid ?? 0;
    await until('the keeper has gone', () => !isRunning(keeper));
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(folder.has('finished'), false);
  });

  it('is lost, not ended, after kill -9 of the keeper', async () => {
    const running = start(folder.keep({}, ...program('print("ready")', 'time.sleep(2)')));
    await until('it runs', () => running.stdout().includes('ready'));
    process.kill(folder.process().keeper?.pid ?? 0, 'SIGKILL');
    const { code } = await running.finished;
    assert.equal(code, 125);
    assert.equal(folder.said('ended').known, false);
    assert.equal(folder.has('exit.json'), false);
  });

  it('returns when the main process ends, and logs what was left running', async () => {
    if (process.platform !== 'linux') return;
    const child = 'import time; time.sleep(0.8); print("late")';
    const command = program(
      `subprocess.Popen([sys.executable, "-c", ${JSON.stringify(child)}], start_new_session=True)`,
      'print("main is over")',
      'sys.exit(4)',
    );
    const running = start(folder.keep(finishing(), ...command));
    await new Promise((resolve) => running.child.on('exit', resolve));
    assert.equal(running.child.exitCode, 4);
    const ended = folder.said('ended');
    assert.ok(ended.known && ended.leftRunning);
    assert.equal(folder.exit().exitCode, 4);
    assert.equal(folder.log(), 'main is over\n');
    await until('the record is finished', () => folder.has('finished'));
    assert.equal(folder.log(), 'main is over\nlate\n');
    assert.equal((await running.finished).stdout, 'main is over\nlate\n');
  });

  it('tells a recorder that stays when all is quiet', async () => {
    if (process.platform !== 'linux') return;
    const { code } = await run(
      folder.keep({ stay: true }, 'sh', '-c', '(sleep 0.4; echo late) & echo early'),
    );
    assert.equal(code, 0);
    assert.deepEqual(folder.said('quiet'), { sizeBytes: 11, truncated: false, redactions: {} });
    assert.equal(folder.log(), 'early\nlate\n');
  });

  it('lets a reader go on when the last writer has closed, whoever still sleeps', async () => {
    const words = folder.keep({}, 'sh', '-c', 'sleep 30 >/dev/null 2>&1 & echo $!');
    const line = words.map((word) => `'${word}'`).join(' ');
    const { stdout } = await run(['sh', '-c', `echo "$(${line})"`]);
    const sleeping = Number(stdout);
    assert.ok(isRunning(sleeping));
    process.kill(sleeping, 'SIGKILL');
  });

  it('outlives the terminal that nohup was used on', async () => {
    const command = program('print("ready")', 'time.sleep(0.6)', 'print("later")');
    const words = folder.keep({}, ...command).map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const terminal = await openTerminal([
      'sh',
      '-c',
      `nohup ${words.join(' ')} >/dev/null 2>&1 </dev/null & sleep 60`,
    ]);
    await until('it runs', () => folder.has('output.log') && folder.log().includes('ready'));
    terminal.hangUp();
    process.kill(terminal.pid, 'SIGHUP');
    await until('its exit is kept', () => folder.has('exit.json'));
    assert.equal(folder.exit().exitCode, 0);
    assert.equal(folder.log(), 'ready\nlater\n');
    terminal.dispose();
  });
});

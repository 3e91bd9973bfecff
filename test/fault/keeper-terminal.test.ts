import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, makeRunFolder, type RunFolder, until } from '../support/kept.ts';
import { openTerminal, type TestTerminal } from '../support/terminal.ts';

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

const ps = (...args: string[]) => spawnSync('ps', args, { encoding: 'utf8' }).stdout;
const parentOf = (pid: number) => Number(ps('-o', 'ppid=', '-p', String(pid)));
const commandsBelow = (pid: number) =>
  ps('-eo', 'ppid=')
    .split('\n')
    .filter((text) => Number(text) === pid).length;

describe('a kept program on a terminal', () => {
  let folder: RunFolder;
  let terminal: TestTerminal;
  beforeEach(() => {
    folder = makeRunFolder();
  });
  afterEach(() => {
    terminal.dispose();
    folder.remove();
  });

  const open = async (code: string, options: object = {}) => {
    terminal = await openTerminal(folder.keep(options, 'python3', '-c', code));
    return terminal;
  };
  /** A shell line; the program is a file, so that the line stays short. */
  const line = (code: string, options: object = {}) => {
    const file = join(folder.path, 'program.py');
    writeFileSync(file, code);
    return folder.keep(options, 'python3', file).map(quote).join(' ');
  };
  const openShell = async (command: string) => {
    terminal = await openTerminal(['sh', '-c', command]);
    return terminal;
  };

  it('finds a terminal of the right size on all three descriptors', async () => {
    await open(`
import os
names = {os.ttyname(n) for n in range(3)}
print([os.isatty(n) for n in range(3)], len(names), tuple(os.get_terminal_size()))
print(os.isatty(os.open('/dev/tty', os.O_RDWR)), os.tcgetpgrp(0) == os.getpgrp())`);
    assert.equal(await terminal.ended, 0);
    assert.equal(terminal.output(), '[True, True, True] 1 (97, 31)\r\nTrue True\r\n');
    assert.equal(folder.log(), '[True, True, True] 1 (97, 31)\nTrue True\n');
  });

  it('asks for a line with echo, and for a password without', async () => {
    await open(`
import getpass
print('[' + input('Name? ') + ']')
print('[' + getpass.getpass('Word? ') + ']')`);
    await terminal.shows('Name? ');
    terminal.type('Ada\r');
    await terminal.shows('[Ada]');
    await terminal.shows('Word? ');
    terminal.type('hunter2\r');
    assert.equal(await terminal.ended, 0);
    assert.equal(terminal.output(), 'Name? Ada\r\n[Ada]\r\nWord? \r\n[hunter2]\r\n');
  });

  it('gets single keys in raw mode', async () => {
    await open(`
import os, sys, termios, tty
old = termios.tcgetattr(0)
tty.setraw(0)
os.write(1, b'key?')
key = os.read(0, 1)
termios.tcsetattr(0, termios.TCSADRAIN, old)
print(key)`);
    await terminal.shows('key?');
    terminal.type('\x03');
    assert.equal(await terminal.ended, 0);
    assert.match(terminal.output(), /b'\\x03'/);
    assert.equal(folder.exit().interrupted, false);
  });

  it('is interrupted once by Ctrl-C, and the run is called interrupted', async () => {
    await open(`
import signal, time
count = 0
def note(*_):
    global count
    count += 1
signal.signal(signal.SIGINT, note)
print('ready', flush=True)
while count == 0: time.sleep(0.01)
time.sleep(0.3)
print('count', count)`);
    await terminal.shows('ready');
    terminal.type('\x03');
    assert.equal(await terminal.ended, 0);
    assert.match(terminal.output(), /count 1\r\n/);
    assert.equal(folder.exit().interrupted, true);
    assert.equal(folder.said('ended').wasInterrupted, true);
  });

  it('is interrupted once by Ctrl-C without a log', async () => {
    await open(
      `
import signal, time
count = 0
def note(*_):
    global count
    count += 1
signal.signal(signal.SIGINT, note)
print('ready', flush=True)
while count == 0: time.sleep(0.01)
time.sleep(0.3)
print('count', count)`,
      { log: false },
    );
    await terminal.shows('ready');
    terminal.type('\x03');
    assert.equal(await terminal.ended, 0);
    assert.match(terminal.output(), /count 1\r\n/);
    assert.equal(folder.exit().interrupted, true);
  });

  it('ends with 130 by Ctrl-C and with 131 by Ctrl-\\', async () => {
    terminal = await openTerminal(folder.keep({}, 'sh', '-c', 'echo ready; exec sleep 60'));
    await terminal.shows('ready');
    terminal.type('\x03');
    assert.equal(await terminal.ended, 130);
    assert.equal(folder.exit().signal, 'SIGINT');
    terminal.dispose();
    folder.remove();
    folder = makeRunFolder();
    terminal = await openTerminal(folder.keep({}, 'sh', '-c', 'echo ready; exec sleep 60'));
    await terminal.shows('ready');
    terminal.type('\x1c');
    assert.equal(await terminal.ended, 131);
  });

  it('interrupts the script that it was started from, as by hand', async () => {
    await openShell(
      `${line('import time; print("ready", flush=True); time.sleep(60)')}; echo next`,
    );
    await terminal.shows('ready');
    terminal.type('\x03');
    await terminal.ended;
    assert.doesNotMatch(terminal.output(), /next/);
  });

  it('sees the end of its input by Ctrl-D', async () => {
    terminal = await openTerminal(folder.keep({}, 'sh', '-c', 'echo ready; cat; echo over'));
    await terminal.shows('ready');
    terminal.type('abc\r');
    await terminal.shows('abc\r\nabc');
    terminal.type('\x04');
    assert.equal(await terminal.ended, 0);
    assert.match(terminal.output(), /over/);
  });

  it('is told of a new size once', async () => {
    await open(`
import os, signal, time
sizes = []
signal.signal(signal.SIGWINCH, lambda *_: sizes.append(tuple(os.get_terminal_size())))
print('ready', flush=True)
while not sizes: time.sleep(0.01)
time.sleep(0.3)
print(sizes)`);
    await terminal.shows('ready');
    terminal.resize(12, 34);
    assert.equal(await terminal.ended, 0);
    assert.match(terminal.output(), /\[\(34, 12\)\]/);
  });

  it('is stopped by Ctrl-Z and goes on with fg', async () => {
    terminal = await openTerminal(['sh', '-i']);
    const program =
      'import time\nfor i in range(1000): print("tick", i, flush=True); time.sleep(.05)';
    terminal.type(`${line(program)}\r`);
    await terminal.shows('tick 3\r');
    const pid = folder.process().process.pid;
    terminal.type('\x1a');
    await terminal.shows('topped');
    terminal.type('echo back-$((40+2))\r');
    await terminal.shows('back-42');
    if (process.platform === 'linux') {
      const { readFileSync } = await import('node:fs');
      assert.match(readFileSync(`/proc/${pid}/stat`, 'utf8'), /\) T /);
    }
    terminal.type('fg\r');
    await terminal.shows('tick 6\r');
    terminal.type('\x03');
    await until('the exit is known', () => folder.has('exit.json'));
    terminal.type('echo code-$?\r');
    await terminal.shows('code-130');
  });

  it('gives the terminal back as it was', async () => {
    await openShell(
      `stty -a | md5sum > ${quote(join(folder.path, 'before'))}; ` +
        `${line('import tty; tty.setraw(0); print("x")')}; ` +
        `stty -a | md5sum > ${quote(join(folder.path, 'after'))}`,
    );
    assert.equal(await terminal.ended, 0);
    assert.equal(folder.file('before'), folder.file('after'));
  });

  it('gives the terminal back when the keeper was killed', async () => {
    await openShell(
      `stty -a | md5sum > ${quote(join(folder.path, 'before'))}; ` +
        `${line('import time; print("ready", flush=True); time.sleep(60)')}; ` +
        `stty -a | md5sum > ${quote(join(folder.path, 'after'))}`,
    );
    await terminal.shows('ready');
    process.kill(folder.process().keeper?.pid ?? 0, 'SIGKILL');
    await terminal.ended;
    assert.equal(folder.file('before'), folder.file('after'));
    assert.equal(folder.said('ended').known, false);
  });

  it('leaves the keyboard to a pager behind a pipe', async () => {
    // The second program reads from the terminal, as `less` does.
    await openShell(
      `${line('import sys, os; print("piped", os.isatty(0), os.isatty(1), os.isatty(2))')} | ` +
        `(cat; stty -a < /dev/tty | grep -o -- '-\\?icanon'; read word < /dev/tty; echo "got $word")`,
    );
    await terminal.shows('piped True False True');
    await terminal.shows('icanon');
    terminal.type('hello\r');
    await terminal.shows('got hello');
    await terminal.ended;
    assert.match(terminal.output(), /\r\nicanon/);
  });

  it('shows what goes to a terminal beside a pipe without doubled returns', async () => {
    await openShell(`${line('import sys; sys.stderr.write("one\\ntwo\\n")')} | cat`);
    await terminal.ended;
    assert.equal(terminal.output(), 'one\r\ntwo\r\n');
    assert.equal(folder.log(), 'one\ntwo\n');
  });

  it('runs in the background without taking the keyboard', async () => {
    terminal = await openTerminal(['sh', '-i']);
    terminal.type(`${line('import time; time.sleep(0.5); print("deed")')} &\r`);
    await until('it runs', () => folder.has('process.json'));
    terminal.type('echo typed-$((1+1))\r');
    await terminal.shows('typed-2');
    await terminal.shows('deed');
  });

  it('leaves the keyboard to the shell when the recorder is killed, and goes on', async () => {
    terminal = await openTerminal(['sh', '-i']);
    const before = await terminal.modes();
    const program =
      'import time\nfor i in range(40): print("tick", i, flush=True); time.sleep(.05)';
    terminal.type(`${line(program)}\r`);
    await terminal.shows('tick 3\r');
    const { pid } = folder.process().process;
    process.kill(parentOf(folder.process().keeper?.pid ?? 0), 'SIGKILL');
    await terminal.shows('illed');
    while ((await terminal.modes()) !== before);
    terminal.type('echo back-$((40+2))\r');
    await terminal.shows('back-42');
    assert.ok(isRunning(pid));
    await terminal.shows('tick 39');
    await until('the exit is known', () => folder.has('exit.json'));
    assert.equal(folder.exit().exitCode, 0);
    terminal.type('stty -a | grep -o -- "-\\?icanon" | sed s/^/now-/\r');
    await terminal.shows('now-icanon');
  });

  it('runs a shell with jobs of its own', async () => {
    terminal = await openTerminal(folder.keep({}, 'sh', '-i'));
    await until('the shell runs', () => folder.has('process.json'));
    terminal.type('sleep 60\r');
    await terminal.shows('sleep 60');
    await until('the shell runs it', () => commandsBelow(folder.process().process.pid) > 0);
    terminal.type('\x1a');
    await terminal.shows('topped');
    await terminal.shows('sleep 60');
    terminal.type('fg\r');
    await terminal.shows('sleep 60');
    terminal.type('\x03');
    await until('it is over', () => commandsBelow(folder.process().process.pid) === 0);
    terminal.type('exit 5\r');
    assert.equal(await terminal.ended, 5);
  });

  it('leaves no stopped job behind, which nobody could continue', async () => {
    if (process.platform !== 'linux') return;
    terminal = await openTerminal(folder.keep({}, 'sh', '-i'));
    await until('the shell runs', () => folder.has('process.json'));
    terminal.type('sleep 60\r');
    await until('the shell runs it', () => commandsBelow(folder.process().process.pid) > 0);
    terminal.type('\x1a');
    await terminal.shows('topped');
    terminal.type('exit\rexit 5\r');
    assert.equal(await terminal.ended, 5);
    const keeper = folder.process().keeper?.pid ?? 0;
    await until('nothing is left to wait for', () => !isRunning(keeper));
  });

  it('outlives a terminal that is closed', async () => {
    await open(
      'import time\nprint("ready", flush=True)\ntime.sleep(1)\nprint("later", flush=True)',
    );
    await terminal.shows('ready');
    terminal.hangUp();
    await until('the exit is known', () => folder.has('exit.json'));
    assert.equal(folder.exit().exitCode, 0);
    assert.equal(folder.log(), 'ready\nlater\n');
  });
});

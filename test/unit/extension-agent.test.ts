import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readable, readLogEnd } from '../../extension/log-text.ts';
import { environmentOf, ownNode, whyUnusable } from '../../extension/node-command.ts';
import { restartDelayMs } from '../../extension/restart-delay.ts';
import { rootOfRun } from '../../extension/run-folder.ts';
import { windowsDoor, writeDoors } from '../../extension/terminal-door.ts';
import { hasSomethingToShow, isInRepository } from '../../extension/workspace-marks.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "door's "));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('an agent that ends', () => {
  it('is started again, later each time, and given up after five restarts', () => {
    const crashes = [0, 1000, 2000, 3000, 4000, 5000];
    const delays = crashes.map((_, index) =>
      restartDelayMs(crashes.slice(0, index + 1), crashes[index] ?? 0),
    );
    assert.deepEqual(delays, [250, 500, 1000, 2000, 4000, null]);
  });

  it('is forgiven what is long ago', () => {
    assert.equal(restartDelayMs([0, 1, 2, 3, 4, 5, 10_000_000], 10_000_000), 250);
  });
});

describe('the Node that the agent runs on', () => {
  it('is that of VS Code, which on the desktop is told to be Node', () => {
    const electron = { ...ownNode(), isElectron: true };
    assert.deepEqual(environmentOf(electron, { A: '1' }), { A: '1', ELECTRON_RUN_AS_NODE: '1' });
    assert.deepEqual(environmentOf(ownNode(), { A: '1' }), { A: '1' });
  });

  it('says which it is and what to do where it cannot', () => {
    const node = { path: '/opt/code', isElectron: true, version: '22.17.0' };
    assert.equal(whyUnusable(ownNode()), null);
    const why = whyUnusable(node, () => false) ?? '';
    for (const part of ['22.17.0', '/opt/code', 'node:sqlite', 'Update VS Code']) {
      assert.ok(why.includes(part), part);
    }
  });
});

describe('the command in integrated terminals', () => {
  it('runs the command line on that Node, from a folder of any name', function () {
    if (process.platform === 'win32') this.skip();
    const program = join(folder, "it's a program.cjs");
    writeFileSync(program, 'console.log(JSON.stringify(process.argv.slice(2)))');
    writeDoors(folder, ownNode(), program);
    const { stdout, stderr } = spawnSync(join(folder, 'runrecord'), ['a b', '', "c'd", '$x'], {
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    assert.deepEqual(JSON.parse(stdout), ['a b', '', "c'd", '$x']);
  });

  it('makes Node of Electron', function () {
    if (process.platform === 'win32') this.skip();
    const program = join(folder, 'program.cjs');
    writeFileSync(program, 'console.log(process.env.ELECTRON_RUN_AS_NODE)');
    writeDoors(folder, { ...ownNode(), isElectron: true }, program);
    const { stdout } = spawnSync(join(folder, 'runrecord'), { encoding: 'utf8' });
    assert.equal(stdout, '1\n');
    const windows = windowsDoor({ path: 'C:\\Code\\Code.exe', isElectron: true, version: '' }, 'p');
    assert.match(windows, /^@echo off\r\nsetlocal\r\nset "ELECTRON_RUN_AS_NODE=1"\r\n/);
  });

  it('is written anew when it moves, and left alone else', function () {
    if (process.platform === 'win32') this.skip();
    const door = join(folder, 'runrecord');
    writeDoors(folder, ownNode(), '/one');
    const { ino } = statSync(door);
    writeDoors(folder, ownNode(), '/one');
    assert.equal(statSync(door).ino, ino);
    writeDoors(folder, ownNode(), '/two');
    assert.notEqual(statSync(door).ino, ino);
  });
});

describe('what a folder holds', () => {
  it('is found from the open folder upwards', () => {
    const below = join(folder, 'a', 'b');
    mkdirSync(below, { recursive: true });
    assert.equal(hasSomethingToShow(below), false);
    assert.equal(isInRepository(below), false);
    mkdirSync(join(folder, '.git'));
    mkdirSync(join(folder, '.runrecord', 'runs', 'x'), { recursive: true });
    assert.equal(hasSomethingToShow(below), true);
    assert.equal(isInRepository(below), true);
    assert.equal(rootOfRun({ id: 'x', folder: below }), folder);
  });
});

describe('a log in the editor', () => {
  it('has no colours, and of a progress bar its last state', () => {
    const bar = '\u001b[32m 10%\u001b[0m\r 50%\r100%\nnext\r\nlast\r';
    assert.equal(readable(bar), '100%\nnext\nlast');
  });

  it('is shown from its end, in whole lines, where it is large', () => {
    const path = join(folder, 'output.log');
    const line = `${'x'.repeat(99)}\n`;
    writeFileSync(path, line.repeat(50_000));
    const { text, leftOutBytes } = readLogEnd(path);
    assert.ok(text.startsWith('x'.repeat(99)));
    assert.equal(leftOutBytes + text.length, 5_000_000);
    assert.equal(leftOutBytes % 100, 0);
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  hostName,
  identifyProcess,
  isSameProcessAlive,
  readBootId,
} from '../../agent/recorder/process-identity.ts';
import { run, until } from '../support/kept.ts';

describe('the identity of a process', () => {
  it('names this process, this boot and this machine', () => {
    const self = identifyProcess(process.pid);
    assert.equal(self?.pid, process.pid);
    assert.notEqual(self?.startTime ?? null, null);
    assert.equal(self?.bootId, readBootId());
    assert.notEqual(hostName, '');
    assert.ok(self !== null && isSameProcessAlive(self) === true);
  });

  it('is dead when it has ended', async () => {
    const child = spawn('sleep', ['60']);
    const identity = identifyProcess(child.pid ?? 0);
    assert.ok(identity !== null && isSameProcessAlive(identity) === true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(isSameProcessAlive(identity), false);
    assert.equal(identifyProcess(identity.pid), null);
  });

  it('is dead when it is a zombie that nobody has waited for', async () => {
    const code =
      'import os, time\npid = os.fork()\nif pid == 0: os._exit(0)\nprint(pid, flush=True)\ntime.sleep(60)';
    const parent = spawn('python3', ['-c', code]);
    try {
      const [line] = await once(parent.stdout, 'data');
      const pid = Number(String(line));
      await until('the child is a zombie', () => identifyProcess(pid) === null);
      process.kill(pid, 0);
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('is dead when another process has its number', () => {
    const self = identifyProcess(process.pid);
    assert.ok(self !== null);
    assert.equal(isSameProcessAlive({ ...self, startTime: '1' }), false);
  });

  it('is dead after another boot', () => {
    const self = identifyProcess(process.pid);
    assert.ok(self !== null);
    if (self.bootId === null) return;
    assert.equal(isSameProcessAlive({ ...self, bootId: 'another' }), false);
  });

  it('cannot be told from another pid namespace', () => {
    const self = identifyProcess(process.pid);
    assert.ok(self !== null);
    if ((self.pidNamespace ?? null) === null) return;
    assert.equal(isSameProcessAlive({ ...self, pidNamespace: 'pid:[1]' }), null);
  });

  it('is read right for a program with an odd name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'identity-'));
    try {
      const { stdout } = await run(['sh', '-c', 'command -v sleep']);
      const odd = join(folder, 'a) R 1 (b');
      copyFileSync(stdout.trim(), odd);
      const child = spawn(odd, ['60']);
      const identity = identifyProcess(child.pid ?? 0);
      assert.match(identity?.startTime ?? '', /^\d+$|:/);
      assert.ok(identity !== null && isSameProcessAlive(identity));
      child.kill('SIGKILL');
      await once(child, 'exit');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireLock, readLock } from '../../agent/store/lock.ts';
import { processNamed } from '../support/journals.ts';

describe('the right to append to a run', () => {
  let folder: string;
  const alive = new Set<number>();
  const options = { isAlive: ({ pid }: { pid: number }) => alive.has(pid), host: 'here' };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'runrecord-lock-'));
    alive.clear();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is held by one at a time and given back', () => {
    alive.add(1);
    const first = acquireLock(folder, processNamed(1), options);
    assert(first !== null);
    assert.equal(acquireLock(folder, processNamed(2), options), null);
    assert.equal(readLock(folder)?.process.pid, 1);
    first.release();
    assert(acquireLock(folder, processNamed(2), options) !== null);
  });

  it('is taken over from a process that is gone', () => {
    const first = acquireLock(folder, processNamed(1), options);
    alive.add(2);
    assert(acquireLock(folder, processNamed(2), options) !== null);
    // The dead owner's release, were it to come, does not touch the new owner's lock.
    first?.release();
    assert.equal(readLock(folder)?.process.pid, 2);
    assert.deepEqual(readdirSync(folder), ['lock']);
  });

  it('is taken over from before the machine was started anew', () => {
    alive.add(1);
    acquireLock(folder, processNamed(1), options);
    const later = { ...processNamed(2), bootId: 'next-boot' };
    assert(acquireLock(folder, later, options) !== null);
  });

  it('is never taken from another host or from a pid namespace that cannot be seen', () => {
    acquireLock(folder, processNamed(1), options);
    assert.equal(acquireLock(folder, processNamed(2), { ...options, host: 'there' }), null);
    const inside = { ...processNamed(2), pidNamespace: 'pid:[2]' };
    assert.equal(acquireLock(folder, inside, options), null);
  });

  it('is free again where its file was left without an owner', () => {
    const path = join(folder, 'lock');
    writeFileSync(path, '');
    assert.equal(acquireLock(folder, processNamed(1), options), null);
    utimesSync(path, new Date(0), new Date(0));
    assert(acquireLock(folder, processNamed(1), options) !== null);
  });
});

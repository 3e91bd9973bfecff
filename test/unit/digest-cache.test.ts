import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileStat } from '../../agent/core/seams.ts';
import { sha256 } from '../../agent/store/digest.ts';
import { openDigestCache } from '../../agent/store/digest-cache.ts';
import { makeWorkspace } from '../support/journals.ts';

describe('the cache of digests', () => {
  let workspace: ReturnType<typeof makeWorkspace>;
  beforeEach(() => {
    workspace = makeWorkspace();
  });
  afterEach(() => workspace.remove());

  const old = 1_700_000_000_123_456_789n;
  const stat: FileStat = {
    dev: 2n ** 64n - 1n,
    ino: 2n ** 63n + 5n,
    size: 3n,
    mtimeNs: old,
    ctimeNs: old,
  };
  const digest = sha256('abc');

  it('answers for a file whose stat is the same, now and in the next process', () => {
    const first = openDigestCache(workspace.layout);
    first.set(stat, digest);
    assert.equal(first.get(stat), digest);
    first.close();
    const second = openDigestCache(workspace.layout);
    assert.equal(second.get(stat), digest);
    second.close();
  });

  it('does not answer where size, time, inode or device differ', () => {
    const cache = openDigestCache(workspace.layout);
    cache.set(stat, digest);
    for (const member of ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const) {
      assert.equal(cache.get({ ...stat, [member]: stat[member] - 1n }), undefined, member);
    }
    cache.close();
  });

  it('does not keep a file that changed a moment ago', () => {
    const cache = openDigestCache(workspace.layout);
    const now = BigInt(Date.now()) * 1_000_000n;
    cache.set({ ...stat, ctimeNs: now }, digest);
    assert.equal(cache.get({ ...stat, ctimeNs: now }), undefined);
    cache.close();
  });

  for (const [name, spoil] of [
    ['is damaged', (path: string) => writeFileSync(path, 'no database at all, by any means')],
    ['cannot be made', (path: string) => mkdirSync(path)],
  ] as const) {
    it(`lasts for the process where its file ${name}`, () => {
      spoil(join(workspace.layout.cache, 'digests.sqlite'));
      const cache = openDigestCache(workspace.layout);
      cache.set(stat, digest);
      assert.equal(cache.get(stat), digest);
      cache.close();
    });
  }

  it('does not mind that its folder goes away', () => {
    const cache = openDigestCache(workspace.layout);
    cache.set(stat, digest);
    rmSync(workspace.layout.home, { recursive: true });
    cache.close();
  });
});

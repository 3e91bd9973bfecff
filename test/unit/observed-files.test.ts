import assert from 'node:assert/strict';
import type { FileEvent } from '../../agent/core/observed/file-event.ts';
import { FileLedger } from '../../agent/core/observed/file-ledger.ts';
import { foldFolders } from '../../agent/core/observed/fold-folders.ts';
import { InOrder } from '../../agent/core/observed/in-order.ts';
import { contentKey, statOfTuple } from '../../agent/core/observed/stat-tuple.ts';
import { WriteIndex } from '../../agent/core/observed/write-index.ts';
import type { FileStat } from '../../agent/core/seams.ts';

const stat = (version: number): FileStat => ({
  dev: 1n,
  ino: 2n,
  size: 10n,
  mtimeNs: BigInt(version),
  ctimeNs: BigInt(version),
});
const read = (path: string, version = 1): FileEvent => ({
  kind: 'read',
  path,
  stat: stat(version),
  at: 0,
});
const write = (path: string, before: FileStat | null = null, keeps = false): FileEvent => ({
  kind: 'write',
  path,
  stat: before,
  keeps,
  at: 0,
});
const rename = (from: string, to: string): FileEvent => ({
  kind: 'rename',
  from,
  to,
  at: 0,
});
const remove = (path: string): FileEvent => ({ kind: 'remove', path, at: 0 });

function ledgerOf(...events: FileEvent[]): FileLedger {
  const ledger = new FileLedger();
  for (const event of events) ledger.take(event);
  return ledger;
}
const inputs = (...events: FileEvent[]) =>
  [...ledgerOf(...events).inputs].map(({ path, place }) => [path, place]);

describe('what a run was seen to read', () => {
  it('is an input where the run had not made it', () => {
    assert.deepEqual(inputs(read('/w/a'), read('/w/a', 2), write('/w/b'), read('/w/b')), [
      ['/w/a', '/w/a'],
    ]);
  });

  it('is no input where it was renamed into place, or came with a folder that was', () => {
    assert.deepEqual(inputs(write('/w/m.tmp'), rename('/w/m.tmp', '/w/m'), read('/w/m')), []);
    const moved = [write('/t/x/deep/m'), rename('/t/x', '/w/x'), read('/w/x/deep/m')];
    assert.deepEqual(inputs(...moved), []);
  });

  it('stays an input as it was where the run then changes it in place', () => {
    const ledger = ledgerOf(
      read('/w/a'),
      { kind: 'before', at: 0, path: '/w/a', stat: stat(1), digest: 'sha256:old' },
      write('/w/a', stat(1), true),
      read('/w/a', 3),
    );
    assert.deepEqual(
      [...ledger.inputs],
      [{ path: '/w/a', place: null, stat: stat(1), digest: 'sha256:old', seen: 'hook' }],
    );
  });

  it('takes no digest of another version than the one that was opened', () => {
    const ledger = ledgerOf(read('/w/a'), {
      kind: 'before',
      at: 0,
      path: '/w/a',
      stat: stat(2),
      digest: 'sha256:other',
    });
    assert.equal([...ledger.inputs][0]?.digest, null);
  });

  it('has the name that it had, wherever the run has moved it before or since', () => {
    assert.deepEqual(inputs(rename('/w/a', '/w/b'), read('/w/b')), [['/w/a', '/w/b']]);
    assert.deepEqual(inputs(read('/w/a'), rename('/w/a', '/w/b'), read('/w/b')), [
      ['/w/a', '/w/b'],
    ]);
    const link: FileEvent = { kind: 'link', from: '/w/a', to: '/w/b', at: 0 };
    assert.deepEqual(inputs(link, read('/w/b')), [['/w/a', '/w/b']]);
  });

  it('is another file once the run has removed what it made there', () => {
    assert.deepEqual(inputs(write('/w/a'), remove('/w/a'), read('/w/a', 5)), [['/w/a', '/w/a']]);
  });
});

describe('what a run was seen to remove', () => {
  const gone = (...events: FileEvent[]) => [...ledgerOf(...events).gone];

  it('is told of files that were there before it, with what they held', () => {
    const before: FileEvent = {
      kind: 'before',
      at: 0,
      path: '/w/a',
      stat: stat(1),
      digest: 'sha256:a',
    };
    assert.deepEqual(gone(before, remove('/w/a'), rename('/w/b', '/w/c')), [
      { path: '/w/a', to: null, digest: 'sha256:a' },
      { path: '/w/b', to: '/w/c', digest: null },
    ]);
  });

  it('is not told of scratch, nor of what the run has written anew', () => {
    assert.deepEqual(gone(write('/w/a'), remove('/w/a')), []);
    assert.deepEqual(gone(remove('/w/a'), write('/w/a')), []);
    assert.deepEqual(gone(write('/w/t'), remove('/w/a'), rename('/w/t', '/w/a')), []);
  });
});

describe('who wrote a file', () => {
  it('is known of each file, and of all that came with a folder', () => {
    const writes = new WriteIndex();
    writes.take({ ...write('/w/a'), at: 5 });
    writes.take({ ...write('/w/a'), at: 3 });
    writes.take({ ...rename('/t/x', '/w/x'), at: 7 });
    writes.takeFolder('/w/x', 7);
    assert.deepEqual(
      ['/w/a', '/w/x/deep/b', '/w/xy', '/w/c'].map((path) => writes.lastWrite(path)),
      [5, 7, null, null],
    );
    assert.deepEqual([...writes.drain()], ['/w/a', '/w/x']);
    assert.deepEqual([...writes.drain()], []);
  });

  it('is nobody where a file was opened to be changed and is as it was', () => {
    const writes = new WriteIndex();
    writes.take(write('/w/a', stat(1), true));
    writes.take(write('/w/b', stat(1)));
    writes.take(write('/w/c', stat(1), true));
    writes.take(write('/w/c', stat(2), true));
    const untouched = (path: string, version: number) => writes.isUntouched(path, stat(version));
    assert.deepEqual(
      [untouched('/w/a', 1), untouched('/w/a', 2), untouched('/w/b', 1), untouched('/w/c', 2)],
      [true, false, false, false],
    );
  });
});

describe('what several processes said', () => {
  it('is put in the order in which it happened, what is young later', () => {
    const order = new InOrder<string>();
    order.add('a', 1, 'a1');
    order.add('a', undefined, 'a1, before the next');
    order.add('a', 4, 'a4');
    order.add('b', 2, 'b2');
    assert.deepEqual(order.drain(3), ['a1', 'a1, before the next', 'b2']);
    order.add('b', 3, 'b3');
    order.add('b', Number.NaN, 'b, with a broken clock');
    assert.deepEqual(order.drain(9), ['b3', 'b, with a broken clock', 'a4']);
  });
});

describe('thousands of files', () => {
  const many = (folder: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${folder}/${at}`);
  const folded = (paths: string[]) =>
    [...foldFolders(paths, (folder) => folder.startsWith('/w/'))].map(([folder, files]) => [
      folder,
      files.length,
    ]);

  it('become one entry where they lie in one folder', () => {
    assert.deepEqual(folded([...many('/w/d', 1001), ...many('/w/e', 1000)]), [['/w/d', 1001]]);
  });

  it('become one entry for the folder above where each has fewer', () => {
    const classes = ['a', 'b', 'c'].flatMap((name) => many(`/w/train/${name}`, 400));
    assert.deepEqual(folded([...classes, ...many('/w/test', 10)]), [['/w/train', 1200]]);
  });

  it('never become an entry for a folder that is more than theirs', () => {
    assert.deepEqual(folded(['/w/a', '/w/b', '/w/c'].flatMap((folder) => many(folder, 400))), []);
  });
});

describe('the stat of a file that was seen from inside', () => {
  it('is exact, whatever its numbers, and nothing else is taken for one', () => {
    const big = '18446744073709551615';
    const tuple = statOfTuple([1, big, 3, '1795646194253171957', 5]);
    assert.equal(tuple && contentKey(tuple), `1:${big}:3:1795646194253171957`);
    assert.equal(statOfTuple([1, 2, 3, 4]), null);
    assert.equal(statOfTuple([1, 2, 3, 4, 'x']), null);
    assert.equal(statOfTuple(null), null);
  });
});

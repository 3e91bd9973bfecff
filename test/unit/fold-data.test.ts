import assert from 'node:assert/strict';
import { foldEntries } from '../../agent/core/fold-data.ts';
import type { DataEntry } from '../../agent/protocol/record.ts';

const entry = (path: string, change: Partial<DataEntry> = {}): DataEntry => ({
  path,
  role: 'input',
  seen: ['hook'],
  digest: 'sha256:a',
  mode: 'full',
  sizeBytes: 1,
  fileCount: 1,
  manifest: null,
  version: null,
  hashed: 'during',
  changedDuringRun: false,
  digestAfter: null,
  ...change,
});
const named = entry('a', { role: 'named', seen: ['argument'], hashed: 'before' });

describe('the data of a run, after more was found', () => {
  it('adds up how it was seen, and leaves an input one, whoever tells last', () => {
    for (const order of [
      [named, entry('a')],
      [entry('a'), named],
    ]) {
      const [found, ...others] = foldEntries([], order, []);
      assert.deepEqual(others, []);
      assert.equal(found?.role, 'input');
      assert.deepEqual([...(found?.seen ?? [])].sort(), ['argument', 'hook']);
    }
  });

  it('keeps one path under two names apart, and takes what has no name for either', () => {
    const two = [entry('a', { name: 'train' }), entry('a', { name: 'test' })];
    assert.equal(foldEntries([], two, []).length, 2);
    assert.equal(foldEntries(two, [entry('a')], []).length, 2);
    const bytes = [entry('?', { pathBytes: '/w==' }), entry('?', { pathBytes: '/g==' })];
    assert.equal(foldEntries([], bytes, []).length, 2);
  });

  it('lets a folder stand for the files in it that are known by it alone', () => {
    const folder = entry('d', { mode: 'tree', fileCount: 2, manifest: 'sha256:m' });
    const kept = [
      entry('d/declared', { seen: ['declared', 'hook'] }),
      entry('d/changed', { changedDuringRun: true }),
      entry('d/inner', { mode: 'tree' }),
      entry('d2/beside'),
    ];
    const all = foldEntries([entry('d/x'), entry('d/deep/y'), ...kept], [folder], ['d']);
    assert.deepEqual(
      all.map(({ path }) => path),
      [...kept.map(({ path }) => path), 'd'],
    );
  });

  it('takes thousands of entries at once in the time of a moment', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => entry(`d/${at}`));
    const startMs = performance.now();
    assert.equal(foldEntries(many, many, []).length, 20_000);
    assert.ok(performance.now() - startMs < 2_000);
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { captureData, type DataOptions } from '../../agent/capture/data/capture-data.ts';
import type { ChangedMember } from '../../agent/capture/data/changed-members.ts';
import { digestPinned, type Recheck, recheckData } from '../../agent/capture/data/recheck-data.ts';
import { DataEntry } from '../../agent/protocol/record.ts';
import { createDataProgress } from '../../agent/recorder/launch/data-progress.ts';

let root: string;
let objects: Map<string, Buffer>;

const sha256 = (content: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

function keepObject(bytes: Uint8Array): string {
  objects.set(sha256(bytes), Buffer.from(bytes));
  return sha256(bytes);
}

function write(path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function makeSparse(path: string, sizeBytes: number): void {
  write(path, '');
  truncateSync(join(root, path), sizeBytes);
}

async function capture(path: string, more: Partial<DataOptions> = {}): Promise<DataEntry[]> {
  const { value } = await captureData({
    workspaceRoot: root,
    cwd: root,
    declared: [{ path }],
    fromConfig: [],
    argv: [],
    exclude: { files: [], outputs: [] },
    hashBeforeBytes: 1_000_000,
    keepObject,
    ...more,
  });
  return value;
}

const options = () => ({
  workspaceRoot: root,
  keepObject,
  readObject: (digest: string) => objects.get(digest) ?? null,
});

async function recheck(entries: DataEntry[], launchedAtMs?: number): Promise<Recheck> {
  const found = await recheckData(entries, {
    ...options(),
    ...(launchedAtMs === undefined ? {} : { launchedAtMs }),
  });
  v.parse(v.array(v.strictObject(DataEntry.entries)), found.entries);
  return found;
}

function membersOf(entry: DataEntry | undefined): ChangedMember[] {
  return JSON.parse(objects.get(entry?.members ?? '')?.toString() ?? 'null') as ChangedMember[];
}

beforeEach(() => {
  objects = new Map();
  root = realpathSync(mkdtempSync(join(tmpdir(), 'changes-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a file that changed during the run', () => {
  it('is told with both digests, and how: grown, replaced, modified, deleted', async () => {
    const cases: [string, () => void, string | null][] = [
      ['grown', () => appendFileSync(join(root, 'f'), ' more'), 'data more'],
      ['modified', () => writeFileSync(join(root, 'f'), 'other, longer'), 'other, longer'],
      ['modified', () => writeFileSync(join(root, 'f'), 'atad'), 'atad'],
      [
        'replaced',
        () => {
          write('g', 'new');
          renameSync(join(root, 'g'), join(root, 'f'));
        },
        'new',
      ],
      ['deleted', () => rmSync(join(root, 'f')), null],
    ];
    for (const [change, act, after] of cases) {
      write('f', 'data');
      const entries = await capture('f');
      act();
      const [entry] = (await recheck(entries)).entries;
      assert.equal(entry?.change, change);
      assert.equal(entry.digest, sha256('data'), change);
      assert.equal(entry.digestAfter, after === null ? null : sha256(after), change);
      assert.equal(entry.changedDuringRun, true);
    }
  });

  it('is found where a file system counts whole seconds and it keeps its stat', async () => {
    write('f', 'one1');
    const whole = new Date(1_700_000_000_000);
    utimesSync(join(root, 'f'), whole, whole);
    const [entry] = await capture('f');
    assert.ok(entry);
    // What such a file system says, with a file that was written just before the launch; the
    // content that was hashed at launch was another.
    const seconds = `${entry.stat?.split(':').slice(0, 3).join(':')}:1700000000000000000:1700000000000000000`;
    const coarse = { ...entry, stat: seconds, digest: sha256('zero') };
    const { entries } = await recheck([coarse], 1_700_000_001_000);
    assert.deepEqual(
      entries.map(({ digestAfter }) => digestAfter),
      [sha256('one1')],
    );
  });
});

describe('a folder that changed during the run', () => {
  it('is told with both manifests, and with the members that changed', async () => {
    for (const name of ['a', 'b/c', 'd', 'keep']) write(`data/${name}`, name);
    const [before] = await capture('data');
    assert.ok(before);
    write('data/b/c', 'changed');
    rmSync(join(root, 'data/d'));
    write('data/new\nline', 'n');
    const [entry] = (await recheck([before])).entries;
    assert.equal(entry?.digest, before.digest);
    assert.equal(entry.manifestAfter, entry.digestAfter);
    assert.ok(objects.has(entry.manifestAfter ?? ''));
    assert.deepEqual(membersOf(entry), [
      { path: 'b/c', change: 'modified', before: sha256('b/c'), after: sha256('changed') },
      { path: 'd', change: 'deleted', before: sha256('d'), after: null },
      { path: 'new\nline', change: 'added', before: null, after: sha256('n') },
    ]);
  });

  it('before it could be hashed tells its members by their stats', async () => {
    for (const name of ['a', 'b']) write(`data/${name}`, Buffer.alloc(600_000, name));
    const entries = await capture('data');
    assert.equal(entries[0]?.hashed, 'during');
    assert.equal(entries[0].digest, null);
    write('data/b', 'short');
    write('data/c', 'new');
    const { entries: pinned } = await digestPinned(entries, options());
    assert.equal(pinned[0]?.changedDuringRun, true);
    assert.equal(pinned[0].digest, null);
    assert.match(pinned[0].digestAfter ?? '', /^sha256:/);
    assert.deepEqual(membersOf(pinned[0]), [
      { path: 'b', change: 'modified', before: null, after: sha256('short') },
      { path: 'c', change: 'added', before: null, after: sha256('new') },
    ]);
  });

  it('and was removed is deleted', async () => {
    write('data/a', 'a');
    const entries = await capture('data');
    rmSync(join(root, 'data'), { recursive: true });
    const [entry] = (await recheck(entries)).entries;
    assert.deepEqual(
      [entry?.change, entry?.digestAfter, entry?.manifestAfter],
      ['deleted', null, null],
    );
  });

  it('that did not change while it was hashed beside the program keeps no list of stats', async () => {
    write('data/a', Buffer.alloc(1_200_000));
    const entries = await capture('data');
    assert.ok(entries[0]?.statsAtLaunch);
    const [entry] = (await digestPinned(entries, options())).entries;
    assert.equal(entry?.statsAtLaunch, undefined);
    assert.equal(entry?.changedDuringRun, false);
  });
});

describe('the digest that runrecord.yaml declares', () => {
  it('is compared as soon as a large file is hashed, and told with both', async () => {
    write('f', Buffer.alloc(1_200_000));
    const expected = sha256('what it should be');
    const entries = await capture('.', { declared: [{ path: 'f', digest: expected }] });
    assert.equal(entries[0]?.digest, null);
    const { detail, entries: done } = await digestPinned(entries, options());
    assert.equal(detail, `f: is ${done[0]?.digest}, and runrecord.yaml says ${expected}`);
  });
});

describe('the budget of what is read before the start', () => {
  it('counts many small files by the blocks that they take', async () => {
    for (let index = 0; index < 100; index += 1) write(`data/${index}`, `${index}`);
    const [hashed] = await capture('data', { hashBeforeBytes: 100 * 4_096 });
    assert.equal(hashed?.hashed, 'before');
    const [pinned] = await capture('data', { hashBeforeBytes: 99 * 4_096 });
    assert.equal(pinned?.hashed, 'during');
  });

  it('is one for all of it', async () => {
    for (const name of ['a', 'b', 'c']) write(name, Buffer.alloc(400_000));
    const entries = await capture('.', {
      declared: ['a', 'b', 'c'].map((path) => ({ path })),
    });
    assert.deepEqual(
      entries.map(({ hashed }) => hashed),
      ['before', 'before', 'during'],
    );
  });

  it('tells how far it is, and ends where it is stopped', async () => {
    for (let index = 0; index < 3_000; index += 1) write(`data/${index}`, '');
    const told: [string, number][] = [];
    const stop = new AbortController();
    const reading = capture('data', {
      signal: stop.signal,
      progress: (path, files) => {
        told.push([path, files]);
        if (files > 2_000) stop.abort(new Error('stopped'));
      },
    });
    await assert.rejects(reading, /stopped|aborted/);
    assert.deepEqual(told, [
      ['data', 1_024],
      ['data', 2_048],
    ]);
  });
});

describe('what is said while much data is read', () => {
  it('begins after some seconds, and comes again after some more', () => {
    const told: string[] = [];
    let now = 0;
    const progress = createDataProgress(
      (line) => told.push(line),
      () => now,
    );
    for (const atMs of [0, 1_000, 2_999, 3_000, 5_000, 8_100]) {
      now = atMs;
      progress('data/big', 1_000 * (atMs + 1));
    }
    assert.deepEqual(told, [
      'runrecord: reading data/big before the start: 3,001,000 files so far (Ctrl-C stops)',
      'runrecord: reading data/big before the start: 8,101,000 files so far (Ctrl-C stops)',
    ]);
  });
});

describe('formats that are more than one file', () => {
  it('SQLite: a write-ahead log belongs to its database', async () => {
    const make = `
import os, sqlite3, sys
c = sqlite3.connect(sys.argv[1]); c.execute("pragma journal_mode=wal"); c.execute("create table t(a)")
c.execute("insert into t values (1)"); c.commit()
os._exit(0)`;
    execFileSync('python3', ['-c', make, join(root, 'x.db')]);
    const { value, detail } = await captureData({
      workspaceRoot: root,
      cwd: root,
      declared: [{ path: 'x.db', name: 'table' }],
      fromConfig: [],
      argv: [],
      exclude: { files: [], outputs: [] },
      hashBeforeBytes: 1_000_000,
      keepObject,
    });
    assert.deepEqual(
      value.map(({ path, role, partOf, mode }) => [path, role, partOf, mode]),
      [
        ['x.db', 'input', undefined, 'full'],
        ['x.db-wal', 'input', 'x.db', 'full'],
      ],
    );
    assert.match(detail ?? '', /x\.db-wal: holds changes of x\.db/);
    // One that only has the name is no log.
    write('plain', 'text');
    write('plain-wal', 'text');
    assert.equal((await capture('plain')).length, 1);
  });

  it('Parquet in partitions, zarr, HDF5 and memory-mapped arrays are folders and files', async () => {
    write('table.parquet/year=2024/part-0.parquet', 'PAR1');
    write('table.parquet/year=2025/part-0.parquet', 'PAR1');
    write('table.parquet/_SUCCESS', '');
    write('grid.zarr/.zarray', '{}');
    write('grid.zarr/c/0/0', 'chunk');
    write('x.h5', '\x89HDF\r\n\x1a\n');
    write('x.npy', '\x93NUMPY');
    const found = await Promise.all(
      ['table.parquet', 'grid.zarr', 'x.h5', 'x.npy'].map(async (path) => (await capture(path))[0]),
    );
    assert.deepEqual(
      found.map((entry) => [entry?.mode, entry?.fileCount]),
      [
        ['tree', 3],
        ['tree', 2],
        ['full', 1],
        ['full', 1],
      ],
    );
  });

  it('a sparse file is hashed as it reads', async () => {
    makeSparse('sparse', 600 * 1024);
    assert.equal((await capture('sparse'))[0]?.digest, sha256(Buffer.alloc(600 * 1024)));
    makeSparse('huge', 100 * 2 ** 30);
    // Read, it would take longer than a test may.
    assert.equal((await capture('huge'))[0]?.hashed, 'during');
  });
});

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openIndex } from '../../agent/store/index/open-index.ts';
import { JournalWriter } from '../../agent/store/journal.ts';
import { checkJournal } from '../../agent/store/journal-check.ts';
import { readJournal } from '../../agent/store/journal-reader.ts';
import { makeProbe, makeRecord, makeWorkspace, recordRun, timeAt } from '../support/journals.ts';

const child = fileURLToPath(new URL('../support/store-child.ts', import.meta.url));

/** Starts a task of `store-child.ts` and answers what it said when it is gone. */
async function start(task: string, place: string): Promise<string> {
  const running = spawn(process.execPath, [child, task, place], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complaint = '';
  running.stdout.on('data', (piece) => {
    said += piece;
  });
  running.stderr.on('data', (piece) => {
    complaint += piece;
  });
  const [code] = await once(running, 'close');
  assert.equal(code, 0, complaint);
  return said;
}

/** A task in a mount namespace of its own, with a file system that the script mounts at `$1`. */
function startMounted(script: string, task: string, place: string): Record<string, unknown> {
  const command = `${script} && exec "$2" "$3" "$4" "$1"`;
  const words = ['-Urm', 'sh', '-c', command, 'sh', place, process.execPath, child, task];
  const { stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8' });
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('the store, when things break', function () {
  this.timeout(120_000);
  let workspace: ReturnType<typeof makeWorkspace>;
  beforeEach(() => {
    workspace = makeWorkspace();
  });
  afterEach(() => workspace.remove());

  function begin(): string {
    const record = makeRecord();
    const path = workspace.layout.journal(record.id);
    const writer = JournalWriter.create(path, { reserveBytes: 4096 });
    writer.append('launch', record, timeAt(0), { sync: true });
    writer.close();
    return path;
  }

  it('has every acknowledged line after 30 kills of its writer, in one chain', async () => {
    const path = begin();
    const acknowledged: string[] = [];
    for (let kill = 0; kill < 30; kill++) {
      const writer = spawn(process.execPath, [child, 'append-forever', path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      await new Promise<void>((resolve) => {
        writer.stdout.on('data', (piece) => {
          said += piece;
          // After another number of lines each time, so somewhere else in the writing.
          if (said.split('\n').length > kill) writer.kill('SIGKILL');
        });
        writer.on('close', () => resolve());
      });
      const lines = said.slice(0, said.lastIndexOf('\n')).split('\n');
      acknowledged.push(...lines.map((line) => JSON.parse(line) as string));
    }
    const { problems } = checkJournal(path, acknowledged);
    assert.deepEqual(problems, []);
    assert.ok(acknowledged.length >= 30);
  });

  it('goes on after a last line that was torn at any byte', () => {
    const path = begin();
    const whole = readFileSync(path);
    const writer = JournalWriter.resume(path);
    writer.append('note', { text: 'naïve ☂' }, timeAt(1), { sync: false });
    writer.close();
    const longer = readFileSync(path);
    for (let end = whole.length; end <= longer.length; end++) {
      writeFileSync(path, longer.subarray(0, end));
      const again = JournalWriter.resume(path);
      again.append('note', { text: 'after' }, timeAt(2), { sync: false });
      again.close();
      assert.deepEqual(checkJournal(path).problems, [], `torn at ${end}`);
      const texts = readJournal(path)
        .lines.slice(1)
        .map(({ data }) => (data as { text: string }).text);
      // Only the newline was missing: the line was whole.
      const isKept = end >= longer.length - 1;
      assert.deepEqual(texts, isKept ? ['naïve ☂', 'after'] : ['after']);
    }
  });

  it('goes on after a launch line that was torn', () => {
    const path = begin();
    writeFileSync(path, readFileSync(path).subarray(0, 100));
    const writer = JournalWriter.resume(path);
    assert.equal(writer.lastHash, null);
    writer.append('launch', makeRecord(), timeAt(1), { sync: true });
    writer.close();
    assert.deepEqual([readJournal(path).lines[0]?.seq, checkJournal(path).problems], [1, []]);
  });

  it('reads past a line of more than 64 MB', () => {
    const path = begin();
    for (let piece = 0; piece < 65; piece++) appendFileSync(path, Buffer.alloc(1024 * 1024, 0x61));
    appendFileSync(path, '\n');
    const writer = JournalWriter.resume(path);
    writer.append('note', { text: 'behind it' }, timeAt(1), { sync: false });
    writer.close();
    const { lines, problems } = readJournal(path);
    assert.deepEqual([lines.length, problems], [2, [{ number: 2, reason: 'longer than 64 MB' }]]);
  });

  it('keeps the closing lines on a full disk, and the journal plain', () => {
    const place = realpathSync(mkdtempSync(join(tmpdir(), 'runrecord-full-')));
    try {
      const facts = startMounted('mount -t tmpfs -o size=2m tmpfs "$1"', 'fill-disk', place);
      const notes = (types: unknown) => (types as string[]).filter((type) => type !== 'note');
      assert.equal(facts.refused, 'ENOSPC');
      assert.deepEqual(notes(facts.killed), ['launch', 'ended', 'closed']);
      assert.deepEqual(notes(facts.killedInFile), ['launch']);
      assert.equal(facts.status, 'succeeded');
      assert.deepEqual(notes(facts.resumedInFile), ['launch', 'ended', 'closed']);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });

  it('refuses the launch on a full or read-only disk and says what to do', () => {
    const place = realpathSync(mkdtempSync(join(tmpdir(), 'runrecord-full-')));
    try {
      const full = startMounted('mount -t tmpfs -o size=1m tmpfs "$1"', 'refuse-launch', place);
      assert.deepEqual([full.code, full.exitCode], ['launch-not-kept', 125]);
      assert.match(String(full.action), /Free some space/);
      const fixed = startMounted('mount -t tmpfs -o ro tmpfs "$1"', 'refuse-launch', place);
      assert.deepEqual([fixed.code, fixed.exitCode], ['home-not-writable', 125]);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });

  it('is read where nothing can be written', () => {
    const { layout } = workspace;
    recordRun(layout);
    openIndex(layout, { probe: makeProbe() }).close();
    const readOnly = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"';
    const facts = startMounted(readOnly, 'read-rows', layout.root);
    assert.deepEqual(facts, { path: null, rows: 1 });
  });

  it('has each row once when four processes take in the same 50 runs', async () => {
    const { layout } = workspace;
    for (let n = 0; n < 50; n++) recordRun(layout, { name: `run ${n}` });
    const counts = await Promise.all([1, 2, 3, 4].map(() => start('ingest', layout.root)));
    assert.deepEqual(counts, Array(4).fill('50\n'));
    const index = openIndex(layout, { probe: makeProbe() });
    assert.equal(index.query('SELECT count(*) AS n FROM capture')[0]?.n, 250);
    index.close();
  });

  it('is read by the stock sqlite3 while four recorders write', async () => {
    const { layout } = workspace;
    const recorders = [1, 2, 3, 4].map(() => start('record-runs', layout.root));
    let isDone = false;
    const all = Promise.all(recorders).then(() => {
      isDone = true;
    });
    const index = openIndex(layout, { probe: makeProbe() });
    const path = index.path();
    index.close();
    assert(path !== null);
    const ask = async (sql: string) => {
      const reader = spawn('sqlite3', ['-cmd', '.timeout 5000', path, sql]);
      let text = '';
      reader.stdout.on('data', (piece) => {
        text += piece;
      });
      let complaint = '';
      reader.stderr.on('data', (piece) => {
        complaint += piece;
      });
      // A machine without it reads with the library that is built in.
      const isThere = await Promise.race([
        once(reader, 'error').then(() => false),
        once(reader, 'close').then(() => true),
      ]).catch(() => false);
      assert.equal(complaint, '');
      return isThere ? text.trim() : null;
    };
    let looks = 0;
    while (!isDone) {
      if ((await ask('SELECT count(*), max(status) FROM runs')) === null) break;
      looks += 1;
    }
    await all;
    const count = await ask('SELECT count(*) FROM runs; PRAGMA integrity_check');
    if (count !== null) assert.deepEqual([count, looks > 0], ['80\nok', true]);
    const after = openIndex(layout, { probe: makeProbe() });
    assert.equal(after.rows().length, 80);
    after.close();
  });

  it('lies in the cache folder of the user, without a write-ahead log, where the disk is not known', () => {
    const place = realpathSync(mkdtempSync(join(tmpdir(), 'runrecord-cache-')));
    try {
      mkdirSync(dirname(join(place, 'cache', 'x')), { recursive: true });
      // ramfs stands for any file system that is not on the list.
      const script =
        'mount -t ramfs ramfs "$1" && export XDG_CACHE_HOME="$1/cache" && mkdir -p "$1/.runrecord"';
      const facts = startMounted(script, 'read-rows', place);
      assert.match(String(facts.path), /cache\/runrecord\/workspace-[0-9a-f]{16}\/runs\.sqlite$/);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });
});

import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openIndex } from '../../agent/store/index/open-index.ts';
import { JournalWriter } from '../../agent/store/journal.ts';
import { readJournal } from '../../agent/store/journal-reader.ts';
import { ensureHome, workspaceLayout } from '../../agent/store/layout.ts';
import { closedWith, makeProbe, makeRecord, recordRun, timeAt } from './journals.ts';

/** What the fault tests run in processes of their own, to be killed or to meet a full disk. */
const tasks: Record<string, (place: string) => void> = {
  'append-forever': appendForever,
  'fill-disk': fillDisk,
  'refuse-launch': refuseLaunch,
  ingest,
  'record-runs': recordRuns,
  'read-rows': readRows,
};

const say = (value: unknown) => writeSync(1, `${JSON.stringify(value)}\n`);

/** Says the hash of each line once it is on the disk. */
function appendForever(journal: string): void {
  const writer = JournalWriter.resume(journal);
  for (let n = 0; ; n++) {
    const text = 'x'.repeat((n * 997) % 5000);
    say(writer.append('note', { text }, timeAt(n), { sync: true }));
  }
}

/** A run whose disk is full by the time of its end. */
function fillDisk(folder: string): void {
  const record = makeRecord();
  const journal = workspaceLayout(folder).journal(record.id);
  const writer = JournalWriter.create(journal, { reserveBytes: 262_144 });
  writer.append('launch', record, timeAt(0), { sync: true });
  const filler = join(folder, 'filler');
  fill(filler);
  const facts: Record<string, unknown> = {};
  // First long lines, then short ones: the last block of the file is full as well.
  for (const text of ['y'.repeat(4000), '']) {
    try {
      for (let n = 0; n < 100; n++) writer.append('note', { text }, timeAt(n), { sync: true });
    } catch (thrown) {
      facts.refused = (thrown as { code?: string }).code;
    }
  }
  const closed = closedWith(record);
  const { lifecycle } = closed;
  writer.append('ended', { lifecycle }, timeAt(1), { sync: true });
  writer.append('closed', closed, timeAt(2), { sync: true });
  const types = () => readJournal(journal).lines.map(({ type }) => type);
  const inFile = () => {
    const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => (JSON.parse(line) as { type: string }).type);
  };
  // As if the writer had been killed here: another one finds the closing lines.
  Object.assign(facts, { killed: types(), killedInFile: inFile() });
  const index = openIndex(workspaceLayout(folder), { probe: makeProbe() });
  facts.status = index.rows()[0]?.status;
  index.close();
  rmSync(filler);
  JournalWriter.resume(journal).close();
  Object.assign(facts, { resumed: types(), resumedInFile: inFile(), folder: dirname(journal) });
  say(facts);
}

function fill(path: string): void {
  const descriptor = openSync(path, 'w');
  for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (;;) writeSync(descriptor, Buffer.alloc(size, 1));
    } catch {
      // Full for pieces of this size: now smaller ones.
    }
  }
  closeSync(descriptor);
}

function refuseLaunch(folder: string): void {
  const layout = workspaceLayout(folder);
  try {
    ensureHome(layout);
    fill(join(folder, 'filler'));
    const record = makeRecord();
    const writer = JournalWriter.create(layout.journal(record.id), { reserveBytes: 262_144 });
    writer.append('launch', record, timeAt(0), { sync: true });
    say({ code: null });
  } catch (thrown) {
    const { code, action, exitCode } = thrown as Record<string, unknown>;
    say({ code, action, exitCode });
  }
}

function ingest(root: string): void {
  const index = openIndex(workspaceLayout(root), { probe: makeProbe() });
  say(index.rows().length);
  index.close();
}

/** Records runs and takes each into the index, as a recorder does. */
function recordRuns(root: string): void {
  const layout = workspaceLayout(root);
  for (let n = 0; n < 20; n++) {
    recordRun(layout, { name: `run ${n}` });
    openIndex(layout, { probe: makeProbe() }).close();
  }
}

function readRows(root: string): void {
  const index = openIndex(workspaceLayout(root), { probe: makeProbe() });
  say({ path: index.path(), rows: index.rows().length });
  index.close();
}

const [, , task = '', place = ''] = process.argv;
tasks[task]?.(place);

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JournalLine } from '../../agent/protocol/journal.ts';
import { JournalWriter } from '../../agent/store/journal.ts';
import { checkJournal } from '../../agent/store/journal-check.ts';
import { readJournal, readJournalFrom } from '../../agent/store/journal-reader.ts';
import { closedWith, makeRecord, makeWorkspace, timeAt } from '../support/journals.ts';

describe('the journal of a run', () => {
  let workspace: ReturnType<typeof makeWorkspace>;
  let path: string;

  beforeEach(() => {
    workspace = makeWorkspace();
    path = workspace.layout.journal(makeRecord().id);
  });
  afterEach(() => workspace.remove());

  function writeLines(count: number): string[] {
    const writer = JournalWriter.create(path, { reserveBytes: 4096 });
    const hashes = [writer.append('launch', makeRecord(), timeAt(0), { sync: true })];
    for (let n = 1; n < count; n++) {
      hashes.push(writer.append('note', { text: `line ${n}` }, timeAt(n), { sync: false }));
    }
    writer.close();
    return hashes;
  }

  const linesOnDisk = () => readFileSync(path, 'utf8').trimEnd().split('\n');
  const rewrite = (lines: string[]) => writeFileSync(path, `${lines.join('\n')}\n`);
  const subjects = (known: string[] = []) =>
    checkJournal(path, known).problems.map(({ subject }) => subject.split('jsonl')[1]);

  it('is one JSON object a line, chained as the documentation says', () => {
    writeLines(3);
    let prev: string | null = null;
    for (const [place, text] of linesOnDisk().entries()) {
      const line = JSON.parse(text) as JournalLine;
      assert.deepEqual(Object.keys(line), ['seq', 'at', 'type', 'prev', 'data', 'hash']);
      assert.equal(line.seq, place + 1);
      assert.equal(line.prev, prev);
      const body = `${text.slice(0, text.lastIndexOf(',"hash":'))}}`;
      assert.equal(line.hash, `sha256:${createHash('sha256').update(body).digest('hex')}`);
      prev = line.hash;
    }
  });

  it('writes numbers that JSON cannot hold as the documentation says', () => {
    const writer = JournalWriter.create(path, { reserveBytes: 0 });
    const values = { nan: Number.NaN, up: Infinity, down: -Infinity, big: 2n ** 60n, small: 7n };
    writer.append('note', values as unknown as { text: string }, timeAt(0), { sync: true });
    writer.close();
    assert.deepEqual(readJournal(path).lines[0]?.data, {
      nan: 'NaN',
      up: 'Infinity',
      down: '-Infinity',
      big: '1152921504606846976',
      small: 7,
    });
  });

  it('goes on after its writer is gone, with the same chain', () => {
    writeLines(3);
    const writer = JournalWriter.resume(path);
    writer.append('note', { text: 'more' }, timeAt(9), { sync: true });
    writer.close();
    const { lines, torn } = readJournal(path);
    assert.deepEqual([lines.length, torn, lines[3]?.seq], [4, false, 4]);
    assert.deepEqual(subjects(), []);
  });

  it('is never begun over one that is there', () => {
    writeLines(1);
    assert.throws(() => JournalWriter.create(path, { reserveBytes: 0 }), {
      code: 'launch-not-kept',
    });
    assert.equal(readJournal(path).lines.length, 1);
  });

  it('gives its reserve back once it is closed', () => {
    const record = makeRecord();
    const reserve = join(dirname(path), 'reserve');
    const writer = JournalWriter.create(path, { reserveBytes: 262_144 });
    assert.equal(readFileSync(reserve).length, 262_144);
    writer.append('launch', record, timeAt(0), { sync: true });
    writer.append('closed', closedWith(record), timeAt(1), { sync: true });
    writer.close();
    assert.equal(existsSync(reserve), false);
  });

  it('is read on from where the last reader stopped, by whole lines', () => {
    writeLines(2);
    const seen: number[] = [];
    const first = readJournalFrom(path, 0, ({ seq }) => seen.push(seq));
    const writer = JournalWriter.resume(path);
    writer.append('note', { text: 'more' }, timeAt(9), { sync: false });
    writer.close();
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, -20));
    const torn = readJournalFrom(path, first.offset, ({ seq }) => seen.push(seq), {
      last: first.last,
    });
    assert.deepEqual([torn.torn, torn.offset], [true, first.offset]);
    writeFileSync(path, whole);
    readJournalFrom(path, torn.offset, ({ seq }) => seen.push(seq), { last: torn.last });
    assert.deepEqual(seen, [1, 2, 3]);
  });

  it('is read with CRLF and without a newline at its end', () => {
    const hashes = writeLines(3);
    writeFileSync(path, linesOnDisk().join('\r\n'));
    const { lines, torn, problems } = readJournal(path);
    assert.deepEqual([lines.length, torn, problems], [3, false, []]);
    assert.deepEqual(subjects(hashes), []);
  });

  it('names a line that is none and reads the others', () => {
    writeLines(3);
    const [first, , third] = linesOnDisk();
    rewrite([first ?? '', 'null', third ?? '']);
    const { lines, problems } = readJournal(path);
    assert.deepEqual(
      lines.map(({ seq }) => seq),
      [1, 3],
    );
    assert.deepEqual(problems, [{ number: 2, reason: 'not an object' }]);
  });

  describe('when somebody changed it', () => {
    it('has no problem as it was written', () => {
      const hashes = writeLines(4);
      assert.deepEqual(checkJournal(path, hashes).problems, []);
    });

    it('names the line of any changed byte', () => {
      const [, hash] = writeLines(2);
      const whole = readFileSync(path);
      const second = whole.indexOf('\n') + 1;
      for (let at = 0; at < whole.length; at += 7) {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ 0x04;
        writeFileSync(path, changed);
        const [problem] = checkJournal(path, [hash ?? '']).problems;
        assert.ok(
          problem?.subject.endsWith(`:${at < second ? 1 : 2}`),
          `byte ${at}: ${problem?.subject}`,
        );
      }
    });

    it('names the place of a line that was removed, repeated or put elsewhere', () => {
      writeLines(4);
      const [a = '', b = '', c = '', d = ''] = linesOnDisk();
      rewrite([a, c, d]);
      assert.deepEqual(subjects(), [':2']);
      rewrite([a, b, b, c, d]);
      assert.equal(subjects()[0], ':3');
      rewrite([a, c, b, d]);
      assert.equal(subjects()[0], ':2');
      rewrite([b, c, d]);
      assert.equal(subjects()[0], ':1');
    });

    it('sees an end that was cut off or written anew, by a hash that is kept elsewhere', () => {
      const [, , third = ''] = writeLines(3);
      const whole = linesOnDisk();
      rewrite(whole.slice(0, 2));
      assert.deepEqual(subjects(), []);
      assert.deepEqual(subjects([third]), [':3']);
      const writer = JournalWriter.resume(path);
      writer.append('note', { text: 'another end' }, timeAt(2), { sync: false });
      writer.close();
      assert.deepEqual(subjects([third]), [':4']);
    });

    it('does not take the traces of a crash for a change', () => {
      writeLines(3);
      writeFileSync(path, readFileSync(path).subarray(0, -30));
      assert.deepEqual(subjects(), []);
      const writer = JournalWriter.resume(path);
      writer.append('note', { text: 'after the crash' }, timeAt(9), { sync: true });
      writer.close();
      const check = checkJournal(path);
      assert.deepEqual([check.problems, check.tornCount], [[], 1]);
    });

    it('says that a journal is empty or not there', () => {
      assert.equal(checkJournal(path).problems[0]?.what, 'unreadable');
      writeLines(1);
      writeFileSync(path, '');
      assert.equal(checkJournal(path).problems[0]?.what, 'empty');
    });
  });
});

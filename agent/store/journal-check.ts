import { closeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../protocol/errors.ts';
import type { JournalLine } from '../protocol/journal.ts';
import { files } from '../protocol/names.ts';
import type { Problem } from '../protocol/verbs.ts';
import { carriedHash, computeHash, parseLine } from './journal-line.ts';
import { readReserve } from './reserve.ts';
import { type ScannedLine, scanLines } from './scan-lines.ts';
import { openRegularFile } from './stat-path.ts';

export interface JournalCheck {
  /** In the order of the lines: the first is the first bad line. At most 20. */
  problems: Problem[];
  lineCount: number;
  lastHash: string | null;
  /** How many lines a crash left half written; that is no problem where the chain goes on. */
  tornCount: number;
}

const mostProblems = 20;

/**
 * Holds a journal against itself (each line's hash, the chain, the count) and against hashes
 * that are known from elsewhere: the index, judgements, the anchor in the repository. Each of
 * them must be in the chain, so an end that was cut off or written anew is seen.
 * Subjects are `runs/<id>/journal.jsonl:<line>`.
 */
export function checkJournal(path: string, knownHashes: readonly string[] = []): JournalCheck {
  const checker = new Checker(path, knownHashes);
  let descriptor: number;
  try {
    descriptor = openRegularFile(path);
  } catch (thrown) {
    checker.report(null, 'unreadable', 'a journal', messageOf(thrown));
    return checker.result();
  }
  try {
    for (const line of scanLines(descriptor)) checker.take(line);
  } catch (thrown) {
    checker.report(null, 'unreadable', 'a journal', messageOf(thrown));
  } finally {
    closeSync(descriptor);
  }
  checker.finish();
  return checker.result();
}

/** What is known of the chain so far, while the lines go by. */
class Checker {
  readonly #path: string;
  readonly #missing: Set<string>;
  readonly #problems: Problem[] = [];
  /** Half lines since the last good one: a problem unless the chain goes on behind them. */
  #torn: { number: number; isTerminated: boolean }[] = [];
  #last = { seq: 0, hash: null as string | null, type: '' };
  #lineCount = 0;
  #tornCount = 0;

  constructor(path: string, knownHashes: readonly string[]) {
    this.#path = path;
    this.#missing = new Set(knownHashes);
  }

  take(scanned: ScannedLine): void {
    const { number, bytes } = scanned;
    this.#lineCount = number;
    const line = bytes === null ? 'longer than 64 MB' : parseLine(bytes);
    if (bytes === null || carriedHash(bytes) === null) {
      this.#torn.push(scanned);
      return;
    }
    const expected = computeHash(bytes);
    if (typeof line === 'string') this.report(number, 'changed', expected, line);
    else if (line.hash !== expected) this.report(number, 'changed', expected, line.hash);
    else this.#checkChain(number, line);
    if (typeof line !== 'string') this.#follow(line);
  }

  #checkChain(number: number, line: JournalLine): void {
    const { seq, hash } = this.#last;
    const isChained = line.prev === hash && line.seq === seq + 1;
    if (isChained) this.#tornCount += this.#torn.length;
    else if (this.#torn[0] !== undefined) {
      this.report(this.#torn[0].number, 'changed', 'a whole line', 'a broken line');
    } else if (line.prev !== hash) {
      const what = this.#problems.length > 0 ? 'does not follow' : describeGap(line.seq, seq);
      this.report(number, what, hash, line.prev);
    } else this.report(number, 'out of order', `seq ${seq + 1}`, `seq ${line.seq}`);
  }

  #follow(line: JournalLine): void {
    this.#torn = [];
    this.#last = { seq: line.seq, hash: line.hash, type: line.type };
    this.#missing.delete(line.hash);
  }

  finish(): void {
    const broken = this.#torn.find(({ isTerminated }) => isTerminated) ?? this.#torn[0];
    const isClosed = this.#last.type === 'closed';
    for (const { line } of readReserve(join(dirname(this.#path), files.reserve), this.#last)) {
      this.#missing.delete(line.hash);
      this.#last = { seq: line.seq, hash: line.hash, type: line.type };
    }
    if (broken?.isTerminated || (broken !== undefined && isClosed)) {
      this.report(broken.number, 'changed', 'a whole line', 'a broken line');
    } else this.#tornCount += this.#torn.length;
    if (this.#last.hash === null) this.report(1, 'empty', 'a launch line', null);
    for (const hash of this.#missing) {
      this.report(this.#lineCount + 1, 'missing', hash, this.#last.hash);
    }
  }

  report(number: number | null, what: string, expected: string | null, found: string | null): void {
    if (this.#problems.length >= mostProblems) return;
    const journal = `${files.runs}/${basename(dirname(this.#path))}/${basename(this.#path)}`;
    const subject = number === null ? journal : `${journal}:${number}`;
    this.#problems.push({ subject, what, expected, found });
  }

  result(): JournalCheck {
    return {
      problems: this.#problems,
      lineCount: this.#lineCount,
      lastHash: this.#last.hash,
      tornCount: this.#tornCount,
    };
  }
}

function describeGap(seq: number, before: number): string {
  if (seq > before + 1) return 'a line before it is missing';
  return seq <= before ? 'repeated or out of order' : 'does not follow';
}

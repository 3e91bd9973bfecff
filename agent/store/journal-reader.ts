import { closeSync, fstatSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../protocol/errors.ts';
import type { JournalLine } from '../protocol/journal.ts';
import { files } from '../protocol/names.ts';
import { computeHash, parseLine } from './journal-line.ts';
import { type ChainEnd, readReserve } from './reserve.ts';
import { scanLines } from './scan-lines.ts';
import { openRegularFile } from './stat-path.ts';

/** A line that was skipped: its number from 1, and why. */
export interface LineProblem {
  number: number;
  reason: string;
}

export interface JournalContent {
  lines: JournalLine[];
  /** The file ends in a line that was not written whole. */
  torn: boolean;
  problems: LineProblem[];
}

/** All whole lines of a journal, and of its reserve. Whatever the file holds, this does not throw. */
export function readJournal(path: string): JournalContent {
  const lines: JournalLine[] = [];
  const { torn, problems, last } = readJournalFrom(path, 0, (line) => lines.push(line));
  const held = readReserve(join(dirname(path), files.reserve), last);
  return { lines: [...lines, ...held.map(({ line }) => line)], torn, problems };
}

export interface JournalPart {
  /** Where to go on the next time: after the last whole line, good or bad. */
  offset: number;
  /** After the last good line; `anchorHash` in `isAnchored` stands right before it. */
  goodOffset: number;
  last: ChainEnd;
  torn: boolean;
  problems: LineProblem[];
}

/**
 * Hands the whole lines from a byte offset on to `take`, at most until `untilBytes` of the file,
 * and says where to go on. A last line without a newline counts as whole where its hash is right,
 * else it is left for the next time. `last` is the line before the offset.
 */
export function readJournalFrom(
  path: string,
  offset: number,
  take: (line: JournalLine) => void,
  options: { last?: ChainEnd; untilBytes?: number } = {},
): JournalPart {
  const last = { ...(options.last ?? { seq: 0, hash: null, type: '' }) };
  const part: JournalPart = { offset, goodOffset: offset, last, torn: false, problems: [] };
  let descriptor: number;
  try {
    descriptor = openRegularFile(path);
  } catch (thrown) {
    part.problems.push({ number: 1, reason: messageOf(thrown) });
    return part;
  }
  try {
    const untilBytes = options.untilBytes ?? Number.POSITIVE_INFINITY;
    for (const { number, bytes, start, end, isTerminated } of scanLines(descriptor, offset)) {
      if (start >= untilBytes) break;
      const line = bytes === null ? 'longer than 64 MB' : parseLine(bytes);
      if (
        !isTerminated &&
        (typeof line === 'string' || computeHash(bytes as Buffer) !== line.hash)
      ) {
        part.torn = true;
        break;
      }
      part.offset = end;
      if (typeof line === 'string') {
        if (bytes?.length !== 0) part.problems.push({ number, reason: line });
        continue;
      }
      part.goodOffset = end;
      part.last = { seq: line.seq, hash: line.hash, type: line.type };
      take(line);
    }
  } catch (thrown) {
    part.problems.push({ number: 0, reason: messageOf(thrown) });
  } finally {
    closeSync(descriptor);
  }
  return part;
}

/** Whether the line that ends at an offset still carries this hash: a cheap look before going on. */
export function isAnchored(path: string, goodOffset: number, hash: string): boolean {
  const descriptor = openRegularFile(path);
  try {
    const expected = `${hash}"}`;
    // Two more for an end of line of one or two bytes.
    const tail = Buffer.alloc(Math.min(goodOffset, expected.length + 2));
    readSync(descriptor, tail, 0, tail.length, goodOffset - tail.length);
    return tail.toString('latin1').trimEnd().endsWith(expected);
  } finally {
    closeSync(descriptor);
  }
}

/** The last line whose own hash is right, looked for from the end of an open journal. */
export function findChainEnd(descriptor: number): ChainEnd {
  const { size } = fstatSync(descriptor);
  for (let window = 64 * 1024; ; window *= 8) {
    const start = Math.max(0, size - window);
    let found: ChainEnd | null = null;
    for (const { bytes } of scanLines(descriptor, start)) {
      const line = bytes === null ? '' : parseLine(bytes);
      if (typeof line === 'string' || computeHash(bytes as Buffer) !== line.hash) continue;
      found = { seq: line.seq, hash: line.hash, type: line.type };
    }
    if (found !== null) return found;
    if (start === 0) return { seq: 0, hash: null, type: '' };
  }
}

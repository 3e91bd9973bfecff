import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  rmSync,
} from 'node:fs';
import type { JournalLine } from '../protocol/journal.ts';
import { writeFully } from './durable.ts';
import { computeHash, parseLine } from './journal-line.ts';
import { readSmallFile } from './small-file.ts';

const largestBytes = 16 * 1024 * 1024;

/**
 * Room for a run's closing lines on a disk that is full by then. The file is filled with random
 * bytes at launch (zeros or a hole would not hold the room) and closing lines are written over
 * them in place, which needs no new blocks. They chain on the journal's last line, so a reader
 * can tell them from the bytes behind; as soon as there is room they move into the journal.
 */
export class Reserve {
  readonly path: string;
  readonly #descriptor: number;
  readonly #sizeBytes: number;
  #held: Buffer[] = [];
  #usedBytes = 0;

  private constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#sizeBytes = fstatSync(descriptor).size;
  }

  /** Writes and syncs the file. */
  static create(path: string, sizeBytes: number): Reserve {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
    const descriptor = openSync(path, flags, 0o644);
    try {
      writeFully(descriptor, randomBytes(sizeBytes), 0);
      fsyncSync(descriptor);
      return new Reserve(path, descriptor);
    } catch (thrown) {
      closeSync(descriptor);
      rmSync(path, { force: true });
      throw thrown;
    }
  }

  /** Opens what an earlier writer left, with the lines that it put there; null without a file. */
  static open(path: string, held: ReservedLine[]): Reserve | null {
    let descriptor: number;
    try {
      descriptor = openSync(path, constants.O_RDWR);
    } catch {
      return null;
    }
    const reserve = new Reserve(path, descriptor);
    for (const { bytes } of held) reserve.#remember(bytes);
    return reserve;
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** Lines that wait for room in the journal, as they will stand there. */
  get heldBytes(): Buffer {
    return Buffer.concat(this.#held);
  }

  /** Puts a line, newline included, over the random bytes; false where it does not fit. */
  hold(line: Buffer): boolean {
    if (this.#usedBytes + line.length > this.#sizeBytes) return false;
    writeFully(this.#descriptor, line, this.#usedBytes);
    fsyncSync(this.#descriptor);
    this.#remember(line);
    return true;
  }

  /** The held lines are in the journal now; the room serves again. */
  release(): void {
    this.#held = [];
    this.#usedBytes = 0;
  }

  /** Gives the room behind the held lines back to the disk. */
  shrink(): void {
    ftruncateSync(this.#descriptor, this.#usedBytes);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #remember(line: Buffer): void {
    this.#held.push(line);
    this.#usedBytes += line.length;
  }
}

/** The last line of a chain: what the next one must follow. */
export interface ChainEnd {
  seq: number;
  hash: string | null;
  type: string;
}

/** A line in the reserve: parsed, and its bytes with the newline. */
export interface ReservedLine {
  line: JournalLine;
  bytes: Buffer;
}

/**
 * The lines in a reserve that continue the journal's chain; none where it was never used, or
 * where its lines have moved into the journal already. Never throws.
 */
export function readReserve(path: string, last: ChainEnd): ReservedLine[] {
  const content = readSmallFile(path, largestBytes);
  if (content === null) return [];
  const lines: ReservedLine[] = [];
  let { seq, hash } = last;
  let start = 0;
  for (;;) {
    const end = content.indexOf('\n', start);
    if (end === -1) return lines;
    const bytes = content.subarray(start, end);
    const line = computeHash(bytes) === null ? null : parseLine(bytes);
    if (line === null || typeof line === 'string') return lines;
    if (line.prev !== hash || line.seq !== seq + 1 || computeHash(bytes) !== line.hash)
      return lines;
    lines.push({ line, bytes: content.subarray(start, end + 1) });
    ({ seq, hash } = line);
    start = end + 1;
  }
}

import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { JournalData, JournalType } from '../protocol/journal.ts';
import { files } from '../protocol/names.ts';
import { isDiskFull, launchNotKept } from './disk-error.ts';
import { syncFolder, writeFully } from './durable.ts';
import { encodeLine } from './journal-line.ts';
import { findChainEnd } from './journal-reader.ts';
import { type ChainEnd, Reserve, readReserve } from './reserve.ts';

/** What must be kept even where the disk is full: how the run started and how it ended. */
const reservedTypes: readonly string[] = ['started', 'ended', 'closed'];

/**
 * Appends to one run's journal. Who has one holds the run's lock: two at once would break the
 * chain. Each line is one write; `seq` counts from 1.
 */
export class JournalWriter {
  readonly path: string;
  readonly #descriptor: number;
  readonly #reserve: Reserve | null;
  #last: ChainEnd;
  #sizeBytes: number;
  #needsNewline: boolean;

  private constructor(path: string, descriptor: number, reserve: Reserve | null, last: ChainEnd) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#reserve = reserve;
    this.#last = last;
    this.#sizeBytes = fstatSync(descriptor).size;
    this.#needsNewline = this.#sizeBytes > 0 && !endsInNewline(descriptor, this.#sizeBytes);
  }

  /**
   * Begins a journal in a run's folder, which is made where it is not there, and reserves room on
   * the disk for the closing lines (0: none).
   *
   * @throws RunRecordError `launch-not-kept` on a full or read-only disk; nothing is left behind
   */
  static create(path: string, options: { reserveBytes: number }): JournalWriter {
    const folder = dirname(path);
    let reserve: Reserve | null = null;
    try {
      if (mkdirSync(folder, { recursive: true }) !== undefined) syncFolder(dirname(folder));
      if (options.reserveBytes > 0) {
        reserve = Reserve.create(join(folder, files.reserve), options.reserveBytes);
      }
      const { O_RDWR, O_APPEND, O_CREAT, O_EXCL } = constants;
      const descriptor = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL, 0o644);
      return new JournalWriter(path, descriptor, reserve, { seq: 0, hash: null, type: '' });
    } catch (thrown) {
      reserve?.close();
      reserve?.remove();
      throw launchNotKept(path, thrown);
    }
  }

  /**
   * Goes on with a journal whose writer is gone, after its last good line. Closing lines that
   * wait in the reserve move into the journal as soon as there is room.
   */
  static resume(path: string): JournalWriter {
    const descriptor = openSync(path, constants.O_RDWR | constants.O_APPEND);
    try {
      const inJournal = findChainEnd(descriptor);
      const reservePath = join(dirname(path), files.reserve);
      const held = readReserve(reservePath, inJournal);
      const last = held.at(-1)?.line ?? inJournal;
      const reserve = Reserve.open(reservePath, held);
      const writer = new JournalWriter(path, descriptor, reserve, last);
      writer.#moveHeldLines();
      return writer;
    } catch (thrown) {
      closeSync(descriptor);
      throw thrown;
    }
  }

  /** Hash of the last line; null before the first. */
  get lastHash(): string | null {
    return this.#last.hash;
  }

  get seq(): number {
    return this.#last.seq;
  }

  /** True while closing lines wait beside the journal for room on the disk. */
  get isHoldingLines(): boolean {
    return this.#reserve?.isHolding === true;
  }

  /**
   * Adds a line and answers its hash. With `sync` it is on the disk when this returns; the first
   * line always is, with its folder. Numbers may be NaN, infinite or bigint: `encodeLine`.
   *
   * @throws the system's error where the line was not kept. On a full disk that spares `started`,
   *   `ended` and `closed`, which go to the reserve; the journal stays whole and may be tried again.
   */
  append<T extends JournalType>(
    type: T,
    data: JournalData[T],
    at: string,
    options: { sync: boolean },
  ): string {
    this.#moveHeldLines();
    const { seq, hash: prev } = this.#last;
    const { bytes, hash } = encodeLine({ seq: seq + 1, at, type, prev, data });
    if (prev === null) this.#writeFirst(bytes);
    else this.#keep(type, bytes, options.sync);
    this.#last = { seq: seq + 1, hash, type };
    return hash;
  }

  /** Ends the writing. The reserve is given up once `closed` is in the journal. */
  close(): void {
    const reserve = this.#reserve;
    try {
      if (reserve?.isHolding) {
        this.#tryQuietly(() => reserve.shrink());
        this.#moveHeldLines();
      }
      if (this.#last.type === 'closed' && reserve?.isHolding === false) reserve.remove();
    } finally {
      reserve?.close();
      closeSync(this.#descriptor);
    }
  }

  #writeFirst(bytes: Buffer): void {
    try {
      this.#write(bytes, false);
      fsyncSync(this.#descriptor);
      syncFolder(dirname(this.path));
    } catch (thrown) {
      this.#tryQuietly(() => rmSync(this.path, { force: true }));
      this.#tryQuietly(() => this.#reserve?.remove());
      throw launchNotKept(this.path, thrown);
    }
  }

  #keep(type: string, bytes: Buffer, sync: boolean): void {
    const isReserved = reservedTypes.includes(type);
    const reserve = this.#reserve;
    // What follows a held line must wait behind it, or the chain in the journal would have a gap.
    if (reserve?.isHolding) {
      if (isReserved && reserve.hold(bytes)) return;
      throw Object.assign(new Error('no space left for the journal'), { code: 'ENOSPC' });
    }
    try {
      this.#write(bytes, sync);
    } catch (thrown) {
      if (!isReserved || reserve === null || !isDiskFull(thrown)) throw thrown;
      if (!this.#holdQuietly(reserve, bytes)) {
        // A file system that copies on write has no room for that either: give the room back.
        reserve.shrink();
        this.#write(bytes, sync);
      }
    }
  }

  #holdQuietly(reserve: Reserve, bytes: Buffer): boolean {
    try {
      return reserve.hold(bytes);
    } catch {
      return false;
    }
  }

  /** One write, and the sync; what was written of a line that failed is taken back. */
  #write(bytes: Buffer, sync: boolean): void {
    const line = this.#needsNewline ? Buffer.concat([Buffer.from('\n'), bytes]) : bytes;
    try {
      writeFully(this.#descriptor, line, null);
      if (sync) fdatasyncSync(this.#descriptor);
    } catch (thrown) {
      this.#takeBack();
      throw thrown;
    }
    this.#sizeBytes += line.length;
    this.#needsNewline = false;
  }

  #takeBack(): void {
    try {
      ftruncateSync(this.#descriptor, this.#sizeBytes);
    } catch {
      this.#sizeBytes = fstatSync(this.#descriptor).size;
      this.#needsNewline = !endsInNewline(this.#descriptor, this.#sizeBytes);
    }
  }

  #moveHeldLines(): void {
    const reserve = this.#reserve;
    if (!reserve?.isHolding) return;
    this.#tryQuietly(() => {
      this.#write(reserve.heldBytes, true);
      reserve.release();
    });
  }

  #tryQuietly(attempt: () => void): void {
    try {
      attempt();
    } catch {
      // Tried again with the next line, or by whoever resumes.
    }
  }
}

function endsInNewline(descriptor: number, sizeBytes: number): boolean {
  const last = Buffer.alloc(1);
  return readSync(descriptor, last, 0, 1, sizeBytes - 1) === 1 && last[0] === 0x0a;
}

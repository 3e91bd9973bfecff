import { closeSync, openSync, readSync, statSync } from 'node:fs';

const chunkBytes = 256 * 1024;
/** A line that does not end is not an event: it is passed over, and stays in the file. */
const longestLineBytes = 4_000_000;
const newline = 0x0a;

/**
 * Reads the lines that were appended to a file since the last look. A line without its end waits
 * for the rest. Costs one read of nothing where there is nothing new.
 */
export class LineTail {
  readonly #path: string;
  #offset: number;
  #rest: Buffer = Buffer.alloc(0);
  #skipping = false;

  /** `offset`: bytes that were taken before. */
  constructor(path: string, offset = 0) {
    this.#path = path;
    this.#offset = offset;
  }

  /** Bytes of the file that were taken, as whole lines. */
  get offset(): number {
    return this.#offset - this.#rest.length;
  }

  /** `final`: a last line without its end counts too. */
  *read(final = false): Generator<Buffer> {
    for (const chunk of this.#chunks()) {
      const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
      let start = 0;
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        if (!this.#skipping) yield bytes.subarray(start, end);
        this.#skipping = false;
        start = end + 1;
      }
      this.#rest = Buffer.from(bytes.subarray(start));
      if (this.#rest.length > longestLineBytes) {
        this.#rest = Buffer.alloc(0);
        this.#skipping = true;
      }
    }
    if (final && this.#rest.length > 0 && !this.#skipping) {
      yield this.#rest;
      this.#rest = Buffer.alloc(0);
    }
  }

  *#chunks(): Generator<Buffer> {
    let descriptor: number;
    try {
      // Asked many times a second, and mostly in vain: this is a tenth of opening it.
      if (statSync(this.#path).size === this.#offset) return;
      descriptor = openSync(this.#path, 'r');
    } catch {
      return; // The program removed it, or never wrote: there is nothing to read.
    }
    try {
      const buffer = Buffer.allocUnsafe(chunkBytes);
      for (;;) {
        const length = readSync(descriptor, buffer, 0, chunkBytes, this.#offset);
        if (length === 0) return;
        this.#offset += length;
        yield buffer.subarray(0, length);
      }
    } catch {
      return; // A folder, or a disk that fails: tried again with the next look.
    } finally {
      closeSync(descriptor);
    }
  }
}

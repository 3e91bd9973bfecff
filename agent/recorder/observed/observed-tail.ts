import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ObservedLine, parseObservedLine } from '../../core/observed/observed-line.ts';
import { LineTail } from '../line-tail.ts';

/** One line, and the file that it stood in: there is one for each process. */
export interface Observed {
  file: string;
  line: ObservedLine;
}

/** Reads on in what the processes of a run say from inside, in order within each. */
export class ObservedTail {
  readonly #folder: string;
  readonly #tails = new Map<string, LineTail>();
  readonly #offsets: Record<string, number>;
  /** Files of processes that have ended: a last look sees whether more has come. */
  readonly #ended = new Set<string>();
  /** Files with a line that is none of ours, or not whole. */
  readonly torn = new Set<string>();

  /** `offsets`: bytes of each file that were taken before. */
  constructor(folder: string, offsets: Record<string, number> = {}) {
    this.#folder = folder;
    this.#offsets = offsets;
  }

  /** Bytes of each file that were taken, as whole lines. */
  get offsets(): Record<string, number> {
    const taken = [...this.#tails].map(([file, tail]) => [file, tail.offset]);
    return { ...this.#offsets, ...Object.fromEntries(taken) };
  }

  /** `final`: last lines without their end count too. */
  *read(final = false): Generator<Observed> {
    for (const file of this.#list()) {
      if (this.#ended.has(file) && !final) continue;
      for (const bytes of this.#tailOf(file).read(final)) {
        const line = parseObservedLine(bytes.toString('utf8'));
        if (line?.t === 'exit') this.#ended.add(file);
        if (line !== null) yield { file, line };
        else if (bytes.length > 0) this.torn.add(file);
      }
    }
  }

  #tailOf(file: string): LineTail {
    let tail = this.#tails.get(file);
    if (tail === undefined) {
      tail = new LineTail(join(this.#folder, file), this.#offsets[file] ?? 0);
      this.#tails.set(file, tail);
    }
    return tail;
  }

  #list(): string[] {
    try {
      return readdirSync(this.#folder)
        .filter((name) => name.endsWith('.jsonl'))
        .sort();
    } catch {
      return []; // Nothing can be said there: the record tells so.
    }
  }
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ObservedLine } from '../../core/observed/observed-line.ts';
import { parseObservedLine } from '../../core/observed/parse-observed-line.ts';
import { LineTail } from '../line-tail.ts';

/** One line, and the file that it stood in: there is one for each process. */
export interface Observed {
  file: string;
  /** Its number, by which the file is called: one that becomes another program keeps it. */
  process: string;
  line: ObservedLine;
  /** Of the line in its file, from 1. */
  number: number;
}

/** Reads on in what the processes of a run say from inside, in order within each. */
export class ObservedTail {
  readonly #folder: string;
  readonly #job: number | null;
  readonly #tails = new Map<string, LineTail>();
  readonly #counts = new Map<string, number>();
  /** Files of processes that have ended: a last look sees whether more has come. */
  readonly #ended = new Set<string>();
  /** Files with a line that is none of ours, or not whole. */
  readonly torn = new Set<string>();

  /** `job`: the lines of this job alone; without, those of none, with what tells of jobs. */
  constructor(folder: string, job: number | null = null) {
    this.#folder = folder;
    this.#job = job;
  }

  /** `final`: last lines without their end count too. */
  *read(final = false): Generator<Observed> {
    for (const file of this.#list()) {
      if (this.#ended.has(file) && !final) continue;
      for (const bytes of this.#tailOf(file).read(final)) {
        const line = parseObservedLine(bytes.toString('utf8'));
        const number = (this.#counts.get(file) ?? 0) + 1;
        this.#counts.set(file, number);
        if (line?.t === 'exit') this.#ended.add(file);
        if (line !== null && !this.#isMine(line)) continue;
        if (line !== null) yield { file, process: file.split('-', 1)[0] ?? file, line, number };
        else if (bytes.length > 0) this.torn.add(file);
      }
    }
  }

  #isMine(line: ObservedLine): boolean {
    if (line.t === 'process') return true;
    if (line.t === 'job') return this.#job === null;
    return (line.job ?? null) === this.#job;
  }

  #tailOf(file: string): LineTail {
    let tail = this.#tails.get(file);
    if (tail === undefined) {
      tail = new LineTail(join(this.#folder, file));
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

import type { Taker } from './observation.ts';
import type { Observed } from './observed-tail.ts';

/**
 * Tells which of the processes that speak is the one that was started: by its number, which a program
 * keeps where one replaces another; else the first Python that spoke, as behind a shell.
 */
export class MainProcess implements Taker {
  readonly #pid: () => number | null;
  readonly #known = new Set<string>();
  readonly #ended = new Set<string>();

  constructor(pid: () => number | null) {
    this.#pid = pid;
  }

  take({ process, line }: Observed): void {
    if (line.t === 'exit') this.#ended.add(process);
    else this.#known.add(process);
  }

  /** Null where nothing has been said yet. */
  get process(): string | null {
    const wanted = String(this.#pid());
    if (this.#known.has(wanted)) return wanted;
    return this.#known.values().next().value ?? null;
  }

  /** It was seen to its end: what it did not say did not happen. */
  get hasEnded(): boolean {
    const { process } = this;
    return process !== null && this.#ended.has(process);
  }
}

import type { Observed, ObservedTail } from './observed-tail.ts';

/** Takes up what the processes of a run say from inside; each taker knows some kinds of lines. */
export interface Taker {
  take(observed: Observed): void;
  /** A batch of lines has been taken: what was put together from it can be written down. */
  flush?(): void;
  /** The program is gone and all its lines are taken. */
  finish?(): Promise<void>;
}

/** Follows what the processes of a run say from inside, and hands each line to all takers. */
export class Observation {
  readonly #tail: ObservedTail;
  readonly #takers: Taker[];

  constructor(tail: ObservedTail, takers: Taker[]) {
    this.#tail = tail;
    this.#takers = takers;
  }

  /** `final`: last lines without their end count too. */
  look(final = false): void {
    let some = false;
    for (const observed of this.#tail.read(final)) {
      some = true;
      for (const taker of this.#takers) taker.take(observed);
    }
    if (some) for (const taker of this.#takers) taker.flush?.();
  }

  async finish(): Promise<void> {
    this.look(true);
    for (const taker of this.#takers) await taker.finish?.();
  }
}

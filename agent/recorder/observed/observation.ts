import { messageOf } from '../../protocol/errors.ts';
import type { Observed, ObservedTail } from './observed-tail.ts';

/** Takes up what the processes of a run say from inside; each taker knows some kinds of lines. */
export interface Taker {
  take(observed: Observed): void;
  /** A batch of lines has been taken: what was put together from it can be written down. */
  flush?(): void;
  /** The program is gone and all its lines are taken. */
  finish?(): Promise<void>;
}

/**
 * Follows what the processes of a run say from inside, and hands each line to all takers. What one
 * of them cannot do (a disk that is full, above all) is told by `trouble`: it keeps no other from
 * its work, and never ends the recorder.
 */
export class Observation {
  readonly #tail: ObservedTail;
  readonly #takers: Taker[];
  readonly #trouble: (what: string) => void;

  constructor(tail: ObservedTail, takers: Taker[], trouble: (what: string) => void) {
    this.#tail = tail;
    this.#takers = takers;
    this.#trouble = trouble;
  }

  /** `final`: last lines without their end count too. */
  look(final = false): void {
    let some = false;
    for (const observed of this.#tail.read(final)) {
      some = true;
      const what = `what a process said (${observed.line.t})`;
      for (const taker of this.#takers) this.#attempt(what, () => taker.take(observed));
    }
    if (!some) return;
    for (const taker of this.#takers) {
      this.#attempt('what was said from inside', () => taker.flush?.());
    }
  }

  async finish(): Promise<void> {
    this.look(true);
    for (const taker of this.#takers) {
      await taker
        .finish?.()
        .catch((error: unknown) => this.#tell('the last of what was said from inside', error));
    }
  }

  #attempt(what: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#tell(what, error);
    }
  }

  #tell(what: string, error: unknown): void {
    this.#trouble(`${what}: ${messageOf(error)}`);
  }
}

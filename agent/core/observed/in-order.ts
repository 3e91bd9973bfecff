/**
 * Puts what several processes said into one order. Each process's own lines come in order; those of
 * another that were written before may come later, so that what is younger than the look that found
 * it waits for the next one.
 */
export class InOrder<T> {
  #waiting: { at: number; value: T }[] = [];
  readonly #last = new Map<string, number>();

  /** `at`: seconds since 1970; a line without one is of the same time as the one before it. */
  add(source: string, at: number | undefined, value: T): number {
    const before = this.#last.get(source) ?? 0;
    const time = at === undefined || !Number.isFinite(at) ? before : Math.max(at, before);
    this.#last.set(source, time);
    this.#waiting.push({ at: time, value });
    return time;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** All that is older than `untilSeconds`, in order. */
  drain(untilSeconds: number): T[] {
    this.#waiting.sort((a, b) => a.at - b.at);
    const young = this.#waiting.findIndex(({ at }) => at > untilSeconds);
    const count = young === -1 ? this.#waiting.length : young;
    return this.#waiting.splice(0, count).map(({ value }) => value);
  }
}

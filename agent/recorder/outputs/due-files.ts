import type { BytePath } from '../../capture/byte-path.ts';
import { type FileStat, statKey } from '../../core/seams.ts';
import { standMs } from './known-files.ts';

/** Paths to look at: when, and since when they have stood as they are. Times in ms, monotonic. */
export class DueFiles {
  readonly #plans = new Map<BytePath, { atMs: number; stat: string; sinceMs: number }>();

  plan(path: BytePath, delayMs: number): void {
    const now = performance.now();
    const planned = this.#plans.get(path);
    const { stat, sinceMs } = planned ?? { stat: '', sinceMs: now };
    this.#plans.set(path, { atMs: now + delayMs, stat, sinceMs });
  }

  forget(path: BytePath): void {
    this.#plans.delete(path);
  }

  paths(): BytePath[] {
    return [...this.#plans.keys()];
  }

  /** Those whose time has come. */
  ready(): BytePath[] {
    const now = performance.now();
    return [...this.#plans].filter(([, plan]) => plan.atMs <= now).map(([path]) => path);
  }

  /** Whether a file has stood still for `settleMs`; if not, it is looked at again. */
  hasStood(path: BytePath, stat: FileStat, settleMs: number): boolean {
    const now = performance.now();
    const planned = this.#plans.get(path);
    const current = statKey(stat);
    const sinceMs = planned?.stat === current ? planned.sinceMs : now;
    if (now - sinceMs >= settleMs) return true;
    const atMs = now + Math.min(settleMs, standMs);
    this.#plans.set(path, { stat: current, sinceMs, atMs });
    return false;
  }
}

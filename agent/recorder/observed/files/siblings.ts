import type { BytePath } from '../../../capture/byte-path.ts';
import type { WriteIndex } from '../../../core/observed/write-index.ts';
import type { OtherWriter } from '../../attribution.ts';

/** One of several records that are written by one recorder. */
export interface Sibling {
  id: string;
  writes: WriteIndex;
  /** When a version that is its own alone was recorded, by path: ms since 1970. */
  recorded: Map<BytePath, number>;
}

/**
 * The records that one recorder writes side by side, of a run and of the jobs in it: what each was
 * seen to write, so that none takes for its own what is another's.
 */
export class Siblings {
  readonly #all = new Map<string, Sibling>();

  add(sibling: Sibling): void {
    this.#all.set(sibling.id, sibling);
  }

  has(id: string): boolean {
    return this.#all.has(id);
  }

  writersOf(path: BytePath, except: string): OtherWriter[] {
    const writers: OtherWriter[] = [];
    for (const { id, writes, recorded } of this.#all.values()) {
      const opened = id === except ? null : writes.lastWrite(path);
      if (opened === null) continue;
      const recordedAtMs = recorded.get(path) ?? null;
      writers.push({ id, openedAtMs: opened * 1000, recordedAtMs, isOver: false });
    }
    return writers;
  }
}

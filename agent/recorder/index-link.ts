import { isLocalFolder } from '../store/filesystem.ts';
import type { RunIndex } from '../store/index/open-index.ts';
import type { Layout } from '../store/layout.ts';
import { processProbe } from './probe.ts';

/** The first second of a run belongs to what it writes: opening an index holds up the recorder. */
const warmAfterMs = 1000;

/**
 * A recorder's own way to the index: opened while a program runs that takes its time, so that at
 * the end only what came since is left to take in. Never fails a run: whoever reads next takes it
 * in all the same. On a file system that is not known to be local only journals are written.
 */
export class IndexLink {
  readonly #layout: Layout;
  readonly #timer: NodeJS.Timeout;
  #index: Promise<RunIndex | null> | null = null;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#timer = setTimeout(() => this.#open(), warmAfterMs);
    this.#timer.unref();
  }

  /** Takes in what is new, and lets go of the index. */
  async finish(): Promise<void> {
    clearTimeout(this.#timer);
    const isWarm = this.#index !== null;
    const index = await this.#open();
    try {
      if (isWarm) index?.refresh();
      index?.close();
    } catch {
      // A newer version's index, a full disk, another process: the journal has it all.
    }
  }

  #open(): Promise<RunIndex | null> {
    this.#index ??= openQuietly(this.#layout);
    return this.#index;
  }
}

async function openQuietly(layout: Layout): Promise<RunIndex | null> {
  if (!isLocalFolder(layout.home)) return null;
  try {
    const { openIndex } = await import('../store/index/open-index.ts');
    return openIndex(layout, { probe: processProbe });
  } catch {
    return null;
  }
}

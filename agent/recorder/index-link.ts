import { isLocalFolder } from '../store/filesystem.ts';
import type { RunIndex } from '../store/index/open-index.ts';
import type { Layout } from '../store/layout.ts';
import { processProbe } from './probe.ts';

/** A program that is done by then gets its index at its end, at once. */
const warmAfterMs = 15;

/**
 * A recorder's own way to the index, for its run alone: opened while the program runs, so that
 * at its end only what came since is left to take in. Never fails a run: whoever reads next takes it
 * in all the same. On a file system that is not known to be local only journals are written.
 */
export class IndexLink {
  readonly #id: string;
  readonly #layout: Layout;
  readonly #timer: NodeJS.Timeout;
  #index: Promise<RunIndex | null> | null = null;

  constructor(layout: Layout, id: string) {
    this.#id = id;
    this.#layout = layout;
    this.#timer = setTimeout(() => void this.#takeIn(), warmAfterMs);
    this.#timer.unref();
  }

  /** Takes in the rest of the run, and lets go of the index. */
  async finish(): Promise<void> {
    clearTimeout(this.#timer);
    const index = await this.#takeIn();
    try {
      index?.close();
    } catch {
      // A disk that failed: the journal has it all.
    }
  }

  async #takeIn(): Promise<RunIndex | null> {
    this.#index ??= openQuietly(this.#layout);
    const index = await this.#index;
    try {
      index?.refreshRun(this.#id);
    } catch {
      // A newer version's index, a full disk, another process: the journal has it all.
    }
    return index;
  }
}

async function openQuietly(layout: Layout): Promise<RunIndex | null> {
  if (!isLocalFolder(layout.home)) return null;
  try {
    const { openIndex } = await import('../store/index/open-index.ts');
    return openIndex(layout, { probe: processProbe, asItIs: true });
  } catch {
    return null;
  }
}

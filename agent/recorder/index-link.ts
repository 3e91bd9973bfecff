import { isLocalFolder } from '../store/filesystem.ts';
import type { RunIndex } from '../store/index/open-index.ts';
import type { Layout } from '../store/layout.ts';
import { processProbe } from './probe.ts';

/**
 * A recorder's own way to the index: opened and warmed while the program runs, so that at the end
 * only what came since is left to take in. Never fails a run: whoever reads next takes it in all
 * the same. On a file system that is not known to be local only journals are written.
 */
export interface IndexLink {
  refresh(): void;
  close(): void;
}

export async function linkIndex(layout: Layout): Promise<IndexLink> {
  const index = isLocalFolder(layout.home) ? await openQuietly(layout) : null;
  return {
    refresh: () => attempt(() => index?.refresh()),
    close: () => attempt(() => index?.close()),
  };
}

async function openQuietly(layout: Layout): Promise<RunIndex | null> {
  try {
    const { openIndex } = await import('../store/index/open-index.ts');
    return openIndex(layout, { probe: processProbe });
  } catch {
    return null;
  }
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // A newer version's index, a full disk, another process: the journal has it all.
  }
}

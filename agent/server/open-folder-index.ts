import { messageOf, RunRecordError } from '../protocol/errors.ts';
import { processProbe } from '../recorder/probe.ts';
import { isLocalFolder } from '../store/filesystem.ts';
import { openIndex, type RunIndex } from '../store/index/open-index.ts';
import type { Layout } from '../store/layout.ts';
import type { Session } from './session.ts';

const cacheBytes = 2_000_000;

export interface OpenedIndex {
  index: RunIndex;
  /** Changes of other machines are not told by the system. */
  isLocal: boolean;
}

/**
 * Opens the index of a workspace as far as it may be: the file where the workspace is trusted,
 * else one in memory that is made from the journals. An index that cannot be used is told, and
 * the runs are shown all the same.
 */
export function openFolderIndex(folder: string, layout: Layout, session: Session): OpenedIndex {
  const { trusted, tell, log } = session;
  const options = { probe: processProbe, notice: log, asItIs: true, cacheBytes };
  const inMemory = () => openIndex(layout, { ...options, readOnly: true });
  if (!trusted) return { index: inMemory(), isLocal: true };
  const isLocal = isLocalFolder(layout.home);
  try {
    return { index: openIndex(layout, options), isLocal };
  } catch (thrown) {
    const known = thrown instanceof RunRecordError ? thrown : null;
    tell({
      folder,
      code: known?.code ?? 'index-unusable',
      message: known?.message ?? `The index ${layout.index} cannot be used: ${messageOf(thrown)}.`,
      action:
        known?.action ??
        'Run: runrecord reindex. Until then the runs are read from their journals.',
    });
    return { index: inMemory(), isLocal };
  }
}

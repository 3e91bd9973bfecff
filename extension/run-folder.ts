import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { files } from '../agent/protocol/names.ts';
import type { RunSummary } from '../agent/protocol/rpc.ts';

/**
 * The folder that the paths of a run's record are relative to: the nearest one, from the open
 * folder upwards, that holds its record.
 */
export function rootOfRun(run: Pick<RunSummary, 'id' | 'folder'>): string {
  for (let folder = run.folder; ; folder = dirname(folder)) {
    if (existsSync(join(folder, files.home, files.runs, run.id))) return folder;
    if (folder === dirname(folder)) return run.folder;
  }
}

/** Where the run's own files lie: journal, record, log. */
export function folderOfRun(run: Pick<RunSummary, 'id' | 'folder'>): string {
  return join(rootOfRun(run), files.home, files.runs, run.id);
}

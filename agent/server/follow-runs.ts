import { basename, dirname } from 'node:path';
import { files } from '../protocol/names.ts';
import type { Layout } from '../store/layout.ts';

export interface Following {
  /** From now on these runs are followed as well; the others are no more. */
  follow(ids: readonly string[]): void;
  close(): void;
}

export interface FollowOptions {
  /** Whether a run was taken in already. */
  isKnown(id: string): boolean;
  changed(): void;
  /** The watch failed: from now on the caller has to look by itself. */
  lost(why: string): void;
}

const watched: readonly string[] = [files.journal, files.exit, files.process];

/**
 * Calls `changed` when a run appears, and when a journal that is followed grows. What is watched is
 * small: the folder of the runs, and those of the runs that have no end.
 */
export async function followRuns(
  layout: Layout,
  { isKnown, changed, lost }: FollowOptions,
): Promise<Following> {
  const { watch } = await import('chokidar');
  const options = { ignoreInitial: true, followSymlinks: false, depth: 0 };
  const failed = (thrown: unknown) => lost(String(thrown));
  // Only folders that are new are told: of the others the watch need not know.
  const skipped = (path: string) => path !== layout.runs && isKnown(basename(path));
  const folders = watch(layout.runs, { ...options, ignored: skipped })
    .on('all', changed)
    .on('error', failed);
  // A path of a run is watched only where it tells something: its log may grow all the time.
  const ignored = (path: string) =>
    dirname(path) !== layout.runs && !watched.includes(basename(path));
  const journals = watch([], { ...options, ignored })
    .on('all', changed)
    .on('error', failed);
  const followed = new Set<string>();
  return {
    follow(ids) {
      const wanted = new Set(ids);
      for (const id of followed) {
        if (wanted.has(id)) continue;
        followed.delete(id);
        journals.unwatch(layout.runFolder(id));
      }
      for (const id of wanted) {
        if (followed.has(id)) continue;
        followed.add(id);
        journals.add(layout.runFolder(id));
      }
    },
    close() {
      void folders.close();
      void journals.close();
    },
  };
}

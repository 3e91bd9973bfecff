import { existsSync } from 'node:fs';
import { followLink } from './scan.ts';

export interface WatchOptions {
  ignored(path: string): boolean;
  changed(path: string): void;
  /** Events may have been missed: scan. */
  lost(): void;
}

export interface OutputWatch {
  close(): Promise<void>;
}

/** Above so many entries the watcher's memory is not worth its speed: scans alone are relied on. */
const ceiling = 100_000;
const appearMs = 500;

/**
 * Hints of what changed in the directories, by chokidar (loaded here, after the program was
 * started). One that does not exist yet is taken up when it appears.
 */
export async function watchOutputs(
  directories: string[],
  options: WatchOptions,
): Promise<OutputWatch> {
  const { watch } = await import('chokidar');
  const present = directories.filter((path) => existsSync(path));
  const missing = new Set(directories.filter((path) => !present.includes(path)));
  let entries = 0;
  const watcher = watch(present.map(followLink), {
    ignoreInitial: false,
    followSymlinks: false,
    persistent: false,
    ignorePermissionErrors: true,
    ignored: (path) => options.ignored(path),
  });
  let ready = false;
  watcher
    .on('all', (event, path) => {
      if (event === 'add' || event === 'addDir') entries += 1;
      if (entries > ceiling) void watcher.close();
      else if (ready && event !== 'addDir' && event !== 'unlinkDir') options.changed(path);
    })
    .on('error', () => options.lost());
  await new Promise<void>((resolve) => {
    watcher.once('ready', resolve);
    if (present.length === 0) resolve();
  });
  ready = true;
  const timer = setInterval(() => {
    for (const path of missing) {
      if (!existsSync(path)) continue;
      missing.delete(path);
      watcher.add(followLink(path));
      options.lost(); // What was written before the watch was laid.
    }
    if (missing.size === 0) clearInterval(timer);
  }, appearMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await watcher.close();
    },
  };
}

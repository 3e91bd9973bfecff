import { join } from 'node:path';

/**
 * Calls `changed` when what HEAD names may be another commit: after a commit, a checkout, a reset.
 * Watches these few files of the repository alone.
 */
export async function watchHead(gitDir: string, changed: () => void): Promise<{ close(): void }> {
  const { watch } = await import('chokidar');
  const told = [join(gitDir, 'HEAD'), join(gitDir, 'index'), join(gitDir, 'logs', 'HEAD')];
  const ways = [gitDir, join(gitDir, 'logs')];
  const watcher = watch(gitDir, {
    ignoreInitial: true,
    followSymlinks: false,
    depth: 1,
    ignored: (path) => !told.includes(path) && !ways.includes(path),
  });
  watcher.on('all', changed);
  // Without a watch the warnings are right again after the next save.
  watcher.on('error', () => {});
  return { close: () => void watcher.close() };
}

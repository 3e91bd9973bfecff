import { type SimpleGit, simpleGit } from 'simple-git';

/**
 * simple-git on a repository, for questions that nobody waits for at a launch. Names come quoted
 * (`unquotePath`), as it decodes everything as UTF-8; nothing is fetched, no hook and no monitor
 * runs, and variables that could lead git to another repository are taken out.
 */
export function openQuietly(folder: string): SimpleGit {
  return simpleGit({
    baseDir: folder,
    config: [
      'core.quotePath=true',
      'core.fsmonitor=false',
      'diff.autoRefreshIndex=false',
      'protocol.allow=never',
    ],
    allowEnvironment: ['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM', 'GIT_CONFIG_SYSTEM'],
    unsafe: {
      allowUnsafeConfigPaths: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeProtocolOverride: true,
    },
  });
}

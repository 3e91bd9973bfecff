import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { HydraFiles } from '../core/config/hydra-compose.ts';
import type { Override } from '../core/config/overrides.ts';
import type { ConfigSource } from './config-source.ts';

export interface HydraLaunch {
  /** Folders in which configs are looked for, the app's own first. */
  folders: string[];
  configName: string;
}

/** Where a Hydra app looks, from its decorator and the command line; null where it has no file. */
export function planHydra(
  app: { configPath: string | null; configName: string | null },
  script: string,
  cwd: string,
  overrides: readonly Override[],
): HydraLaunch | null {
  const option = (name: string) =>
    overrides.findLast((item) => item.kind === 'framework' && item.key === name)?.value ?? null;
  const configName = option('config-name') ?? app.configName;
  if (configName === null) return null;
  const folder = resolve(dirname(script), option('config-path') ?? app.configPath ?? '.');
  const added = option('config-dir');
  return { folders: added === null ? [folder] : [folder, resolve(cwd, added)], configName };
}

/**
 * The files below a Hydra search path. Every file that is loaded is put into `sources`, once, in
 * the order of first use.
 */
export function openHydraFiles(
  folders: readonly string[],
  read: (absolute: string) => Promise<ConfigSource>,
  sources: Map<string, ConfigSource>,
): HydraFiles {
  return {
    async load(configPath) {
      for (const folder of folders) {
        const absolute = join(folder, `${configPath}.yaml`);
        if (!existsSync(absolute)) continue;
        const source = sources.get(absolute) ?? (await read(absolute));
        sources.set(absolute, source);
        return source.parsed;
      }
      return null;
    },
    groupExists(group) {
      if (group === '' || group.includes('.') || group.includes('\0')) return false;
      return folders.some((folder) => {
        const stat = statSync(join(folder, group), { throwIfNoEntry: false });
        return stat?.isDirectory() === true;
      });
    },
  };
}

import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { HydraApp } from '../core/config/hydra-app.ts';
import type { HydraFiles } from '../core/config/hydra-load.ts';
import type { Override } from '../core/config/overrides.ts';
import type { ConfigSource } from './config-source.ts';

export interface HydraLaunch {
  /** Folders in which configs are looked for, the app's own first. */
  folders: string[];
  configName: string;
  /** What of it only the program can tell. */
  gaps: string[];
}

/** Where Python packages may lie, for `pkg://` search paths. */
export interface PackagePlaces {
  script: string;
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/** Where a Hydra app looks, from its decorator and the command line; null where it has no file. */
export function planHydra(
  app: HydraApp,
  places: PackagePlaces,
  overrides: readonly Override[],
): HydraLaunch | null {
  const { script, cwd } = places;
  const option = (name: string) =>
    overrides.findLast((item) => item.kind === 'framework' && item.key === name)?.value ?? null;
  const configName = option('config-name') ?? app.configName;
  if (configName === null) return null;
  const gaps: string[] = [];
  const folders: string[] = [];
  const configPath = option('config-path') ?? app.configPath;
  if (configName === undefined || configPath === undefined) {
    gaps.push('which config the program names is known only at launch');
  } else if (configPath !== null) {
    const folder = findSearchFolder(configPath, dirname(script), places);
    if (folder === null) gaps.push(`where ${configPath} lies is known only at launch`);
    else {
      if (!existsSync(folder)) gaps.push(`${configPath}: the folder of the configs is not there`);
      folders.push(folder);
    }
  }
  const added = option('config-dir');
  if (added !== null) folders.push(resolve(cwd, added));
  return { folders, configName: configName ?? '', gaps };
}

/** A place of a search path; null for what only the program can find. */
function findSearchFolder(path: string, from: string, places: PackagePlaces): string | null {
  if (path.includes('${')) return null;
  const [, scheme, rest = ''] = /^([a-z]+):\/\/(.*)$/.exec(path) ?? [];
  if (scheme === undefined) return resolve(from, path);
  if (scheme === 'file') return isAbsolute(rest) ? rest : resolve(places.cwd, rest);
  if (scheme !== 'pkg') return null;
  const parts = rest.split(/[./]/).filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => !/^[\w-]+$/.test(part))) return null;
  const folder = packageRoots(places)
    .map((root) => join(root, ...parts))
    .find((candidate) => isFolder(candidate));
  return folder ?? null;
}

/** Where Python would look, as far as that can be told from outside: the folders before the installed ones. */
function packageRoots({ script, cwd, environment }: PackagePlaces): string[] {
  const roots = [dirname(script), cwd, join(cwd, 'src')];
  roots.push(...(environment.PYTHONPATH ?? '').split(':').filter((part) => part !== ''));
  for (const home of [environment.VIRTUAL_ENV, environment.CONDA_PREFIX, join(cwd, '.venv')]) {
    if (home === undefined) continue;
    const libraries = join(home, 'lib');
    for (const name of isFolder(libraries) ? readdirSync(libraries) : []) {
      if (/^python3\.\d+$/.test(name)) roots.push(join(libraries, name, 'site-packages'));
    }
  }
  return roots;
}

/**
 * The files below a Hydra search path. Every file that is loaded is put into `sources`, once, in
 * the order of first use.
 */
export function openHydraFiles(
  folders: string[],
  read: (absolute: string) => Promise<ConfigSource>,
  sources: Map<string, ConfigSource>,
  places: PackagePlaces,
): HydraFiles {
  const groups = new Map<string, boolean>();
  return {
    async load(configPath) {
      if (configPath.includes('\0')) return null;
      // `.yml` is for the oldest `version_base` alone, and only where it is written out.
      const name = /\.ya?ml$/.test(configPath) ? configPath : `${configPath}.yaml`;
      for (const folder of folders) {
        const absolute = join(folder, name);
        const known = sources.get(absolute);
        if (known === undefined && !existsSync(absolute)) continue;
        const source = known ?? (await read(absolute));
        sources.set(absolute, source);
        return source.parsed;
      }
      return null;
    },
    groupExists(group) {
      const known = groups.get(group);
      if (known !== undefined) return known;
      if (group === '' || /(?:^|\/)\.\.?(?:\/|$)|\0/.test(group)) return false;
      const exists = folders.some((folder) => isFolder(join(folder, group)));
      groups.set(group, exists);
      return exists;
    },
    listOptions(group) {
      const names = folders
        .map((folder) => join(folder, group))
        .filter((folder) => !group.includes('\0') && isFolder(folder))
        .flatMap((folder) => readdirSync(folder))
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => name.slice(0, -'.yaml'.length));
      return [...new Set(names)].sort();
    },
    addFolders(paths) {
      groups.clear();
      return paths.filter((path) => {
        const folder = findSearchFolder(path, places.cwd, places);
        if (folder !== null) folders.push(folder);
        return folder === null;
      });
    },
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

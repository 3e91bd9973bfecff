import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { surveyImports } from '../../capture/config-imports.ts';
import { type Default, readDefaults } from '../../core/config/hydra-default.ts';
import { configPathOf, groupPathOf, optionOf, placeBelow } from '../../core/config/hydra-place.ts';
import type { Diagnostic, MapNode } from '../../core/config/node.ts';

const mostScripts = 50;

/**
 * The entries of a defaults list that no file can be meant by: their group is a folder beside the
 * file, or above it, and has other options. A group without a folder may be in the program's code.
 */
export function findLostDefaults(root: MapNode, path: string, workspace: string): Diagnostic[] {
  const { list, problems } = readDefaults(root.entries.get('defaults'), false);
  const told: Diagnostic[] = problems.map(({ message, place }) => ({
    ...{ key: null, reason: 'schema', message, ...place },
  }));
  const lost = list.flatMap((entry) => judge(entry, dirname(path), workspace) ?? []);
  if (lost.length === 0 || mayBeInCode(dirname(path), workspace)) return told;
  return [...told, ...lost];
}

function judge(written: Default, folder: string, workspace: string): Diagnostic[] | null {
  if (written.kind !== 'group' || written.optional) return null;
  const entry = placeBelow(written, { groupPath: '', package: '' });
  const group = groupPathOf(entry);
  if (/^hydra(?:\/|$)/.test(group) || group.includes('..') || group.includes('\0')) return null;
  const roots = ancestors(folder, workspace).filter((root) => isFolder(join(root, group)));
  if (roots.length === 0) return null;
  const options = Array.isArray(written.value) ? written.value : [optionOf(entry)];
  return options.flatMap((option): Diagnostic[] => {
    if (option === null || option === '???' || option.includes('${')) return [];
    const file = configPathOf({ ...entry, value: option.replace(/\.yaml$/, '') });
    if (roots.some((root) => existsSync(join(root, `${file}.yaml`)))) return [];
    const names = roots.flatMap((root) => readdirSync(join(root, group)));
    const there = names
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => basename(name, '.yaml'));
    const message = `there is no config ${file}; there are ${there.sort().slice(0, 20).join(', ')}`;
    return there.length === 0
      ? []
      : [{ key: null, reason: 'missing-file', message, ...written.place }];
  });
}

/** The folders that may be the top of the search path, from the file's own upwards. */
function ancestors(folder: string, workspace: string): string[] {
  const found: string[] = [];
  for (let at = folder; at.startsWith(workspace) && found.length < 20; at = dirname(at)) {
    found.push(at);
    if (at === workspace) break;
  }
  return found;
}

/** Whether a script beside the configs, or what it imports, makes configs in code. */
function mayBeInCode(folder: string, workspace: string): boolean {
  return ancestors(folder, workspace).some((at) =>
    ['.', 'src'].some((below) => {
      const place = join(at, below);
      const names = isFolder(place)
        ? readdirSync(place).filter((name) => name.endsWith('.py'))
        : [];
      return names
        .slice(0, mostScripts)
        .some((name) => surveyImports(join(place, name), at).stores);
    }),
  );
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

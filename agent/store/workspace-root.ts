import { existsSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { files } from '../protocol/names.ts';

/**
 * The nearest folder upwards that holds `.runrecord`, `runrecord.yaml` or `.git`, never the home
 * folder or above it; else the folder itself. Links in `start` are resolved.
 */
export function findWorkspaceRoot(start: string): string {
  const own = realFolder(resolve(start));
  const barred = new Set(foldersUpFrom(realFolder(homedir())));
  for (const folder of foldersUpFrom(own)) {
    if (barred.has(folder)) break;
    if (isFolder(join(folder, files.home))) return folder;
    if (existsSync(join(folder, files.settings)) || existsSync(join(folder, '.git'))) return folder;
  }
  return own;
}

function foldersUpFrom(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersUpFrom(parent)];
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/** A link to one counts. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

// What git ignores, and git's own.
const foreign = new Set([
  '.git',
  'node_modules',
  'dist',
  '.demo',
  '.cache',
  '.runrecord',
  '__pycache__',
]);

/** Paths of the files below the given folders of the clone, relative to its root, with `/`. */
export function listSources(folders: string[] = ['.']): string[] {
  return folders.filter((folder) => existsSync(join(root, folder))).flatMap(listBelow);
}

function listBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !foreign.has(entry.name))
    .flatMap((entry) => {
      const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? listBelow(path) : [path];
    })
    .sort();
}

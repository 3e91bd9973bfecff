import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { realPath } from '../workspace-path.ts';

/** Where a program's own language looks for modules, as it is known before the start. */
export interface ImportPath {
  /** Folders that are looked in: `sys.path`, with what `PYTHONPATH` and `.pth` files add. */
  folders: string[];
  /** Where packages came from (`-e file:///…`): an editable install need not be on the path. */
  sources: (string | null)[];
  /** The interpreter's own folders: what it brings is no code of the user's. */
  prefixes: string[];
  home: string | undefined;
}

/**
 * The folders in which repositories are that the program imports from. Told by looking for `.git`
 * upwards, without git. What came with the interpreter is passed over (pyenv is a repository), and
 * a repository that holds the whole home folder, as some keep their dotfiles.
 */
export function repositoriesOnPath(path: ImportPath): string[] {
  const editable = path.sources.map(editableFolder).filter((folder) => folder !== null);
  const prefixes = [...new Set(path.prefixes.map(realPath))];
  const home = path.home === undefined ? null : realPath(path.home);
  const found = new Map<string, string | null>();
  const tops = new Set<string>();
  for (const folder of new Set([...path.folders, ...editable].map(realPath))) {
    const top = repositoryFolder(folder, found);
    if (top === null || (home !== null && isWithin(home, top))) continue;
    const brought = prefixes.some((prefix) => isWithin(folder, prefix) && !isWithin(top, prefix));
    if (!brought) tops.add(top);
  }
  return [...tops];
}

/** The nearest folder upwards that holds a `.git`, without asking git. */
export function repositoryFolder(
  start: string,
  known = new Map<string, string | null>(),
): string | null {
  const from = isFile(start) ? dirname(start) : resolve(start);
  const passed: string[] = [];
  let found: string | null = null;
  for (let folder = from; ; folder = dirname(folder)) {
    const before = known.get(folder);
    if (before !== undefined) {
      found = before;
      break;
    }
    passed.push(folder);
    if (existsSync(join(folder, '.git'))) {
      found = folder;
      break;
    }
    if (dirname(folder) === folder) break;
  }
  for (const folder of passed) known.set(folder, found);
  return found;
}

/** A zip on the path. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function editableFolder(source: string | null): string | null {
  const url = /^-e (file:.*)$/.exec(source ?? '')?.[1];
  if (url === undefined) return null;
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

/** True for the folder itself too. */
export function isWithin(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return inside !== '..' && !inside.startsWith('../') && !isAbsolute(inside);
}

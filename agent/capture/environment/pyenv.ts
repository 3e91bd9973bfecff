import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  isExecutable,
  isFile,
  isFolder,
  listPrograms,
  readStart,
  type Variables,
} from './find-program.ts';

/** The root of pyenv where `path` is one of its shims, else null. */
export function findPyenvRoot(path: string, env: Variables): string | null {
  if (!/\/shims\/[^/]+$/.test(path)) return null;
  const start = readStart(path, 1_024);
  if (!start.includes('pyenv') || !start.includes('PYENV_ROOT')) return null;
  const said = /PYENV_ROOT="?([^"\n]+)"?/.exec(start)?.[1];
  return said ?? env.PYENV_ROOT ?? dirname(dirname(path));
}

/**
 * What a shim of pyenv would run, by its own rules and without starting it: PYENV_VERSION, else
 * `.python-version` in the folder or above, else the global version; the first of these versions
 * that has the program; `system` is the next one on PATH that is no shim.
 */
export function followPyenvShim(
  program: string,
  root: string,
  cwd: string,
  env: Variables,
): string | null {
  for (const wanted of readWanted(root, cwd, env)) {
    if (wanted === 'system') {
      const path = findBehindShims(program, root, cwd, env);
      if (path) return path;
      continue;
    }
    const version =
      matchVersion(root, wanted) ?? matchVersion(root, wanted.replace(/^python-/, ''));
    const path = version === null ? null : join(root, 'versions', version, 'bin', program);
    if (path !== null && isExecutable(path)) return path;
  }
  return null;
}

function readWanted(root: string, cwd: string, env: Variables): string[] {
  if (env.PYENV_VERSION) return env.PYENV_VERSION.split(':');
  for (const start of [env.PYENV_DIR, cwd]) {
    for (let folder = start; folder; folder = folder === '/' ? undefined : dirname(folder)) {
      const found = readVersionFile(join(folder, '.python-version'));
      if (found) return found;
    }
  }
  return readVersionFile(join(root, 'version')) ?? ['system'];
}

function readVersionFile(path: string): string[] | null {
  if (!isFile(path)) return null;
  try {
    const words = readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim())
      .flatMap((line) => line.split(/\s+/))
      .filter((word) => word !== '' && !word.includes('..'));
    return words.length > 0 ? words : null;
  } catch {
    return null;
  }
}

/** `3.11` means the newest installed 3.11.x. */
function matchVersion(root: string, wanted: string): string | null {
  if (isFolder(join(root, 'versions', wanted))) return wanted;
  try {
    const matching = readdirSync(join(root, 'versions')).filter((name) =>
      new RegExp(`^${wanted.replaceAll(/[.+*?^$()[\]{}|\\]/g, '\\$&')}[.][0-9.]+$`).test(name),
    );
    return matching.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? null;
  } catch {
    return null;
  }
}

function findBehindShims(
  program: string,
  root: string,
  cwd: string,
  env: Variables,
): string | null {
  for (const path of listPrograms(program, cwd, env)) {
    if (dirname(path) !== join(root, 'shims')) return path;
  }
  return null;
}

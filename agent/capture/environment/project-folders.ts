import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { realPath } from '../workspace-path.ts';
import { isFile, isFolder } from './find-program.ts';
import type { Unwrapped } from './launch-wrappers.ts';
import { readText } from './read-text.ts';

/** The nearest folder, from `start` up, that holds `name`. */
export function findAbove(start: string, name: string): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isFile(join(folder, name)) || isFolder(join(folder, name))) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** With the programs of an environment before all others. */
export function inFolder(command: Unwrapped, folder: string | undefined): Unwrapped {
  if (!folder || !isFolder(join(folder, 'bin'))) return command;
  const path = [join(folder, 'bin'), command.env.PATH].filter(Boolean).join(':');
  return { ...command, env: { ...command.env, PATH: path, VIRTUAL_ENV: folder } };
}

/** Poetry's own naming: project name, and eight characters of the hash of its folder. */
export function findPoetryVenv({ cwd, env }: Unwrapped): string | undefined {
  const project = findAbove(cwd, 'pyproject.toml');
  if (env.VIRTUAL_ENV) return env.VIRTUAL_ENV;
  if (!project) return undefined;
  if (isFolder(join(project, '.venv'))) return join(project, '.venv');
  const home = env.HOME ?? '';
  const cache =
    env.POETRY_CACHE_DIR ?? join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'pypoetry');
  const folder = env.POETRY_VIRTUALENVS_PATH ?? join(cache, 'virtualenvs');
  try {
    const text = readFileSync(join(project, 'pyproject.toml'), 'utf8');
    const name = /^name\s*=\s*["']([^"']+)["']/m.exec(text)?.[1]?.toLowerCase() ?? '';
    const start = `${safeName(name)}-${shortHash(realPath(project))}-py`;
    const found = readdirSync(folder).find((entry) => entry.startsWith(start));
    return found ? join(folder, found) : undefined;
  } catch {
    return undefined;
  }
}

/** Pipenv's: the folder's name, and the hash of the path of its Pipfile; or what `.venv` names. */
export function findPipenvVenv({ cwd, env }: Unwrapped): string | undefined {
  const project = findAbove(cwd, 'Pipfile');
  if (env.VIRTUAL_ENV && !env.PIPENV_IGNORE_VIRTUALENVS) return env.VIRTUAL_ENV;
  if (!project) return undefined;
  const beside = join(project, '.venv');
  if (isFolder(beside)) return beside;
  const home = env.WORKON_HOME ?? join(dataHome(env.XDG_DATA_HOME, env.HOME), 'virtualenvs');
  const named = readText(beside)?.trim();
  if (named) return named.includes('/') ? named : join(home, named);
  const own = `${safeName(basename(project))}-${shortHash(join(realPath(project), 'Pipfile'))}`;
  try {
    const found = readdirSync(home).find((name) => name === own || name.startsWith(`${own}-`));
    return found ? join(home, found) : undefined;
  } catch {
    return undefined;
  }
}

function dataHome(said: string | undefined, home: string | undefined): string {
  return said ?? join(home ?? '', '.local/share');
}

function safeName(name: string): string {
  return name.replaceAll(/[ &$`!*@"()[\]\\\r\n\t]/g, '_').slice(0, 42);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}

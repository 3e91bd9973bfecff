import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { realPath } from '../workspace-path.ts';
import { isFile, isFolder, type Variables } from './find-program.ts';

/** A command with what a wrapper before it changed. */
export interface Unwrapped {
  argv: string[];
  cwd: string;
  env: Variables;
}

/** Options that take the next word, for wrappers whose command follows their options. */
const valueOptions: Record<string, string[]> = {
  nice: ['-n', '--adjustment'],
  nohup: [],
  setsid: [],
  time: ['-f', '--format', '-o', '--output'],
  stdbuf: ['-i', '-o', '-e'],
  ionice: ['-c', '-n', '-t'],
  exec: [],
  command: [],
  'xvfb-run': ['-n', '-s', '-f', '-e', '-w', '-p'],
  numactl: ['-N', '-m', '-C', '-i', '-p', '-l'],
  unbuffer: [],
  catchsegv: [],
};
/** The same with so many words of their own before the command. */
const positional: Record<string, number> = { timeout: 1, taskset: 1, chrt: 1 };

/** The command behind a wrapper (`env`, `nice`, `uv run` ...), or null where there is none. */
export function unwrap(command: Unwrapped): Unwrapped | null {
  const { argv, cwd, env } = command;
  const name = basename(argv[0] ?? '');
  if (name === 'env') return unwrapEnv(command);
  const runner = runners[name];
  if (runner && argv[1] === 'run') return runner({ argv: argv.slice(2), cwd, env });
  const own = positional[name] ?? 0;
  const options = valueOptions[name] ?? (own > 0 ? ['-s', '-k', '--signal', '--kill-after'] : null);
  if (!options) return null;
  return { argv: skipOptions(argv.slice(1), options).slice(own), cwd, env };
}

function skipOptions(words: string[], withValue: string[]): string[] {
  let index = 0;
  while (words[index]?.startsWith('-')) {
    const word = words[index++];
    if (word === '--') break;
    if (word !== undefined && withValue.includes(word)) index += 1;
  }
  return words.slice(index);
}

/** `env [-i] [-u NAME] [-C FOLDER] [-S "words"] [NAME=VALUE]... COMMAND`. */
function unwrapEnv(command: Unwrapped): Unwrapped {
  const words = command.argv.slice(1);
  let env = { ...command.env };
  let { cwd } = command;
  while (words.length > 0) {
    const word = words[0] ?? '';
    const assignment = /^([^=]+)=(.*)$/s.exec(word);
    if (word === '-i' || word === '-' || word === '--ignore-environment') env = {};
    else if (word === '-u' || word === '--unset') delete env[words[1] ?? ''];
    else if (word.startsWith('--unset=')) delete env[word.slice(8)];
    else if (word === '-C' || word === '--chdir') cwd = resolve(cwd, words[1] ?? '');
    else if (word.startsWith('--chdir=')) cwd = resolve(cwd, word.slice(8));
    else if (/^(?:-S|-vS|--split-string=)/.test(word)) {
      const joined = word.replace(/^(?:-S|-vS|--split-string=)\s*/, '');
      const text = joined === '' ? (words.splice(1, 1)[0] ?? '') : joined;
      words.splice(0, 1, ...splitWords(text));
      continue;
    } else if (assignment && !word.startsWith('-')) env[assignment[1] ?? ''] = assignment[2] ?? '';
    else if (!word.startsWith('-')) break;
    const tookNext = ['-u', '--unset', '-C', '--chdir'].includes(word);
    words.splice(0, tookNext ? 2 : 1);
    if (word === '--') break;
  }
  return { argv: words, cwd, env };
}

function splitWords(text: string): string[] {
  const words = text.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replace(/^(["'])(.*)\1$/s, '$2'));
}

/** Tools that run a command inside the environment of a project. */
const runners: Record<string, (command: Unwrapped) => Unwrapped> = {
  uv: (command) => {
    const argv = skipOptions(command.argv, uvValueOptions);
    const project = findAbove(command.cwd, 'pyproject.toml');
    const folder = command.env.UV_PROJECT_ENVIRONMENT ?? '.venv';
    const venv = project ? resolve(project, folder) : command.env.VIRTUAL_ENV;
    // `uv run train.py` runs it with the Python of the environment.
    const script = /\.pyw?$/.test(argv[0] ?? '');
    return inFolder({ ...command, argv: script ? ['python', ...argv] : argv }, venv);
  },
  poetry: (command) => {
    const argv = skipOptions(command.argv, ['-C', '-P', '--directory', '--project']);
    return inFolder({ ...command, argv }, findPoetryVenv(command));
  },
  pdm: (command) => inProjectVenv(command, ['-p', '--project', '--venv']),
  pipenv: (command) => inProjectVenv(command, []),
  hatch: (command) => inProjectVenv(command, []),
  rye: (command) => inProjectVenv(command, []),
  pixi: (command) => {
    const name = optionValue(command.argv, ['-e', '--environment']) ?? 'default';
    const argv = skipOptions(command.argv, ['-e', '--environment', '--manifest-path']);
    const project = findAbove(command.cwd, 'pixi.toml') ?? findAbove(command.cwd, 'pyproject.toml');
    return inFolder({ ...command, argv }, project ? join(project, '.pixi/envs', name) : undefined);
  },
  conda: condaRun,
  mamba: condaRun,
  micromamba: condaRun,
};

const uvValueOptions = [
  '--with',
  '--with-editable',
  '--with-requirements',
  '--extra',
  '--group',
  '--only-group',
  '--no-group',
  '--no-extra',
  '-p',
  '--python',
  '--package',
  '--project',
  '--directory',
  '--env-file',
  '--index',
  '--index-url',
  '-i',
  '--extra-index-url',
  '-f',
  '--find-links',
  '--cache-dir',
  '--config-file',
  '--color',
  '-P',
  '--upgrade-package',
  '--refresh-package',
];

function inProjectVenv(command: Unwrapped, withValue: string[]): Unwrapped {
  const project = findAbove(command.cwd, '.venv');
  const venv = command.env.VIRTUAL_ENV ?? (project ? join(project, '.venv') : undefined);
  return inFolder({ ...command, argv: skipOptions(command.argv, withValue) }, venv);
}

function condaRun(command: Unwrapped): Unwrapped {
  const named = optionValue(command.argv, ['-n', '--name']);
  const prefix = optionValue(command.argv, ['-p', '--prefix']);
  const options = ['-n', '--name', '-p', '--prefix', '--cwd'];
  const argv = skipOptions(command.argv, options);
  if (prefix) return inFolder({ ...command, argv }, resolve(command.cwd, prefix));
  const roots = [command.env.MAMBA_ROOT_PREFIX, condaRoot(command.env)].filter(Boolean);
  const found = roots
    .map((root) => (named === 'base' ? `${root}` : `${root}/envs/${named}`))
    .find(isFolder);
  return inFolder({ ...command, argv }, named ? found : command.env.CONDA_PREFIX);
}

function condaRoot(env: Variables): string | undefined {
  const executable = env.CONDA_EXE;
  return executable
    ? dirname(dirname(executable))
    : env.CONDA_PREFIX?.replace(/\/envs\/[^/]+$/, '');
}

function optionValue(words: string[], names: string[]): string | undefined {
  const index = words.findIndex((word) => names.includes(word));
  return index < 0 ? undefined : words[index + 1];
}

/** Poetry's own naming: project name, and eight characters of the hash of its folder. */
function findPoetryVenv({ cwd, env }: Unwrapped): string | undefined {
  const project = findAbove(cwd, 'pyproject.toml');
  if (env.VIRTUAL_ENV) return env.VIRTUAL_ENV;
  if (!project) return undefined;
  if (isFolder(join(project, '.venv'))) return join(project, '.venv');
  const home = env.HOME ?? '';
  const cache =
    env.POETRY_CACHE_DIR ?? join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'pypoetry');
  const folder = env.POETRY_VIRTUALENVS_PATH ?? join(cache, 'virtualenvs');
  const hash = createHash('sha256').update(realPath(project)).digest('base64url').slice(0, 8);
  try {
    const text = readFileSync(join(project, 'pyproject.toml'), 'utf8');
    const name = /^name\s*=\s*["']([^"']+)["']/m.exec(text)?.[1]?.toLowerCase() ?? '';
    const start = `${name.replaceAll(/[ $`!*@"\\\r\n\t]/g, '_').slice(0, 42)}-${hash}-py`;
    const found = readdirSync(folder).find((entry) => entry.startsWith(start));
    return found ? join(folder, found) : undefined;
  } catch {
    return undefined;
  }
}

function findAbove(start: string, name: string): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isFile(join(folder, name)) || isFolder(join(folder, name))) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** With the programs of an environment before all others. */
function inFolder(command: Unwrapped, folder: string | undefined): Unwrapped {
  if (!folder || !isFolder(join(folder, 'bin'))) return command;
  const path = [join(folder, 'bin'), command.env.PATH].filter(Boolean).join(':');
  return { ...command, env: { ...command.env, PATH: path, VIRTUAL_ENV: folder } };
}

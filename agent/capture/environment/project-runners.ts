import { dirname, join, resolve } from 'node:path';
import { isFolder, type Variables } from './find-program.ts';
import type { Unwrapped } from './launch-wrappers.ts';
import { findAbove, findPipenvVenv, findPoetryVenv, inFolder } from './project-folders.ts';
import { optionValue, skipOptions } from './runner-options.ts';
import { unwrapUvRun } from './uv-run.ts';

type Runner = (command: Unwrapped) => Unwrapped;

/**
 * What a tool that runs commands inside a project's environment would run, or null where these
 * words are none of it. The answer takes the whole command.
 */
export function projectRunner(name: string, words: string[]): Runner | null {
  const runner = runners[name];
  if (!runner) return null;
  // `poetry -C folder run x`, `uv --quiet run x`: the tool's own options come before the verb.
  const at = words.indexOf('run');
  const before = words.slice(0, Math.max(at, 0));
  if (at < 0 || before.some((word, index) => !isOption(word, before[index - 1]))) return null;
  return (command) => runner({ ...command, argv: [...before, ...words.slice(at + 1)] });
}

function isOption(word: string, previous: string | undefined): boolean {
  return word.startsWith('-') || (previous?.startsWith('-') ?? false);
}

const runners: Record<string, Runner> = {
  uv: unwrapUvRun,
  poetry: (command) => {
    const folder = optionValue(command.argv, ['-C', '--directory', '-P', '--project']);
    const argv = skipOptions(command.argv, ['-C', '-P', '--directory', '--project']);
    const place = folder === undefined ? command.cwd : resolve(command.cwd, folder);
    return inFolder({ ...command, argv }, findPoetryVenv({ ...command, cwd: place }));
  },
  pdm: (command) => {
    const inner = inProjectVenv(command, ['-p', '--project', '--venv']);
    const isScript = /\.pyw?$/.test(inner.argv[0] ?? '');
    return isScript ? { ...inner, argv: ['python', ...inner.argv] } : inner;
  },
  pipenv: (command) => {
    return inFolder({ ...command, argv: skipOptions(command.argv, []) }, findPipenvVenv(command));
  },
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

function inProjectVenv(command: Unwrapped, withValue: string[]): Unwrapped {
  const project = findAbove(command.cwd, '.venv');
  const venv = command.env.VIRTUAL_ENV ?? (project ? join(project, '.venv') : undefined);
  return inFolder({ ...command, argv: skipOptions(command.argv, withValue) }, venv);
}

function condaRun(command: Unwrapped): Unwrapped {
  const named = optionValue(command.argv, ['-n', '--name']);
  const prefix = optionValue(command.argv, ['-p', '--prefix']);
  const cwd = resolve(command.cwd, optionValue(command.argv, ['--cwd']) ?? '.');
  const options = ['-n', '--name', '-p', '--prefix', '--cwd'];
  const argv = skipOptions(command.argv, options);
  if (prefix) return inFolder({ ...command, cwd, argv }, resolve(command.cwd, prefix));
  const roots = [command.env.MAMBA_ROOT_PREFIX, condaRoot(command.env)].filter(Boolean);
  const found = roots
    .map((root) => (named === 'base' ? `${root}` : `${root}/envs/${named}`))
    .find(isFolder);
  return inFolder({ ...command, cwd, argv }, named ? found : command.env.CONDA_PREFIX);
}

function condaRoot(env: Variables): string | undefined {
  const executable = env.CONDA_EXE;
  return executable
    ? dirname(dirname(executable))
    : env.CONDA_PREFIX?.replace(/\/envs\/[^/]+$/, '');
}

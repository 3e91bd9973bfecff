import { join, resolve } from 'node:path';
import { isFolder, readStart } from './find-program.ts';
import type { Unsure, Unwrapped } from './launch-wrappers.ts';
import { findAbove, inFolder } from './project-folders.ts';
import { hasOption, optionValue, skipOptions } from './runner-options.ts';

const valueOptions = [
  '--with',
  '-w',
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
  '--default-index',
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
  '--exclude-newer',
  '--index-strategy',
  '--link-mode',
  '--resolution',
  '--prerelease',
];

/**
 * `uv run [OPTIONS] COMMAND`: the environment of the project, which uv first makes what its lock
 * file says; unless asked for one of its own.
 */
export function unwrapUvRun(command: Unwrapped): Unwrapped {
  const words = command.argv;
  const rest = skipOptions(words, valueOptions);
  const options = words.slice(0, words.length - rest.length);
  const cwd = resolve(command.cwd, optionValue(options, ['--directory']) ?? '.');
  const given = optionValue(options, ['--project']);
  const project = hasOption(options, ['--no-project'])
    ? null
    : findAbove(given === undefined ? cwd : resolve(command.cwd, given), 'pyproject.toml');
  const folder = command.env.UV_PROJECT_ENVIRONMENT ?? '.venv';
  const bare = findAbove(cwd, '.venv');
  const venv = project
    ? resolve(project, folder)
    : (command.env.VIRTUAL_ENV ?? (bare === null ? undefined : join(bare, '.venv')));
  const argv = commandOf(rest, options);
  const unsure = findUnsure(argv, options, { cwd, project, venv });
  const syncs = project !== null && !hasOption(options, ['--no-sync', '--isolated']);
  return inFolder({ ...command, cwd, argv, unsure, syncs }, venv);
}

/** `uv run train.py` runs it with the Python of the environment, `uv run -m x` a module. */
function commandOf(rest: string[], options: string[]): string[] {
  const isScript = hasOption(options, ['-s', '--script']) || /\.pyw?$/.test(rest[0] ?? '');
  if (hasOption(options, ['-m', '--module'])) return ['python', '-m', ...rest];
  return isScript || rest[0] === '-' ? ['python', ...rest] : rest;
}

function findUnsure(
  argv: string[],
  options: string[],
  place: { cwd: string; project: string | null; venv: string | undefined },
): Unsure | undefined {
  const script = argv[0] === 'python' ? (argv[1] ?? '') : '';
  if (/\.pyw?$/.test(script) && hasInlineMetadata(resolve(place.cwd, script))) {
    return { reason: `uv makes an environment for ${script} by what it says`, isOther: true };
  }
  if (hasOption(options, ['--isolated'])) {
    return { reason: 'uv run --isolated makes an environment of its own', isOther: true };
  }
  if (place.project !== null && place.venv !== undefined && !isFolder(join(place.venv, 'bin'))) {
    return { reason: `uv run makes ${place.venv} when it starts`, isOther: true };
  }
  const more = hasOption(options, ['--with', '-w', '--with-editable', '--with-requirements']);
  return more ? { reason: 'uv run --with adds to what is listed', isOther: false } : undefined;
}

/** PEP 723: `# /// script` at the start of a line. */
function hasInlineMetadata(path: string): boolean {
  return /^# \/\/\/ script\s*$/m.test(readStart(path, 16 * 1024));
}

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findPyenvRoot } from '../../../agent/capture/environment/pyenv.ts';
import { findPythons } from '../../../agent/recorder/find-python.ts';
import { root } from '../../support/sources.ts';

export interface Python {
  /** `3.11`. */
  version: string;
  path: string;
}

const expected = ['3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'];

/** One interpreter of each version that is on this machine: on PATH by its name, or of pyenv. */
export const pythons: readonly Python[] = listPythons();

function listPythons(): Python[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const named = expected.flatMap((version) =>
    folders.map((folder) => join(folder, `python${version}`)).filter((path) => existsSync(path)),
  );
  const found = new Map<string, Python>();
  for (const path of [...findPythons(process.env, root), ...named]) {
    const version = askVersion(path);
    if (expected.includes(version) && !found.has(version)) found.set(version, { version, path });
  }
  return expected.flatMap((version) => found.get(version) ?? []);
}

/** Versions that nothing is said about here. */
export const missingVersions = expected.filter(
  (version) => !pythons.some((python) => python.version === version),
);

/** Those of pyenv that are too old to be observed. */
export function listOldPythons(): Python[] {
  const shims = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'python3'))
    .flatMap((path) => findPyenvRoot(path, process.env) ?? []);
  return [...new Set(shims)].flatMap((pyenv) =>
    readdirSync(join(pyenv, 'versions'))
      .filter((name) => /^(?:2\.7|3\.[4-7])\./.test(name))
      .map((name) => ({ version: name, path: join(pyenv, 'versions', name, 'bin/python') })),
  );
}

function askVersion(path: string): string {
  const asked = ['-I', '-S', '-c', 'import sys; print("%d.%d" % sys.version_info[:2])'];
  return spawnSync(path, asked, { encoding: 'utf8' }).stdout?.trim() ?? '';
}

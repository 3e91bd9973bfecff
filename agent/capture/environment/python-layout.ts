import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isFolder } from './find-program.ts';
import type { PythonFacts } from './python-probe.ts';
import type { Interpreter } from './resolve-interpreter.ts';

/**
 * What the folders tell where Python itself could not be asked: the usual places of packages below
 * its prefix. No `.pth` file is followed, so it may be less than the program sees.
 */
export function guessPythonFacts(interpreter: Interpreter): PythonFacts {
  const base = dirname(dirname(interpreter.realPath));
  const prefix = interpreter.venv ?? base;
  const alone = interpreter.venv !== null && !sharesSystemPackages(interpreter.venv);
  const places = [...new Set(alone ? [prefix] : [prefix, base])].flatMap((root) => {
    const libraries = ['lib', 'lib64', 'local/lib'].map((name) => join(root, name));
    return libraries.flatMap((library) => sitePackages(library, interpreter.version));
  });
  const debian = ['/usr/lib/python3/dist-packages'].filter(
    (path) => base === '/usr' && interpreter.venv === null && isFolder(path),
  );
  return {
    version: interpreter.version ?? '',
    implementation: 'unknown',
    path: [...places, ...debian],
    prefix,
    basePrefix: base,
  };
}

/** As `site` decides: only the word `false` keeps them apart. */
function sharesSystemPackages(venv: string): boolean {
  try {
    const text = readFileSync(join(venv, 'pyvenv.cfg'), 'utf8');
    return !/^include-system-site-packages\s*=\s*false\s*$/im.test(text);
  } catch {
    return false;
  }
}

function sitePackages(library: string, version: string | null): string[] {
  const minor = version?.split('.').slice(0, 2).join('.');
  const wanted = minor
    ? [`python${minor}`]
    : listFolder(library).filter((name) => /^(?:python|pypy)3/.test(name));
  return wanted
    .flatMap((name) => ['site-packages', 'dist-packages'].map((kind) => join(library, name, kind)))
    .filter(isFolder);
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

import { readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment, Package } from '../../protocol/record.ts';
import { isFolder, readStart } from './find-program.ts';

type Blas = NonNullable<Environment['blas']>[number];

/** The libraries that do linear algebra below numpy and scipy, by the names of their files. */
const libraries: [RegExp, string][] = [
  [/^lib(?:scipy_)?openblas/i, 'openblas'],
  [/^libmkl_/i, 'mkl'],
  [/^libblis/i, 'blis'],
  [/^libatlas|^libsatlas|^libtatlas/i, 'atlas'],
  [/^libflexiblas/i, 'flexiblas'],
];

/**
 * The BLAS that numpy and scipy are installed with: bundled in their wheels, chosen by conda, or the
 * system's. Empty where there is neither package, or nothing tells; what a run really loaded is said
 * from inside it.
 */
export function readBlas(
  folders: string[],
  packages: Package[],
  prefix: string | null,
): NonNullable<Environment['blas']> {
  const found: Blas[] = [];
  for (const name of ['numpy', 'scipy']) {
    const site = folders.find((folder) => isFolder(join(folder, name)));
    if (site === undefined) continue;
    const blas =
      bundled(site, name) ??
      chosenByConda(packages, prefix, name) ??
      saidByPackage(site, name) ??
      (site.endsWith('/dist-packages') ? ofSystem(name) : null);
    if (blas) found.push(blas);
  }
  return found;
}

/** `numpy.libs/libscipy_openblas64_-ff651d7f.so`, on a Mac `numpy/.dylibs`. */
function bundled(site: string, name: string): Blas | null {
  for (const folder of [join(site, `${name}.libs`), join(site, name, '.dylibs')]) {
    for (const file of list(folder)) {
      const library = libraries.find(([pattern]) => pattern.test(file))?.[1];
      if (library === undefined) continue;
      const inName = versionInName(file);
      const said = saidByPackage(site, name);
      const version = inName ?? (said?.library === library ? said.version : null);
      return { library, version, package: name, file };
    }
  }
  return null;
}

/** `libopenblasp-r0.3.21.so`; wheels put a hash into it, `-r0-0cf96a72.3.23.dev.so`. */
function versionInName(file: string): string | null {
  const [, first, rest] = /-r(\d+)(?:-[0-9a-f]{8})?\.(\d+\.\d+(?:\.dev\d*)?)/.exec(file) ?? [];
  return first === undefined ? null : `${first}.${rest}`;
}

/** Built packages tell what they were built with: numpy from 1.26, scipy from 1.11 on. */
function saidByPackage(site: string, name: string): Blas | null {
  const text = readStart(join(site, name, '__config__.py'), 64 * 1024);
  const section = /"blas":\s*\{([^}]*)\}/.exec(text)?.[1] ?? '';
  const said = /"name":\s*"([^"]+)"/.exec(section)?.[1]?.toLowerCase();
  if (said === undefined || said === 'none' || said === 'auto') return null;
  const version = /"version":\s*"(\d[^"]*)"/.exec(section)?.[1] ?? null;
  const library =
    ['openblas', 'mkl', 'accelerate', 'blis', 'flexiblas'].find((known) => said.includes(known)) ??
    said;
  return { library, version, package: name, file: null };
}

/** conda-forge's `libblas` carries the choice in its build: `31_h59b9bed_openblas`. */
function chosenByConda(packages: Package[], prefix: string | null, name: string): Blas | null {
  if (prefix === null) return null;
  const of = (wanted: string) =>
    packages.find((one) => one.ecosystem === 'conda' && one.name === wanted);
  const choice = of('libblas') ?? of('blas');
  const library = /(openblas|mkl|accelerate|blis|netlib)$/.exec(choice?.build ?? '')?.[1];
  if (library === undefined) return null;
  const version = (of(`lib${library}`) ?? of(library))?.version ?? null;
  return { library, version, package: name, file: null };
}

/** Debian's alternatives: `libblas.so.3` leads to the one that was chosen. */
function ofSystem(name: string): Blas | null {
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string];
  try {
    const real = realpathSync(`/etc/alternatives/libblas.so.3-${machine}-linux-gnu`);
    const folder = dirname(real);
    const library = ['openblas', 'atlas', 'blis', 'mkl'].find((known) => folder.includes(known));
    const version = list(folder)
      .map(versionInName)
      .find((text) => text !== null);
    return { library: library ?? 'reference', version: version ?? null, package: name, file: real };
  } catch {
    return null;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

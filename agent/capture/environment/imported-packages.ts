import type { Package } from '../../protocol/record.ts';
import { type FolderMemory, modulesByDistribution } from './distribution-modules.ts';

/** A top-level module that a program imported from a library. */
export interface ImportedModule {
  /** Null for what has none, as a namespace that several distributions share. */
  file: string | null;
  version?: string | null;
}

/**
 * The packages with `imported` told: by which modules each brings. `isWhole`: the program was seen
 * to its end, so that what was not seen being imported was not; else that stays unknown.
 */
export function findImported(
  packages: Package[],
  modules: ReadonlyMap<string, ImportedModule>,
  { isWhole, ...memory }: { isWhole: boolean } & FolderMemory,
): Package[] {
  const imported = new Set(modules.keys());
  const bringing = new Map<string, Set<string>>();
  for (const folder of foldersOf(modules)) {
    for (const [name, tops] of modulesByDistribution(folder, imported, memory)) {
      if (!bringing.has(name)) bringing.set(name, tops);
    }
  }
  const shared = countShared(bringing);
  return packages.map((item) => {
    if (item.ecosystem !== 'pypi') return item;
    const tops = bringing.get(item.name) ?? new Set([item.name.replaceAll('-', '_')]);
    const found = [...tops].filter((top) => modules.has(top));
    const isCertain = found.some((top) => (shared.get(top) ?? 1) === 1);
    if (isCertain) return { ...item, imported: true, ...otherVersion(item, modules) };
    // One of several that share a name: which of them it was is not known.
    if (found.length > 0) return { ...item, imported: null };
    return { ...item, imported: isWhole ? false : null };
  });
}

/** Another copy may come first on the import path than the one whose metadata was read. */
function otherVersion(
  { name, version }: Package,
  modules: ReadonlyMap<string, ImportedModule>,
): Pick<Package, 'importedVersion'> {
  // Only a module of the package's own name speaks for it.
  const own = modules.get(name.replaceAll('-', '_'))?.version ?? null;
  if (own === null || version === null || isSameVersion(own, version)) return {};
  return { importedVersion: own };
}

/** `2026.05.20` is `2026.5.20`, and `4.9.0` of `4.9.0.80`, or of `4.9.0+cpu`, is no other version; what is none says nothing. */
function isSameVersion(a: string, b: string): boolean {
  const [short = '', long = ''] = [a, b]
    .map((text) =>
      text
        .trim()
        .toLowerCase()
        .replace(/^v/, '')
        .replace(/[-_]/g, '.')
        .replace(/(?<![\w])0+(?=\d)/g, ''),
    )
    .sort((one, other) => one.length - other.length);
  if (![short, long].every((text) => /^\d+(?:\.\w+)+/.test(text))) return true;
  return long.startsWith(short) && !/^\d/.test(long.slice(short.length));
}

/** The folders of modules that something was imported from. */
function foldersOf(modules: ReadonlyMap<string, ImportedModule>): string[] {
  const folders = new Set<string>();
  for (const { file } of modules.values()) {
    const found = /^(.*\/(?:site|dist)-packages)\//.exec(file ?? '')?.[1];
    if (found !== undefined) folders.add(found);
  }
  return [...folders];
}

function countShared(bringing: Map<string, Set<string>>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const tops of bringing.values()) {
    for (const top of tops) counts.set(top, (counts.get(top) ?? 0) + 1);
  }
  return counts;
}

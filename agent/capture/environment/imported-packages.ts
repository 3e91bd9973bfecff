import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Package } from '../../protocol/record.ts';
import { normaliseName } from './distribution-metadata.ts';

/** A top-level module that a program imported from a library. */
export interface ImportedModule {
  /** Null for what has none, as a namespace that several distributions share. */
  file: string | null;
  version?: string | null;
}

/**
 * The packages with `imported` told: by which modules each brings (`top_level.txt`, else `RECORD`,
 * which is read only where names do not tell). `isWhole`: the program was seen to its end, so that
 * what was not seen being imported was not; else that stays unknown.
 */
export function findImported(
  packages: Package[],
  modules: ReadonlyMap<string, ImportedModule>,
  { isWhole }: { isWhole: boolean },
): Package[] {
  const bringing = new Map<string, Set<string>>();
  for (const folder of foldersOf(modules)) {
    for (const [name, tops] of modulesOfDistributions(folder, modules)) {
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

function modulesOfDistributions(
  folder: string,
  modules: ReadonlyMap<string, ImportedModule>,
): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const open = new Map<string, string>();
  let entries: string[] = [];
  try {
    entries = readdirSync(folder);
  } catch {
    return found;
  }
  for (const entry of entries) {
    const [, name] = /^(.+?)-[^-]+\.(?:dist|egg)-info$/.exec(entry) ?? [];
    if (name === undefined) continue;
    const key = normaliseName(name);
    const listed = readLines(join(folder, entry, 'top_level.txt'));
    if (listed.length > 0) found.set(key, new Set(listed));
    else if (modules.has(name)) found.set(key, new Set([name]));
    else open.set(key, join(folder, entry, 'RECORD'));
  }
  const known = new Set([...found.values()].flatMap((tops) => [...tops]));
  const isOpen = [...modules.keys()].some((name) => !known.has(name));
  if (isOpen) for (const [key, path] of open) found.set(key, topsOfRecord(path));
  return found;
}

/** `yaml/__init__.py,sha256=...` brings `yaml`, `six.py` brings `six`. */
function topsOfRecord(path: string): Set<string> {
  const tops = new Set<string>();
  for (const line of readLines(path)) {
    const [first = ''] = line.split(',', 1);
    const top = /^([A-Za-z_]\w*)(?:\/|(?:\.[\w-]+)*\.(?:py|so|pyd)$)/.exec(first)?.[1];
    if (top !== undefined) tops.add(top);
  }
  return tops;
}

function countShared(bringing: Map<string, Set<string>>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const tops of bringing.values()) {
    for (const top of tops) counts.set(top, (counts.get(top) ?? 0) + 1);
  }
  return counts;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

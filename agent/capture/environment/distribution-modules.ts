import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { normaliseName } from './distribution-metadata.ts';
import { isRacy, readFolderMemory, statText, writeFolderMemory } from './python-cache.ts';

/** A distribution of one folder with the top-level modules that it brings. */
interface Bringing {
  /** As its metadata folder is called: `PyYAML-6.0.dist-info`. */
  entry: string;
  /** As it is written there, which may be the name of its module. */
  name: string;
  /** Null where only its `RECORD` would tell, which may be large and was not read. */
  modules: string[] | null;
}

export interface FolderMemory {
  /** Where it is kept what each folder brings. */
  cacheFolder: string;
  /** Milliseconds since 1970. */
  nowMs: number;
}

/**
 * The top-level modules that each distribution in `folder` brings, by its normalised name: from
 * `top_level.txt`, else `RECORD`, which is read only where names do not tell where one of `imported`
 * came from. Remembered for as long as the folder stays as it is.
 */
export function modulesByDistribution(
  folder: string,
  imported: ReadonlySet<string>,
  { cacheFolder, nowMs }: FolderMemory,
): Map<string, Set<string>> {
  const stat = statText(folder);
  const remembered = readFolderMemory<Bringing[]>(folder, stat, cacheFolder);
  const all = Array.isArray(remembered) ? remembered : listBringing(folder);
  const found = new Map<string, Set<string>>();
  const open: Bringing[] = [];
  for (const one of all) {
    if (one.modules !== null) found.set(normaliseName(one.name), new Set(one.modules));
    else if (imported.has(one.name)) found.set(normaliseName(one.name), new Set([one.name]));
    else open.push(one);
  }
  const known = new Set([...found.values()].flatMap((modules) => [...modules]));
  const mustRead = open.length > 0 && [...imported].some((name) => !known.has(name));
  if (mustRead) {
    for (const one of open) {
      one.modules = modulesOfRecord(join(folder, one.entry, 'RECORD'));
      found.set(normaliseName(one.name), new Set(one.modules));
    }
  }
  const isNew = all !== remembered || mustRead;
  if (isNew && stat !== '' && !isRacy(folder, nowMs)) {
    writeFolderMemory(folder, stat, cacheFolder, all);
  }
  return found;
}

function listBringing(folder: string): Bringing[] {
  const found: Bringing[] = [];
  for (const entry of listFolder(folder)) {
    const [, name] = /^(.+?)-[^-]+\.(?:dist|egg)-info$/.exec(entry) ?? [];
    if (name === undefined) continue;
    const listed = readLines(join(folder, entry, 'top_level.txt'));
    found.push({ entry, name, modules: listed.length === 0 ? null : listed });
  }
  return found;
}

/** `yaml/__init__.py,sha256=...` brings `yaml`, `six.py` brings `six`. */
function modulesOfRecord(path: string): string[] {
  const modules = new Set<string>();
  for (const line of readLines(path)) {
    const [first = ''] = line.split(',', 1);
    const top = /^([A-Za-z_]\w*)(?:\/|(?:\.[\w-]+)*\.(?:py|so|pyd)$)/.exec(first)?.[1];
    if (top !== undefined) modules.add(top);
  }
  return [...modules];
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
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

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readStart } from './find-program.ts';

/** A distribution as its metadata in a folder of modules tells it. */
export interface Distribution {
  /** Normalised as PEP 503. */
  name: string;
  version: string | null;
  /** Where it came from when not from an index (PEP 610), without credentials. */
  source: string | null;
  installer: string | null;
}

/** PEP 503: `Foo.Bar_baz` is `foo-bar-baz`. */
export function normaliseName(name: string): string {
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase();
}

/** Reads what `importlib.metadata` would find directly in one folder. Throws where it cannot be listed. */
export function readDistributions(folder: string): Distribution[] {
  const found: Distribution[] = [];
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    let distribution: Distribution | null = null;
    if (entry.endsWith('.dist-info')) distribution = readDistInfo(path, entry);
    else if (entry.endsWith('.egg-info')) distribution = readEggInfo(path, entry, null);
    else if (entry.endsWith('.egg'))
      distribution = readEggInfo(join(path, 'EGG-INFO'), entry, null);
    else if (entry.endsWith('.egg-link')) distribution = readEggLink(path);
    if (distribution) found.push(distribution);
  }
  return found;
}

function readDistInfo(path: string, entry: string): Distribution | null {
  const distribution = readHead(join(path, 'METADATA'), entry);
  if (!distribution) return null;
  const directUrl = readText(join(path, 'direct_url.json'));
  return {
    ...distribution,
    source: directUrl === null ? null : describeDirectUrl(directUrl),
    installer: readText(join(path, 'INSTALLER'))?.trim() || null,
  };
}

/** A folder with `PKG-INFO`, or with old distutils the file itself. */
function readEggInfo(path: string, entry: string, source: string | null): Distribution | null {
  const distribution = readHead(join(path, 'PKG-INFO'), entry) ?? readHead(path, entry);
  return distribution ? { ...distribution, source } : null;
}

/** `setup.py develop`: the first line is the folder of the sources. */
function readEggLink(path: string): Distribution | null {
  const target = readText(path)?.split('\n')[0]?.trim();
  if (!target) return null;
  try {
    const entry = readdirSync(target).find((name) => name.endsWith('.egg-info'));
    if (!entry) return null;
    return readEggInfo(join(target, entry), entry, `-e ${pathToFileURL(target)}`);
  } catch {
    return null;
  }
}

function readHead(path: string, entry: string): Distribution | null {
  const start = readStart(path, 4_096);
  const head = Buffer.from(start.split(/\r?\n\r?\n/)[0] ?? '', 'latin1').toString('utf8');
  const [, fromEntry, versionFromEntry] =
    /^(.+?)-([^-]+?)(?:-py[\d.]+.*)?\.[a-z-]+$/.exec(entry) ?? [];
  const name =
    /^Name:[ \t]*(\S.*?)\s*$/im.exec(head)?.[1] ?? (start === '' ? undefined : fromEntry);
  if (name === undefined) return null;
  const version = /^Version:[ \t]*(\S+)/im.exec(head)?.[1] ?? versionFromEntry ?? null;
  return { name: normaliseName(name), version, source: null, installer: null };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

interface DirectUrl {
  url?: unknown;
  dir_info?: { editable?: unknown };
  vcs_info?: { vcs?: unknown; commit_id?: unknown };
}

function describeDirectUrl(text: string): string | null {
  try {
    const direct = JSON.parse(text) as DirectUrl;
    if (typeof direct.url !== 'string') return null;
    const url = direct.url
      .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, '$1')
      .replace(/\?.*$/s, '');
    const { vcs, commit_id: commit } = direct.vcs_info ?? {};
    if (typeof vcs === 'string')
      return `${vcs}+${url}${typeof commit === 'string' ? `@${commit}` : ''}`;
    return direct.dir_info?.editable === true ? `-e ${url}` : url;
  } catch {
    return null;
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeDirectUrl } from './direct-url.ts';
import { isFile, readStart } from './find-program.ts';
import { readZipMetadata } from './zip-metadata.ts';

/** A distribution as its metadata in a folder of modules tells it. */
export interface Distribution {
  /** Normalised as PEP 503. */
  name: string;
  version: string | null;
  /** Where it came from when not from an index, as `describeDirectUrl` has it. */
  source: string | null;
  installer: string | null;
}

/** PEP 503: `Foo.Bar_baz` is `foo-bar-baz`. */
export function normaliseName(name: string): string {
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase();
}

/**
 * Reads what `importlib.metadata` would find directly in one place on the path: a folder, or a zip.
 * Throws where it cannot be listed.
 */
export function readDistributions(place: string): Distribution[] {
  if (isFile(place)) return readZipped(place);
  const found: Distribution[] = [];
  for (const entry of readdirSync(place)) {
    const path = join(place, entry);
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

function readZipped(path: string): Distribution[] {
  const texts = readZipMetadata(path);
  const found: Distribution[] = [];
  for (const [name, text] of texts) {
    const [, folder = '', file] = /^(.+)\/([^/]+)$/.exec(name) ?? [];
    if (file !== 'METADATA' && file !== 'PKG-INFO') continue;
    const entry = folder === 'EGG-INFO' ? basename(path) : folder;
    const distribution = parseHead(text, entry);
    if (!distribution) continue;
    const directUrl = texts.get(`${folder}/direct_url.json`);
    found.push({
      ...distribution,
      source: directUrl === undefined ? null : describeDirectUrl(directUrl),
      installer: texts.get(`${folder}/INSTALLER`)?.trim() || null,
    });
  }
  return found;
}

function readDistInfo(path: string, entry: string): Distribution | null {
  // `~umpy` is what pip leaves of `numpy` when it is interrupted.
  if (entry.startsWith('~')) return null;
  const metadata = join(path, 'METADATA');
  const distribution =
    readHead(metadata, entry) ?? (existsSync(metadata) ? fromEntry(entry) : null);
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
  return start === '' ? null : parseHead(Buffer.from(start, 'latin1').toString('utf8'), entry);
}

function parseHead(text: string, entry: string): Distribution | null {
  const head = text.split(/\r?\n\r?\n/)[0] ?? '';
  const known = fromEntry(entry);
  const name = /^Name:[ \t]*(\S.*?)\s*$/im.exec(head)?.[1];
  const version = /^Version:[ \t]*(\S+)/im.exec(head)?.[1] ?? known?.version ?? null;
  if (name === undefined) return known === null ? null : { ...known, version };
  return { name: normaliseName(name), version, source: null, installer: null };
}

/** What the name of the folder tells, where its file is there and cannot be read. */
function fromEntry(entry: string): Distribution | null {
  const [, name, version = null] = /^(.+?)-([^-]+?)(?:-py[\d.]+.*)?\.[a-z-]+$/.exec(entry) ?? [];
  if (name === undefined) return null;
  return { name: normaliseName(name), version, source: null, installer: null };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Package } from '../../protocol/record.ts';

const wanted = ['name', 'version', 'build', 'url'] as const;
type Fields = Partial<Record<(typeof wanted)[number], string>>;

/**
 * What conda, mamba or pixi installed below a prefix: a file for each package in `conda-meta`, with
 * its version, build, and the address that it came from (channel and platform are part of it).
 * Throws where the folder cannot be listed.
 */
export function readCondaPackages(prefix: string): Package[] {
  const folder = join(prefix, 'conda-meta');
  const packages: Package[] = [];
  for (const entry of readdirSync(folder)) {
    const [, name, version, build] = /^(.+)-([^-]+)-([^-]+)\.json$/.exec(entry) ?? [];
    if (name === undefined || version === undefined || build === undefined) continue;
    const fields = readFields(join(folder, entry));
    packages.push({
      ecosystem: 'conda',
      name: (fields.name ?? name).toLowerCase(),
      version: fields.version ?? version,
      source: fields.url ? stripAccess(fields.url) : null,
      imported: null,
      build: fields.build ?? build,
    });
  }
  return packages.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/**
 * Each file also lists all that the package installed, up to megabytes: the few fields at the top
 * level are found by their indentation, without parsing it all.
 */
function readFields(path: string): Fields {
  try {
    const text = readFileSync(path, 'utf8');
    const fields: Fields = {};
    for (const name of wanted) {
      const value = new RegExp(`^(?: {1,4}|\\t)"${name}":\\s*"([^"\\\\]*)"`, 'm').exec(text)?.[1];
      if (value !== undefined) fields[name] = value;
    }
    if (fields.url !== undefined) return fields;
    const parsed = JSON.parse(text) as Record<string, unknown>;
    return Object.fromEntries(
      wanted.flatMap((name) => (typeof parsed[name] === 'string' ? [[name, parsed[name]]] : [])),
    ) as Fields;
  } catch {
    // The file's name has the essence.
    return {};
  }
}

/** Private channels have user and password, or `/t/<token>/`, in their addresses. */
function stripAccess(url: string): string {
  return url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, '$1')
    .replace(/\/t\/[^/]+\//, '/')
    .replace(/[?#].*$/s, '');
}

import { normaliseName } from './distribution-metadata.ts';

/** A version that a lock file asks for. */
export interface Pin {
  /** Normalised as PEP 503. */
  name: string;
  version: string;
  /** Counted from 1. */
  line: number;
}

export interface LockReading {
  pins: Pin[];
  /** A pinned package that is not installed is a difference: the lock has no optional parts. */
  allInstalled: boolean;
}

/** The pins of a lock file whose format is known, else null: it is kept, but not compared. */
export function readPins(fileName: string, text: string): LockReading | null {
  if (/^requirements.*\.txt$/.test(fileName)) {
    return { pins: readRequirements(text), allInstalled: fileName === 'requirements.txt' };
  }
  if (fileName === 'Pipfile.lock') return { pins: readPipfile(text), allInstalled: false };
  if (/^(?:uv|poetry|pdm)\.lock$/.test(fileName)) {
    // They hold every platform's packages, extras and groups: what is missing may be meant so.
    return { pins: readPackageTables(text), allInstalled: false };
  }
  return null;
}

/** `name==version`; a line with a marker, a wildcard or any other comparison says nothing here. */
function readRequirements(text: string): Pin[] {
  const pins: Pin[] = [];
  let continued = false;
  text.split(/\r?\n/).forEach((line, index) => {
    const head = !continued;
    continued = /\\\s*$/.test(line);
    const plain = line
      .replace(/(?:^|\s)#.*$/, '')
      .replace(/\\\s*$/, '')
      .replace(/\s+--hash=\S+/g, '');
    const match = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*={2,3}\s*([^\s;,*]+)\s*$/.exec(
      plain,
    );
    if (head && match) {
      pins.push({ name: normaliseName(match[1] ?? ''), version: match[2] ?? '', line: index + 1 });
    }
  });
  return pins;
}

/**
 * `[[package]]` tables of TOML, read by line: the files are large and written by tools. A sub-table
 * (`[package.dependencies]`) has other packages' versions, and in poetry's `[package.source]` what
 * tells a folder from an index.
 */
function readPackageTables(text: string): Pin[] {
  const pins: Pin[] = [];
  let section = '';
  let open = { name: '', version: '', line: 0, own: false };
  const finish = (): void => {
    const { name, version, line, own } = open;
    if (name && version && !own) pins.push({ name: normaliseName(name), version, line });
    open = { name: '', version: '', line: 0, own: false };
  };
  text.split(/\r?\n/).forEach((content, index) => {
    const header = /^\[+([^\]]+)\]+\s*$/.exec(content)?.[1];
    if (header !== undefined) {
      section = header.trim();
      if (!section.startsWith('package.')) finish();
      return;
    }
    const [, key = '', value = ''] =
      /^(name|version|source|path|type)\s*=\s*(.*)$/.exec(content) ?? [];
    const quoted = /^"([^"]*)"/.exec(value)?.[1] ?? '';
    if (section === 'package.source' && key === 'type')
      open.own ||= /^(?:directory|file)$/.test(quoted);
    if (section !== 'package') return;
    if (key === 'name') open.name = quoted;
    // The project itself, and what is installed from a folder.
    if (key === 'source') open.own ||= /^\{\s*(?:virtual|editable|directory)\b/.test(value);
    if (key === 'path') open.own = true;
    if (key !== 'version') return;
    open.version = quoted;
    open.line = index + 1;
  });
  finish();
  return pins;
}

function readPipfile(text: string): Pin[] {
  const lock = JSON.parse(text) as Record<string, Record<string, { version?: unknown }>>;
  const lines = text.split('\n');
  return ['default', 'develop'].flatMap((section) =>
    Object.entries(lock[section] ?? {}).flatMap(([name, { version }]) => {
      if (typeof version !== 'string' || !version.startsWith('==')) return [];
      const line =
        lines.findIndex((candidate) => candidate.includes(`${JSON.stringify(name)}:`)) + 1;
      return [{ name: normaliseName(name), version: version.slice(2), line }];
    }),
  );
}

/** Whether an installed version is the one that was asked for, as PEP 440 compares. */
export function sameVersion(wanted: string, installed: string): boolean {
  const [wantedBase, wantedLocal] = splitLocal(wanted);
  const [installedBase, installedLocal] = splitLocal(installed);
  if (wantedBase !== installedBase) return false;
  return wantedLocal === undefined || wantedLocal === installedLocal;
}

/** `1.0.0` is `1`, `1.0-RC1` is `1.0rc1`, `v2` is `2`; behind `+` is the local build. */
function splitLocal(version: string): [string, string | undefined] {
  const [base = '', local] = version.trim().toLowerCase().split('+');
  const normal = base
    .replace(/^v/, '')
    .replace(
      /[-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?(\d*)/,
      (_, kind: string, number: string) => {
        const short = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' }[kind] ?? kind;
        return `${short}${number || '0'}`;
      },
    )
    .replace(/[-_.]?post[-_.]?(\d*)/, '.post$1')
    .replace(/[-_.]?dev[-_.]?(\d*)/, '.dev$1');
  const release = /^[\d.]+/.exec(normal)?.[0].replace(/\.$/, '') ?? '';
  const rest = normal.slice(release.length).replace(/^\./, '');
  return [`${release.replace(/(?:\.0+)+$/, '')}|${rest}`, local?.replaceAll(/[-_]/g, '.')];
}

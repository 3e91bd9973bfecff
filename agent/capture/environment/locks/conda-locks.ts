import { normaliseName } from '../distribution-metadata.ts';
import { parseRequirement } from './markers.ts';
import { type LockContext, type Wanted, WantedList } from './wanted.ts';

/**
 * `environment.yml`, read by line: `- numpy=1.26`, `- conda-forge::scipy>=1.2`, and the list below
 * `- pip:`. It has no optional parts.
 */
export function readEnvironmentYaml(text: string): Wanted[] {
  const wanted = new WantedList();
  let section = '';
  let pipIndent = -1;
  text.split(/\r?\n/).forEach((content, index) => {
    const plain = content.replace(/(?:^|\s)#.*$/, '').trimEnd();
    const key = /^([\w-]+):/.exec(plain)?.[1];
    if (key) section = key;
    const [, indent = '', item = ''] = /^(\s*)-\s+(.*)$/.exec(plain) ?? [];
    if (section !== 'dependencies' || item === '') return;
    if (/^pip:\s*$/.test(item)) pipIndent = indent.length;
    else if (pipIndent >= 0 && indent.length > pipIndent) addPip(unquote(item), index + 1);
    else {
      pipIndent = -1;
      addConda(unquote(item), index + 1);
    }
  });
  return wanted.all();

  function addPip(words: string, line: number): void {
    const found = words.startsWith('-') ? null : parseRequirement(words);
    if (!found) return;
    const exact = /^={2,3}\s*([^\s*,]+)$/.exec(found.specifier)?.[1] ?? null;
    const specifier = exact === null && found.specifier !== '' ? found.specifier : undefined;
    wanted.add('pypi', found.name, { version: exact, specifier, line }, found.marker === null);
  }

  function addConda(words: string, line: number): void {
    const [, name = '', rest = ''] = /^(?:[^\s:]+::)?([\w.-]+)\s*(.*)$/.exec(words) ?? [];
    if (name === '') return;
    // `name=1.2` means 1.2.*, `name=1.2=build` and `name==1.2` that version.
    const [, fuzzy] = /^=\s*([\w.]+?)(?:\.?\*)?$/.exec(rest) ?? [];
    const [, exact = null] = /^(?:=\s*([\w.]+)=|==\s*([\w.]+)$)/.exec(rest)?.filter(Boolean) ?? [];
    const ranged = /^[<>!~]/.test(rest) ? rest : undefined;
    const specifier = fuzzy ? `==${fuzzy}.*` : ranged;
    wanted.add('conda', normaliseName(name), { version: exact, specifier, line }, true);
  }
}

function unquote(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, '$2');
}

/** `conda-lock.yml`: one item a package and platform. */
export function readCondaLock(text: string, { subdir }: LockContext): Wanted[] {
  const wanted = new WantedList();
  let item: Record<string, string> = {};
  let line = 0;
  const finish = (): void => {
    const { name, version, platform, manager, optional, category } = item;
    if (!name || !version || (platform && platform !== subdir && platform !== 'noarch')) return;
    const required = optional !== 'true' && (category ?? 'main') === 'main';
    const ecosystem = manager === 'pip' ? 'pypi' : 'conda';
    wanted.add(ecosystem, normaliseName(name), { version, line }, required);
  };
  text.split(/\r?\n/).forEach((content, index) => {
    const [, dash = '', key = '', value = ''] = /^(- | {2})([a-z]+):\s*(.*)$/.exec(content) ?? [];
    if (dash === '- ') {
      finish();
      item = {};
      line = index + 1;
    }
    if (key !== '') item[key] = unquote(value);
  });
  finish();
  return wanted.all();
}

/** `@EXPLICIT` lists: one address of a package a line. */
export function readExplicitList(text: string): Wanted[] {
  const wanted = new WantedList();
  text.split(/\r?\n/).forEach((content, index) => {
    const found = /^https?:\/\//.test(content) ? nameOfArchive(content) : null;
    if (found) wanted.add('conda', found.name, { version: found.version, line: index + 1 }, true);
  });
  return wanted.all();
}

/** `pixi.lock`: the addresses of one environment's packages for this platform. */
export function readPixiLock(text: string, context: LockContext): Wanted[] {
  const wanted = new WantedList();
  let section = '';
  let environment = '';
  let platform = '';
  text.split(/\r?\n/).forEach((content, index) => {
    const [, indent = '', key = ''] = /^( *)([\w.-]+):\s*$/.exec(content) ?? [];
    if (key !== '' && indent.length === 0) section = key;
    if (key !== '' && indent.length === 2) environment = key;
    if (key !== '' && indent.length === 6) platform = key;
    if (section !== 'environments' || environment !== context.pixiEnvironment) return;
    if (platform !== context.subdir) return;
    const [, kind, url = ''] = /^\s+- (conda|pypi):\s*(\S+)/.exec(content) ?? [];
    const found = kind === 'conda' ? nameOfArchive(url) : kind === 'pypi' ? nameOfWheel(url) : null;
    if (!found || !kind) return;
    const ecosystem = kind === 'conda' ? 'conda' : 'pypi';
    wanted.add(ecosystem, found.name, { version: found.version, line: index + 1 }, true);
  });
  return wanted.all();
}

function nameOfArchive(url: string): { name: string; version: string } | null {
  const file = decodeURIComponent(
    url
      .replace(/[#?].*$/, '')
      .split('/')
      .at(-1) ?? '',
  );
  const [, name, version] = /^(.+)-([^-]+)-[^-]+\.(?:conda|tar\.bz2)$/.exec(file) ?? [];
  return name && version ? { name: normaliseName(name), version } : null;
}

function nameOfWheel(url: string): { name: string; version: string } | null {
  const file = decodeURIComponent(
    url
      .replace(/[#?].*$/, '')
      .split('/')
      .at(-1) ?? '',
  );
  const [, name, version] =
    /^([^-]+)-([^-]+)(?:-.+)?\.whl$/.exec(file) ?? /^(.+)-([^-]+)\.tar\.gz$/.exec(file) ?? [];
  return name && version ? { name: normaliseName(name), version } : null;
}

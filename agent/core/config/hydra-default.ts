import type { ConfigNode } from './node.ts';

/** Where an entry of a defaults list stands. */
export interface Place {
  path: string | null;
  line: number | null;
  column?: number;
}

/** One entry of a defaults list; where it lies and goes is known once its parent is. */
export interface Default {
  kind: 'self' | 'config' | 'group';
  /** The group, or the path of a config. */
  name: string;
  /** The option of a group, several, null for none. */
  value: string | string[] | null;
  /** Written with `@`. */
  package: string | null;
  optional: boolean;
  override: boolean;
  /** Added on the command line (`+group=option`). */
  external: boolean;
  place: Place;
  parent: { groupPath: string; package: string };
  /** From the file's own header, counted from the root. */
  header: string | null;
  deleted: boolean;
}

export const nowhere: Place = { path: null, line: null };

export function makeDefault(given: Partial<Default> & Pick<Default, 'kind' | 'name'>): Default {
  return {
    value: null,
    optional: false,
    override: false,
    external: false,
    place: nowhere,
    parent: { groupPath: '', package: '' },
    header: null,
    deleted: false,
    ...given,
    package: given.package === '_here_' ? '' : (given.package ?? null),
  };
}

export type ReadDefaults = { list: Default[]; problems: { message: string; place: Place }[] };

/** Reads a `defaults:` list; what Hydra would refuse in it is told and left out. */
export function readDefaults(node: ConfigNode | undefined, legacy: boolean): ReadDefaults {
  const list: Default[] = [];
  const problems: ReadDefaults['problems'] = [];
  if (node === undefined) return { list, problems };
  if (node.kind !== 'list') {
    problems.push({ message: '`defaults` must be a list', place: placeOf(node) });
    return { list, problems };
  }
  for (const item of node.items) {
    const entry = item.kind === 'map' ? readGroup(item, legacy) : readConfig(item);
    if (typeof entry === 'string') problems.push({ message: entry, place: placeOf(item) });
    else list.push(entry);
  }
  return { list, problems };
}

export function placeOf({ origin, column }: ConfigNode): Place {
  const path = origin.path ?? null;
  return { path, line: origin.line ?? null, ...(path === null ? {} : { column }) };
}

/** `- base`, `- /db/mysql@main`, `- _self_`. */
function readConfig(item: ConfigNode): Default | string {
  if (item.kind !== 'scalar' || typeof item.value !== 'string' || !item.text) {
    return 'an entry of `defaults` is a name or `group: option`';
  }
  const [path = '', packageName] = splitPackage(item.value);
  const place = placeOf(item);
  if (path === '_self_') {
    if (packageName !== undefined) return '`_self_` takes no package';
    return makeDefault({ kind: 'self', name: path, place });
  }
  return makeDefault({ kind: 'config', name: path, package: packageName ?? null, place });
}

/** `- optional override /db@main: mysql`. */
function readGroup(item: ConfigNode, legacy: boolean): Default | string {
  if (item.kind !== 'map') return '';
  const old = legacy && item.entries.size > 1 ? item.entries.get('optional') : undefined;
  const entries = [...item.entries].filter(([key]) => old === undefined || key !== 'optional');
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    return 'an entry of `defaults` has one group: begin a new line with `-` for each';
  }
  const value = optionOf(entry[1]);
  if (value === undefined) return `the option of ${entry[0]} must be a text or a list of texts`;
  const [written = '', packageName] = splitPackage(entry[0]);
  const words = written.split(' ');
  const name = words.pop() ?? '';
  return makeDefault({
    kind: 'group',
    name,
    value,
    package: packageName ?? null,
    optional: words.includes('optional') || (old?.kind === 'scalar' && old.value === true),
    override: words.includes('override'),
    place: placeOf(entry[1]),
  });
}

/** A package may be followed by `:` and another, which Hydra reads and forgets. */
function splitPackage(text: string): string[] {
  const at = text.indexOf('@');
  if (at === -1) return [text];
  return [text.slice(0, at), text.slice(at + 1).split(':')[0] ?? ''];
}

function optionOf(node: ConfigNode): string | string[] | null | undefined {
  if (node.kind === 'scalar') {
    if (node.value === null) return null;
    return typeof node.value === 'string' && node.text ? node.value : undefined;
  }
  if (node.kind !== 'list') return undefined;
  const items = node.items.map((item) => optionOf(item));
  return items.every((item) => typeof item === 'string') ? (items as string[]) : undefined;
}

import type { ConfigNode } from './node.ts';

/** One entry of a defaults list, as it is written. */
export interface Default {
  /** Null for `_self_` and for a plain config name. */
  group: string | null;
  /** The option, several, null for none; the path for a plain config. */
  value: string | string[] | null;
  package: string | null;
  optional: boolean;
  override: boolean;
  self: boolean;
  /** Added on the command line (`+group=option`). */
  external: boolean;
}

/** Reads a `defaults:` list; null where it is something that Hydra would refuse. */
export function readDefaults(node: ConfigNode | undefined): Default[] | null {
  if (node === undefined) return [];
  if (node.kind !== 'list') return null;
  const found: Default[] = [];
  for (const item of node.items) {
    const entry = readDefault(item);
    if (entry === null) return null;
    found.push(entry);
  }
  return found;
}

function readDefault(item: ConfigNode): Default | null {
  if (item.kind === 'scalar') {
    if (typeof item.value !== 'string') return null;
    if (item.value === '_self_') return { ...empty, self: true };
    return plainConfig(item.value, false);
  }
  if (item.kind !== 'map') return null;
  const entries = [...item.entries].filter(([key]) => key !== 'optional' || item.entries.size < 2);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) return null;
  const legacy = item.entries.get('optional');
  const words = entry[0].trim().split(/\s+/);
  const name = words.pop() ?? '';
  const optional =
    words.includes('optional') || (legacy?.kind === 'scalar' && legacy.value === true);
  const value = optionOf(entry[1]);
  if (value === undefined) return null;
  const [group = '', packageName] = name.split('@');
  return {
    ...empty,
    group,
    value,
    package: packageName ?? null,
    optional,
    override: words.includes('override'),
  };
}

const empty = {
  group: null,
  value: null,
  package: null,
  optional: false,
  override: false,
  self: false,
  external: false,
};

/** `- base`, `- /db/mysql@main`, `- optional local`. */
function plainConfig(text: string, optional: boolean): Default {
  if (text.startsWith('optional ')) return plainConfig(text.slice(9).trim(), true);
  const [path = '', packageName] = text.split('@');
  return { ...empty, value: path, package: packageName ?? null, optional };
}

function optionOf(node: ConfigNode): string | string[] | null | undefined {
  if (node.kind === 'scalar') return node.value === null ? null : String(node.value);
  if (node.kind !== 'list') return undefined;
  const items = node.items.map((item) => (item.kind === 'scalar' ? String(item.value) : null));
  return items.includes(null) ? undefined : (items as string[]);
}

/** Where a default lies and where its content goes, below a parent. */
export interface Placement {
  groupPath: string;
  configPath: string;
  overrideKey: string;
  /** The package without regard to the file's own header. */
  package: string;
}

/** As `GroupDefault` and `ConfigDefault` of Hydra 1.3 compute them. */
export function placeDefault(
  entry: Default,
  option: string,
  parent: { groupPath: string; package: string },
): Placement {
  const written = entry.group === null ? option : `${entry.group}/${option}`;
  const absolute = written.startsWith('/');
  const relative = absolute ? written.slice(1) : written;
  const slash = relative.lastIndexOf('/');
  const relativeGroup = slash === -1 ? '' : relative.slice(0, slash);
  const base = absolute ? '' : parent.groupPath;
  const groupPath = [base, relativeGroup].filter((part) => part !== '').join('/');
  const name = relative.slice(slash + 1);
  let own = entry.package ?? relativeGroup.replaceAll('/', '.');
  if (own === '_here_') own = '';
  own = own.replaceAll('_group_', `_global_.${groupPath.replaceAll('/', '.')}`);
  const final = joinPackages(parent.package, own);
  const usual = groupPath.replaceAll('/', '.');
  return {
    groupPath,
    configPath: groupPath === '' ? name : `${groupPath}/${name}`,
    overrideKey: final === usual ? groupPath : `${groupPath}@${final === '' ? '_global_' : final}`,
    package: final,
  };
}

/** A package below another; what follows the last `_global_` counts from the root. */
export function joinPackages(parent: string, own: string): string {
  const joined = [parent, own].filter((part) => part !== '').join('.');
  const global = joined.lastIndexOf('_global_');
  return global === -1 ? joined : joined.slice(global + '_global_.'.length);
}

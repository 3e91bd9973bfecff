import type { Refuse } from './hydra-choices.ts';
import { nowhere, type Place, readDefaults } from './hydra-default.ts';
import type { Loaded } from './hydra-tree.ts';
import type { HydraWord } from './hydra-words.ts';
import { interpolate } from './interpolate.ts';
import { emptyMap } from './merge-nodes.ts';
import { type ConfigNode, copyNode, type Diagnostic, type ParsedConfig } from './node.ts';

export interface HydraFiles {
  /** The parsed file of a config path without its ending, null where there is none. */
  load(configPath: string): Promise<ParsedConfig | null>;
  /** Whether a folder of that name is in the search path. */
  groupExists(group: string): boolean;
  /** The names of the options in a group, sorted. */
  listOptions(group: string): string[];
  /** Adds to the search path; answers what of it cannot be found without running code. */
  addFolders?(paths: string[]): string[];
}

/** `missing`: a file that may live in the program's code; `hidden`: a place that cannot be seen. */
export interface Gap {
  kind: 'missing' | 'hidden' | 'unreadable';
  message: string;
  configPath: string;
  place: Place;
  /** Its group is a folder with other options, so that it can hardly be anywhere else. */
  isOption?: boolean;
}

/** Each file is parsed once; where its content is used again, in another package, it is a copy. */
export function createLoader(
  files: HydraFiles,
  legacy: boolean,
  unresolved: Diagnostic[],
  gaps: Gap[],
  refuse: Refuse,
) {
  const cache = new Map<string, Loaded | null>();
  return async (configPath: string): Promise<Loaded | null> => {
    const known = cache.get(configPath);
    if (known !== undefined) {
      return known === null ? null : { ...known, node: copyNode(known.node) };
    }
    const parsed = await files.load(configPath);
    const loaded = parsed === null ? null : read(configPath, parsed);
    cache.set(configPath, loaded);
    return loaded;
  };

  function read(configPath: string, parsed: ParsedConfig): Loaded {
    unresolved.push(...parsed.diagnostics);
    const { root, packageHeader: header } = parsed;
    if (root === null) {
      const message = `${configPath} does not parse`;
      gaps.push({ kind: 'unreadable', message, configPath, place: nowhere });
    }
    if (root === null || (root.kind === 'scalar' && root.value === null)) {
      return { node: emptyMap(), defaults: [], header };
    }
    if (root.kind !== 'map') return { node: root, defaults: [], header };
    const { list, problems } = readDefaults(root.entries.get('defaults'), legacy);
    for (const { message, place } of problems) {
      refuse({ reason: 'schema', message: `${configPath}: ${message}`, ...place });
    }
    const entries = new Map(root.entries);
    entries.delete('defaults');
    return { node: { ...root, entries }, defaults: list, header };
  }
}

/** Only the primary config and the command line may say it. */
export function readSearchPath(
  primary: Loaded | null,
  words: HydraWord[],
  environment: (name: string) => string | null | undefined,
): string[] {
  const word = words.find(
    ({ parsed: { key, kind } }) => key === 'hydra.searchpath' && kind === 'set',
  );
  const value = word?.parsed.value;
  if (value?.kind === 'list' && 'items' in value) {
    return (value.items ?? []).flatMap((item) => (item.kind === 'text' ? item.value : []));
  }
  const find = (node: ConfigNode | undefined) => {
    const hydra = node?.kind === 'map' ? node.entries.get('hydra') : undefined;
    const list = hydra?.kind === 'map' ? hydra.entries.get('searchpath') : undefined;
    return list?.kind === 'list' ? list : null;
  };
  let list = find(primary?.node);
  if (primary === null || list === null) return [];
  const isOpen = list.items.some(
    (item) => item.kind === 'scalar' && String(item.value).includes('${'),
  );
  // `file://${oc.env:HOME}/configs`: Hydra resolves it before anything is composed.
  if (isOpen) list = find(interpolate(primary.node, environment).root) ?? list;
  return list.items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? item.value : [],
  );
}

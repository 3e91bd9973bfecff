import type { Choices, Refuse } from './hydra-choices.ts';
import { type Default, makeDefault } from './hydra-default.ts';
import {
  configPathOf,
  groupPathOf,
  headerPackage,
  optionOf,
  overrideKeyOf,
  packageOf,
  placeBelow,
} from './hydra-place.ts';
import { interpolate } from './interpolate.ts';
import { type ConfigNode, nodeOf, setMember } from './node.ts';

/** A file of the search path, its defaults list taken out. */
export interface Loaded {
  node: ConfigNode;
  defaults: Default[];
  header: string | undefined;
}

/** The content of one file, and where it goes. */
export interface Step {
  configPath: string;
  package: string;
  node: ConfigNode;
  /** Of a group's option without a defaults list of its own: it may be there only once. */
  key: string | null;
  primary: boolean;
}

export interface TreeContext {
  legacy: boolean;
  /** A group that still waits for its option may be set by the jobs. */
  multirun: boolean;
  load(configPath: string): Promise<Loaded | null>;
  lack(entry: Default, configPath: string, by: string | null): void;
  choices: Choices;
  refuse: Refuse;
  /** Counted as they are read. */
  entries: number;
  environment(name: string): string | null | undefined;
}

/** Entries that include each other twice, level by level, would be without end. */
const mostEntries = 5_000;

interface Inside {
  isRoot: boolean;
  /** Below an entry that was chosen by an interpolation. */
  interpolated: boolean;
  ancestors: readonly string[];
}

/**
 * The files of a defaults list in the order in which they are merged: a translation of
 * `_create_defaults_tree_impl` of Hydra 1.3. Lists are walked backwards, so that an override
 * further down is known before what it overrides.
 */
export async function expandDefault(
  given: Default,
  context: TreeContext,
  inside: Inside,
): Promise<Step[]> {
  const { legacy, choices, refuse } = context;
  const path = configPathOf(given);
  if (++context.entries > mostEntries) {
    if (context.entries === mostEntries + 1) {
      refuse({ reason: 'schema', message: 'the defaults list has no end', ...given.place });
    }
    return [];
  }
  const by = inside.ancestors.at(-1) ?? null;
  const name = optionOf(given);
  const loaded = name === null || name === '???' ? null : await context.load(path);
  const entry: Default = { ...given, header: headerPackage(loaded?.header, given, legacy) };
  if (choices.isDeleted(entry)) return [];
  choices.note(entry);
  if (name === null) return [];
  if (path.endsWith('???')) {
    if (!context.multirun) {
      const key = overrideKeyOf(entry, legacy);
      const message = `choose an option for the group ${key}: ${key}=NAME`;
      refuse({ key, reason: 'missing-value', message, ...entry.place });
    }
    return [];
  }
  if (loaded === null) {
    if (!entry.optional) context.lack(entry, path, by);
    return [];
  }
  if (inside.ancestors.includes(path)) {
    refuse({
      reason: 'schema',
      message: `${path} includes itself: take one of the two out`,
      ...entry.place,
    });
    return [];
  }

  const list = completeList(loaded.defaults, path, entry, inside.isRoot, context);
  const parent = { groupPath: groupPathOf(entry), package: packageOf(entry, legacy) };
  const own = { configPath: path, node: loaded.node, primary: inside.isRoot };
  const key = entry.kind === 'group' ? overrideKeyOf(entry, legacy) : null;
  noteOverrides(list, path, parent, inside, context);

  const below = { ...inside, isRoot: false, ancestors: [...inside.ancestors, path] };
  const found: (Step[] | Default)[] = [];
  for (const item of list.toReversed()) {
    if (item.kind === 'self') {
      found.push([{ ...own, package: parent.package, key: null }]);
      continue;
    }
    if (isOverride(item, legacy)) continue;
    const placed = choices.choose(placeBelow(item, parent));
    if (placed.kind === 'group' && Array.isArray(placed.value)) {
      found.push(...(await expandOptions(placed, path, context, below)));
    } else if (isInterpolation(placed)) found.push(placed);
    else found.push(await expandDefault(placed, context, below));
  }
  for (const [i, item] of found.entries()) {
    if (Array.isArray(item)) continue;
    const chosen = resolveEntry(item, list, context);
    const deeper = { ...below, interpolated: true };
    found[i] = chosen === null ? [] : await expandDefault(chosen, context, deeper);
  }
  if (found.length === 0) return [{ ...own, package: parent.package, key }];
  return found.toReversed().flatMap((item) => (Array.isArray(item) ? item : []));
}

/** With `_self_` where none is written: last, before what the command line appends. */
function completeList(
  defaults: Default[],
  path: string,
  entry: Default,
  isRoot: boolean,
  { choices, refuse }: TreeContext,
): Default[] {
  const appended = isRoot ? choices.appended : [];
  if (defaults.length === 0 && appended.length === 0) return [];
  const list = [...defaults];
  const selves = list.filter(({ kind }) => kind === 'self');
  const [, second] = selves;
  if (second !== undefined) {
    refuse({ reason: 'schema', message: `a second _self_ in ${path}`, ...second.place });
  }
  const some = list.some((item) => !item.override);
  if (selves.length === 0 && (some || list.length === 0)) {
    list.push(makeDefault({ kind: 'self', name: '_self_', place: entry.place }));
  }
  return [...list, ...appended];
}

function isOverride(entry: Default, legacy: boolean): boolean {
  return entry.override || (legacy && entry.kind === 'group' && entry.name.startsWith('hydra/'));
}

function noteOverrides(
  list: Default[],
  path: string,
  parent: Default['parent'],
  inside: Inside,
  { legacy, choices, refuse }: TreeContext,
): void {
  let last: Default | null = null;
  for (const item of list) {
    if (item.kind === 'self') continue;
    const placed = placeBelow(item, parent);
    if (isOverride(item, legacy)) {
      if (item.override) last = placed;
      if (inside.interpolated) {
        const message = `${path}: no override below an option that is chosen by an interpolation`;
        refuse({ reason: 'schema', message, ...item.place });
      }
      choices.override(placed, path);
    } else if (last !== null && !item.external) {
      const message = `${path}: entries with \`override\` come last in a defaults list`;
      refuse({ reason: 'schema', message, ...last.place });
      last = null;
    }
  }
}

async function expandOptions(
  entry: Default,
  path: string,
  context: TreeContext,
  inside: Inside,
): Promise<Step[][]> {
  const found: Step[][] = [];
  for (const option of [...(entry.value as string[])].reverse()) {
    if (option.includes('${')) {
      const message = `${path}: no interpolation inside a list of options`;
      context.refuse({ reason: 'schema', message, ...entry.place });
      continue;
    }
    const single = makeDefault({
      kind: 'config',
      name: `${entry.name}/${option}`,
      package: entry.package,
      optional: entry.optional,
      place: entry.place,
    });
    found.push(await expandDefault(placeBelow(single, entry.parent), context, inside));
  }
  return found;
}

function isInterpolation(entry: Default): boolean {
  return (entry.kind === 'group' ? String(entry.value) : entry.name).includes('${');
}

/** `- db_model: ${db}_${model}`: the options chosen so far, by their keys. */
function resolveEntry(entry: Default, list: Default[], context: TreeContext): Default | null {
  const { choices, refuse, legacy } = context;
  const written = entry.kind === 'group' ? String(entry.value) : configPathOf(entry);
  const scope: { [key: string]: string | null } = {};
  for (const [key, name] of choices.known) setMember(scope, key, name);
  const defaults = list
    .filter(({ kind }) => kind !== 'self')
    .map((item) => {
      const placed = placeBelow(item, entry.parent);
      if (item.kind === 'config') return configPathOf(placed);
      const { value } = choices.choose(placed);
      return { [overrideKeyOf(placed, legacy)]: value };
    });
  const probe = nodeOf({ ...scope, defaults, _entry_: written }, { kind: 'default' });
  const result = interpolate(probe, context.environment);
  const told = result.unresolved.find(({ key }) => key === '_entry_');
  const found = result.root.kind === 'map' ? result.root.entries.get('_entry_') : undefined;
  const value = found?.kind === 'scalar' ? found.value : null;
  if (told !== undefined || typeof value !== 'string' || value.includes('${')) {
    const keys = [...choices.known.keys()].sort().join(', ');
    const message = `${written} names no choice of the defaults list; there are ${keys || 'none'}`;
    refuse({ reason: 'interpolation', message, ...entry.place });
    return null;
  }
  return entry.kind === 'group' ? { ...entry, value } : { ...entry, name: value };
}

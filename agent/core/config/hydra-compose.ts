import { type Default, joinPackages, placeDefault, readDefaults } from './hydra-default.ts';
import { parseHydraValue } from './hydra-value.ts';
import { interpolate } from './interpolate.ts';
import { copyMap, emptyMap, mergeNodes, setNode } from './merge-nodes.ts';
import {
  type ConfigNode,
  type Diagnostic,
  type MapNode,
  nodeOf,
  type ParsedConfig,
} from './node.ts';
import type { Override } from './overrides.ts';

export interface HydraFiles {
  /** The parsed file of a config path without its ending, null where there is none. */
  load(configPath: string): Promise<ParsedConfig | null>;
  /** Whether a folder of that name is in the search path. */
  groupExists(group: string): boolean;
}

export interface Composed {
  root: MapNode;
  /** The overrides that are not choices of a group; they are laid on the result. */
  overrides: Override[];
  unresolved: Diagnostic[];
  /** What could not be composed without Hydra; empty where the result is Hydra's own. */
  gaps: Gap[];
}

/** `configPath` where a file was looked for and not found; it may live in the program's code. */
export interface Gap {
  message: string;
  configPath: string | null;
}

interface Step {
  configPath: string;
  package: string;
  node: MapNode;
}

interface Parent {
  configPath: string;
  groupPath: string;
  package: string;
}

/**
 * Composes the defaults list of `configName` as Hydra 1.3 does: groups, `_self_`, `override`,
 * `optional`, packages and package headers, choices from the command line. Config stores in code,
 * `pkg://` search paths and plugins are not seen; what is not found is told, never guessed.
 */
export async function composeHydra(
  configName: string,
  overrides: Override[],
  files: HydraFiles,
): Promise<Composed> {
  const unresolved: Diagnostic[] = [];
  const gaps: Gap[] = [];
  const lack = (message: string, configPath: string | null = null) =>
    gaps.push({ message, configPath });
  const choices = new Map<string, string | string[] | null>();
  const known = new Map<string, string | null>();
  const deleted = new Set<string>();
  const appended: Default[] = [];
  const rest: Override[] = [];
  const visiting = new Set<string>();

  for (const override of overrides) {
    const [group = '', packageName] = override.key.split('@');
    if (override.kind === 'framework' || !files.groupExists(group)) {
      rest.push(override);
      continue;
    }
    const value = override.value === null ? null : parseHydraValue(override.value);
    const option = Array.isArray(value) ? value.map(String) : value === null ? null : String(value);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) rest.push(override);
    else if (override.kind === 'delete') deleted.add(override.key);
    else if (override.kind === 'add') {
      const entry = { group, value: option, package: packageName ?? null };
      appended.push({ ...entry, optional: false, override: false, self: false, external: true });
    } else choices.set(override.key, option);
  }

  async function expand(parent: Parent, primary: boolean, optional: boolean): Promise<Step[]> {
    const loaded = await files.load(parent.configPath);
    if (loaded === null) {
      if (!optional) lack(`there is no config ${parent.configPath}`, parent.configPath);
      return [];
    }
    unresolved.push(...loaded.diagnostics);
    if (loaded.root === null) {
      lack(`${parent.configPath} does not parse`);
      return [];
    }
    if (loaded.root.kind !== 'map') return [];
    if (visiting.has(parent.configPath)) {
      lack(`${parent.configPath} includes itself`);
      return [];
    }
    visiting.add(parent.configPath);
    const node = copyMap(loaded.root);
    const list = readDefaults(node.entries.get('defaults'));
    node.entries.delete('defaults');
    if (list === null) lack(`the defaults list of ${parent.configPath} is not understood`);
    const steps = await expandList(list ?? [], { parent, node, primary });
    visiting.delete(parent.configPath);
    return steps;
  }

  async function expandList(
    list: Default[],
    context: { parent: Parent; node: MapNode; primary: boolean },
  ): Promise<Step[]> {
    const { parent, node, primary } = context;
    const own: Step = { configPath: parent.configPath, package: parent.package, node };
    const entries = primary ? [...list, ...appended] : [...list];
    if (entries.length === 0) return [own];
    // Without `_self_` the file's own values come last, before what the command line appends.
    if (!list.some((entry) => entry.self)) {
      const selfEntry = { group: null, value: null, package: null, optional: false };
      const self = { ...selfEntry, override: false, self: true, external: false };
      entries.splice(list.length, 0, self);
    }
    for (const entry of entries.filter((item) => item.override)) {
      const { overrideKey } = placeDefault(entry, String(entry.value), parent);
      if (!choices.has(overrideKey)) choices.set(overrideKey, entry.value);
    }
    // Backwards, so that an override further down is known before what it overrides.
    const steps: (Step[] | Default)[] = [];
    for (const entry of entries.toReversed()) {
      if (entry.self) steps.push([own]);
      else if (entry.override) continue;
      else if (usesInterpolation(entry)) steps.push(entry);
      else steps.push(await expandEntry(entry, parent));
    }
    for (const [i, step] of steps.entries()) {
      if (!Array.isArray(step)) steps[i] = await expandEntry(withChoices(step), parent);
    }
    return steps.toReversed().flatMap((step) => (Array.isArray(step) ? step : []));
  }

  async function expandEntry(entry: Default, parent: Parent): Promise<Step[]> {
    let { value } = entry;
    if (entry.group !== null) {
      const { overrideKey } = placeDefault(entry, '', parent);
      if (/^hydra(?:\/|$)/.test(overrideKey)) return [];
      if (deleted.has(overrideKey)) return [];
      if (choices.has(overrideKey)) value = choices.get(overrideKey) ?? null;
      known.set(overrideKey, Array.isArray(value) ? null : value);
      if (value === '???') {
        const said = { key: overrideKey, reason: 'missing-value' as const };
        const message = `choose an option for the group ${overrideKey}`;
        unresolved.push({ ...said, message, path: null, line: null });
        return [];
      }
    }
    if (value === null) return [];
    const options = Array.isArray(value) ? value : [value];
    const steps: Step[] = [];
    for (const option of options) {
      const placed = placeDefault(entry, option.replace(/\.yaml$/, ''), parent);
      const header = entry.package === null ? await headerOf(placed.configPath) : undefined;
      const target =
        header === undefined
          ? placed.package
          : joinPackages('', header.startsWith('_global_') ? header : `_global_.${header}`);
      const { configPath, groupPath } = placed;
      steps.push(
        ...(await expand({ configPath, groupPath, package: target }, false, entry.optional)),
      );
    }
    return steps;
  }

  async function headerOf(configPath: string): Promise<string | undefined> {
    const header = (await files.load(configPath))?.packageHeader;
    // `_group_` is the default anyway.
    return header === '_group_' ? undefined : header;
  }

  /** `- db_${db}: small`: options chosen so far may stand in a defaults list. */
  function withChoices(entry: Default): Default {
    const scope = Object.fromEntries(known);
    const probe = nodeOf({ ...scope, _: [entry.group, entry.value] }, { kind: 'default' });
    const { root, unresolved: open } = interpolate(probe, () => undefined);
    const pair = root.kind === 'map' ? root.entries.get('_') : undefined;
    if (pair?.kind !== 'list' || open.length > 0) {
      lack(`the default ${entry.group ?? ''} ${String(entry.value)} is not understood`);
      return { ...entry, value: null };
    }
    const [group, value] = pair.items.map((item) => (item.kind === 'scalar' ? item.value : null));
    return {
      ...entry,
      group: group === null || group === undefined ? null : String(group),
      value: value === null || value === undefined ? null : String(value),
    };
  }

  const name = configName.replace(/\.yaml$/, '');
  const slash = name.lastIndexOf('/');
  const groupPath = slash === -1 ? '' : name.slice(0, slash);
  const header = await headerOf(name);
  const start = {
    configPath: name,
    groupPath,
    package: header === undefined ? groupPath.replaceAll('/', '.') : joinPackages('', header),
  };
  const steps = await expand(start, true, false);
  let root: ConfigNode = emptyMap();
  for (const step of steps) root = mergeNodes(root, inPackage(step));
  const composed = root as MapNode;
  // Hydra's own settings are its, not the program's.
  composed.entries.delete('hydra');
  return { root: composed, overrides: rest, unresolved: onlyOnce(unresolved), gaps };
}

function usesInterpolation(entry: Default): boolean {
  return `${entry.group ?? ''}${String(entry.value ?? '')}`.includes('${');
}

function inPackage(step: Step): MapNode {
  const segments = step.package.split('.').filter((part) => part !== '');
  return segments.length === 0 ? step.node : setNode(emptyMap(), segments, step.node);
}

/** A file that is loaded for several packages is told about once. */
function onlyOnce(diagnostics: Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((item) => {
    const mark = JSON.stringify(item);
    if (seen.has(mark)) return false;
    seen.add(mark);
    return true;
  });
}

import { applyHydraWords } from './hydra-apply.ts';
import { type Choices, createChoices, type Refuse } from './hydra-choices.ts';
import { type Default, makeDefault, nowhere } from './hydra-default.ts';
import { createLoader, type Gap, type HydraFiles, readSearchPath } from './hydra-load.ts';
import { chooseFirst, type SweepChoice } from './hydra-sweep.ts';
import { expandDefault, type Loaded, type Step } from './hydra-tree.ts';
import type { HydraWord } from './hydra-words.ts';
import { joinKey } from './key-path.ts';
import { emptyMap, setNode } from './merge-nodes.ts';
import { mergeOmegaConf } from './merge-omegaconf.ts';
import type { ConfigNode, Diagnostic, MapNode } from './node.ts';

export interface HydraOptions {
  configName: string;
  words: HydraWord[];
  multirun: boolean;
  /** `version_base` below 1.2. */
  legacy: boolean;
  environment(name: string): string | null | undefined;
}

export interface Composed {
  root: MapNode;
  /** What the files and the command line say of Hydra's own settings. */
  hydra: MapNode;
  /** The option of each group, by its override key. */
  choices: Map<string, string | null>;
  sweeps: SweepChoice[];
  unresolved: Diagnostic[];
  /** What could not be composed without Hydra; empty where the result is Hydra's own. */
  gaps: Gap[];
}

/**
 * Composes the defaults list of a config and the overrides of the command line as Hydra 1.3 does.
 * Config stores in code and plugins are not seen: what is not found is told, never guessed. Of a
 * multirun the first job is composed, with the sweeps as they are written.
 */
export async function composeHydra(options: HydraOptions, files: HydraFiles): Promise<Composed> {
  const { legacy, environment } = options;
  const unresolved: Diagnostic[] = [];
  const gaps: Gap[] = [];
  const refuse: Refuse = (problem) => unresolved.push({ key: null, ...problem });
  const load = createLoader(files, legacy, unresolved, gaps, refuse);

  const configName = options.configName.replace(/\.yaml$/, '');
  const primary = await load(configName);
  if (primary !== null && primary.node.kind !== 'map') {
    refuse({ reason: 'schema', message: `${configName} must hold a map`, ...nowhere });
  }
  const searchPath = readSearchPath(primary, options.words, environment);
  for (const path of files.addFolders?.(searchPath) ?? []) {
    const message = `${path} of hydra.searchpath is known only at launch`;
    gaps.push({ kind: 'hidden', message, configPath: path, place: nowhere });
  }

  const groupExists = (group: string) => group.startsWith('hydra/') || files.groupExists(group);
  const { words, sweeps } = chooseFirst(options.words, options.multirun, files, refuse);
  const choices = createChoices(words, groupExists, legacy, refuse);
  const context = {
    ...{ legacy, environment, choices, refuse, load, multirun: options.multirun, entries: 0 },
    lack(entry: Default, configPath: string, by: string | null) {
      // Launchers and sweepers are plugins, in packages of their own.
      if (configPath.startsWith('hydra/')) return;
      gaps.push({
        kind: 'missing',
        message: describeLack(configPath, by, files),
        configPath,
        place: entry.place,
        isOption: optionsBeside(configPath, files).length > 0,
      });
    },
  };
  const first = makeDefault({ kind: 'config', name: configName });
  const steps = await expandDefault(first, context, {
    isRoot: true,
    interpolated: false,
    ancestors: [],
  });
  choices.tellUnused();
  tellTwice(steps, refuse);

  let root = emptyMap();
  for (const step of [...(await loadOwnChoices(choices, load)), ...steps]) {
    root = mergeOmegaConf(root, inPackage(step), ({ origin, column }, keys) =>
      refuse({
        ...(keys.length === 0 ? {} : { key: joinKey(keys) }),
        reason: 'schema',
        message: `${step.configPath}: a list and a map do not go together here`,
        path: origin.path ?? null,
        line: origin.line ?? null,
        ...(origin.path === undefined ? {} : { column }),
      }),
    ) as MapNode;
    if (root.kind !== 'map') root = emptyMap();
  }
  const isOwn = ({ parsed: { key } }: HydraWord) => /^hydra(?:[./]|$)/.test(key);
  root = applyHydraWords(root, choices.rest.filter(isOwn), () => {});
  const hydra = root.entries.get('hydra');
  const entries = new Map(root.entries);
  // Hydra's own settings are its, not the program's.
  entries.delete('hydra');
  const program = choices.rest.filter((word) => !isOwn(word));
  root = applyHydraWords({ ...root, entries }, program, refuse);
  return {
    root,
    hydra: hydra?.kind === 'map' ? hydra : emptyMap(),
    choices: choices.known,
    sweeps,
    unresolved: onlyOnce(unresolved),
    // As they stand in the files; the lists are walked backwards.
    gaps: gaps.toSorted((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0)),
  };
}

/** What the user keeps for Hydra's own groups (`hydra/launcher`); the rest is in packages. */
async function loadOwnChoices(
  choices: Choices,
  load: (configPath: string) => Promise<Loaded | null>,
): Promise<Step[]> {
  const steps: Step[] = [];
  for (const [key, { value }] of choices.choices) {
    if (!key.startsWith('hydra/') || key.includes('@')) continue;
    for (const option of Array.isArray(value) ? value : value === null ? [] : [value]) {
      const configPath = `${key}/${option}`;
      const loaded = await load(configPath);
      if (loaded === null) continue;
      const { node } = loaded;
      steps.push({ configPath, package: key.replaceAll('/', '.'), node, key, primary: false });
    }
  }
  return steps;
}

function optionsBeside(configPath: string, files: HydraFiles): string[] {
  const slash = configPath.lastIndexOf('/');
  return slash === -1 ? [] : files.listOptions(configPath.slice(0, slash));
}

function describeLack(configPath: string, by: string | null, files: HydraFiles): string {
  const options = optionsBeside(configPath, files);
  const there = options.length === 0 ? '' : `; there are ${options.slice(0, 20).join(', ')}`;
  return `${by === null ? '' : `${by}: `}there is no config ${configPath}${there}`;
}

function tellTwice(steps: readonly Step[], refuse: Refuse): void {
  const seen = new Set<string>();
  for (const { key } of steps) {
    if (key === null) continue;
    if (seen.has(key)) {
      const message = `${key} appears more than once in the defaults list: write \`override ${key}\``;
      refuse({ reason: 'schema', message, ...nowhere });
    }
    seen.add(key);
  }
}

function inPackage(step: Step): ConfigNode {
  if (step.package !== '') {
    const segments = step.package.split('.');
    return setNode(emptyMap(), segments, step.node);
  }
  return step.node;
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

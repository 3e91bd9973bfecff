import { basename, dirname, extname, join } from 'node:path';
import type { Script } from '../core/config/find-script.ts';
import { type Composed, composeHydra, type HydraOptions } from '../core/config/hydra-compose.ts';
import { readRuntime } from '../core/config/hydra-runtime.ts';
import { type HydraCommand, readHydraCommand } from '../core/config/hydra-words.ts';
import type { KnownResolver } from '../core/config/interpolate.ts';
import type { Diagnostic } from '../core/config/node.ts';
import type { Override } from '../core/config/overrides.ts';
import { type HydraLaunch, openHydraFiles, type PackagePlaces, planHydra } from './config-hydra.ts';
import { surveyImports } from './config-imports.ts';
import type { ScriptConfig } from './config-script.ts';
import type { ConfigSource } from './config-source.ts';

interface ComposeOptions {
  program: ScriptConfig;
  script: Script;
  argv: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** As the program will see it. */
  variable: (name: string) => string | null | undefined;
  sources: Map<string, ConfigSource>;
  /** A path as the record has it. */
  place: (absolute: string) => string;
  read: (absolute: string) => Promise<ConfigSource>;
}

export type ComposedFromFiles = Composed & {
  /** Every override of the command line, those that choose a group among them. */
  overrides: Override[];
  /** Why the result may not be that of the program. */
  problems: string[];
  missing: Diagnostic[];
  /** Nodes that files do not show may fill what seems to be empty. */
  open: boolean;
  /** The program runs in its own output folder: relative paths start there. */
  chdir: boolean;
  /** `${hydra:...}`, as far as it is known. */
  resolver: KnownResolver;
};

/**
 * Composes the defaults list of a Hydra app, or of a named file that has one; null where nothing
 * is to be composed. The files that are read are added to `sources`.
 */
export async function composeFromFiles(options: ComposeOptions): Promise<ComposedFromFiles | null> {
  const { program, cwd, environment, sources } = options;
  const isApp = program.hydra !== null;
  const command = readCommand(options);
  const places = { script: program.path ?? cwd, cwd, environment };
  const plan = planFor(options, command, places);
  if (plan === null) return null;
  const named = [...sources.values()];
  // The order of composition is the order of the sources.
  sources.clear();
  const known = new Map(named.map((source) => [source.absolute, source]));
  const read = async (path: string) => known.get(path) ?? (await options.read(path));
  const given: HydraOptions = {
    configName: plan.configName,
    words: command.words,
    multirun: command.overrides.some((item) => item.key === 'multirun'),
    legacy: program.hydra?.legacy ?? false,
    environment: options.variable,
  };
  const compose = (with_: HydraOptions) =>
    composeHydra(with_, openHydraFiles([...plan.folders], read, sources, places));
  let composed = await compose(given);
  const runtime = readRuntime(composed, given, {
    cwd,
    script: basename(program.path ?? '', extname(program.path ?? '')),
  });
  if (runtime.again !== null) composed = await compose(runtime.again);
  for (const source of named) sources.set(source.absolute, source);

  const problems = [...plan.gaps, ...runtime.notes];
  const missing = [...composed.unresolved];
  const { stores, foreign } =
    program.path !== null && composed.gaps.length + missing.length > 0
      ? surveyImports(program.path, cwd)
      : { stores: false, foreign: false };
  const hidden = plan.gaps.length > 0 || composed.gaps.some(({ kind }) => kind === 'hidden');
  for (const gap of composed.gaps) {
    // A config store in the code may hold what no file does.
    const isLost = gap.kind === 'missing' && !stores && !hidden && (gap.isOption || !foreign);
    const isKnown = isLost || gap.kind !== 'missing';
    problems.push(isKnown ? gap.message : `${gap.message}; it is known only at launch`);
    if (!isLost) continue;
    const { path, line, column } = gap.place;
    missing.push({
      key: null,
      reason: 'missing-file',
      message: gap.message,
      path: path ?? options.place(join(plan.folders[0] ?? cwd, `${gap.configPath}.yaml`)),
      line,
      ...(column === undefined ? {} : { column }),
    });
  }
  for (const { text, message } of isApp ? command.refused : []) {
    missing.push({
      key: null,
      reason: 'syntax',
      message: `${text}: ${message}`,
      path: null,
      line: null,
    });
  }
  const open = stores || plan.gaps.length > 0 || composed.gaps.length > 0;
  return {
    ...composed,
    overrides: command.overrides.filter((item) => isApp || item.tokens.length > 0),
    problems,
    missing: open ? missing.filter(({ reason }) => isCertain(reason)) : missing,
    open,
    chdir: runtime.chdir,
    resolver: runtime.resolver,
  };
}

/** With nodes that are not seen, keys and groups may be there all the same. */
function isCertain(reason: Diagnostic['reason']): boolean {
  return reason !== 'schema' && reason !== 'interpolation';
}

/** Of a program that calls `compose`, the words stand in its text. */
function readCommand({ program, argv, script }: ComposeOptions): HydraCommand {
  const { hydra } = program;
  const written = hydra !== null && 'overrides' in hydra ? hydra.overrides : 'argv';
  if (written === 'argv') return readHydraCommand(argv, script.index + 1);
  const command = readHydraCommand(written ?? [], 0);
  return { ...command, overrides: command.overrides.map((item) => ({ ...item, tokens: [] })) };
}

function planFor(
  { program, sources }: ComposeOptions,
  command: HydraCommand,
  places: PackagePlaces,
): HydraLaunch | null {
  if (program.hydra !== null && program.path !== null) {
    const plan = planHydra(program.hydra, places, command.overrides);
    if (plan !== null && 'overrides' in program.hydra && program.hydra.overrides === undefined) {
      plan.gaps.push('the overrides of compose() are known only at launch');
    }
    return plan;
  }
  for (const source of sources.values()) {
    const { root } = source.parsed;
    const defaults = root?.kind === 'map' ? root.entries.get('defaults') : undefined;
    if (defaults?.kind !== 'list') continue;
    const says = defaults.items.some((item) => item.kind === 'scalar' && item.value === '_self_');
    if (!says && program.yaml !== 'omegaconf') continue;
    const configName = basename(source.absolute, '.yaml');
    return { folders: [dirname(source.absolute)], configName, gaps: [] };
  }
  return null;
}

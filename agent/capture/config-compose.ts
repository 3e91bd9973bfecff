import { basename, dirname } from 'node:path';
import type { Script } from '../core/config/find-script.ts';
import { type Composed, composeHydra } from '../core/config/hydra-compose.ts';
import type { Diagnostic } from '../core/config/node.ts';
import { type Override, recogniseOverrides } from '../core/config/overrides.ts';
import { type HydraLaunch, openHydraFiles, planHydra } from './config-hydra.ts';
import type { ScriptConfig } from './config-script.ts';
import type { ConfigSource } from './config-source.ts';

interface ComposeOptions {
  program: ScriptConfig;
  script: Script;
  argv: readonly string[];
  cwd: string;
  sources: Map<string, ConfigSource>;
  read: (absolute: string) => Promise<ConfigSource>;
  taken: ReadonlySet<number>;
}

export type ComposedFromFiles = Composed & {
  /** Every override of the command line, those that choose a group among them. */
  allOverrides: Override[];
  problems: string[];
  missing: Diagnostic[];
};

/**
 * Composes the defaults list of a Hydra app, or of a named file that has one; null where nothing
 * is to be composed. The files that are read are added to `sources`.
 */
export async function composeFromFiles(options: ComposeOptions): Promise<ComposedFromFiles | null> {
  const { program, argv, sources } = options;
  const allOverrides = recogniseOverrides(argv, {
    from: options.script.index + 1,
    root: null,
    hydra: true,
    taken: options.taken,
  });
  const plan = planFor(options, allOverrides);
  if (plan === null) return null;
  const named = [...sources.values()];
  // The order of composition is the order of the sources.
  sources.clear();
  const known = new Map(named.map((source) => [source.absolute, source]));
  const read = async (path: string) => known.get(path) ?? (await options.read(path));
  const files = openHydraFiles(plan.folders, read, sources);
  const composed = await composeHydra(plan.configName, allOverrides, files);
  for (const source of named) sources.set(source.absolute, source);

  const problems = composed.gaps.map((gap) => gap.message);
  const missing: Diagnostic[] = composed.unresolved.filter(
    (item) => item.reason === 'missing-value',
  );
  for (const gap of composed.gaps) {
    // A config store in the code may hold what no file does.
    if (gap.configPath === null || program.configStore) continue;
    const message = gap.message;
    missing.push({
      key: null,
      reason: 'missing-file',
      message,
      path: `${gap.configPath}.yaml`,
      line: null,
    });
  }
  if (allOverrides.some((item) => item.key === 'multirun')) {
    problems.push('a multirun: the values of each job are not in this record');
  }
  return { ...composed, allOverrides, problems, missing };
}

function planFor(options: ComposeOptions, overrides: Override[]): HydraLaunch | null {
  const { program, cwd, sources } = options;
  if (program.hydra !== null && program.path !== null) {
    return planHydra(program.hydra, program.path, cwd, overrides);
  }
  for (const source of sources.values()) {
    const { root } = source.parsed;
    const defaults = root?.kind === 'map' ? root.entries.get('defaults') : undefined;
    if (defaults?.kind !== 'list') continue;
    const says = defaults.items.some((item) => item.kind === 'scalar' && item.value === '_self_');
    if (!says && program.yaml !== 'omegaconf') continue;
    return { folders: [dirname(source.absolute)], configName: basename(source.absolute, '.yaml') };
  }
  return null;
}

import { isAbsolute, resolve } from 'node:path';
import { canonicalJson } from '../core/canonical.ts';
import { findScript } from '../core/config/find-script.ts';
import type { Diagnostic } from '../core/config/node.ts';
import { resolveConfig } from '../core/config/resolve-config.ts';
import type { Redactor } from '../core/redaction/redactor.ts';
import type { Captured, KeepObject } from '../core/seams.ts';
import { unknownConfig } from '../core/unknown-record.ts';
import type { Config, Dialect, YamlDialect } from '../protocol/record.ts';
import { breathe } from './breathe.ts';
import { composeFromFiles } from './config-compose.ts';
import { readEnvironment } from './config-environment.ts';
import { findConfigArguments, findMissingConfigs } from './config-find.ts';
import { findScriptFiles, type Layers, readLayers } from './config-layers.ts';
import { type ConfigPath, findConfigPaths, findPath } from './config-path.ts';
import { recordConfig } from './config-record.ts';
import { inspectScript } from './config-script.ts';
import { type ConfigSource, readConfigSource } from './config-source.ts';
import { dialectOf } from './config-source-record.ts';
import { sha256 } from './sha256.ts';
import { realPath, workspacePath } from './workspace-path.ts';

export interface ConfigOptions {
  workspaceRoot: string;
  /** Absolute: where the program starts. */
  cwd: string;
  /** Files named by the user or by the settings; relative ones from `cwd`, then from the root. */
  named: readonly string[];
  argv: readonly string[];
  isPython: boolean;
  environment: Readonly<Record<string, string | undefined>>;
  keepObject: KeepObject;
  redactor: Redactor;
}

export type CapturedConfig = Captured<Config> & {
  /** Values that name data, for the data capture. */
  paths: ConfigPath[];
  /** Tokens of argv that are overrides: the fingerprint leaves them out. */
  overrideTokens: number[];
};

/**
 * Captures the configuration of a launch: the files that are named or found, the overrides of the
 * command line, what they come to, and what in it has no value. Runs nothing of the user's.
 */
export async function captureConfig(options: ConfigOptions): Promise<CapturedConfig> {
  const { workspaceRoot, cwd, argv, environment } = options;
  const script = findScript(argv);
  await breathe();
  const program = inspectScript(script, cwd, options.isPython);
  await breathe();
  const variable = readEnvironment(program, cwd, environment);
  const from = script.index + 1;
  const sources = new Map<string, ConfigSource>();
  const problems: string[] = [];
  const missing: Diagnostic[] = [];

  const realRoot = realPath(workspaceRoot);
  const read = (absolute: string) =>
    readConfigSource(absolute, realRoot, dialectOf(absolute, program.yaml));

  const tellMissing = (path: string) => {
    missing.push({ key: null, reason: 'missing-file', message: 'is not there', path, line: null });
    problems.push(`${path}: is not there`);
  };
  const places = { workspaceRoot, cwd, home: environment.HOME };
  for (const name of options.named) {
    const absolute = findPath(name, null, places);
    if (absolute === null) {
      tellMissing(workspacePath(workspaceRoot, resolve(cwd, name)));
    } else sources.set(absolute, await read(absolute));
  }
  // A Hydra app is composed below, and tells its own.
  const unread = program.hydra === null ? findMissingConfigs(argv, from, cwd) : [];
  for (const path of unread) tellMissing(workspacePath(workspaceRoot, path));
  const taken = new Map<number, string>();
  const given = findConfigArguments(argv, from, cwd);
  const isNamed = given.length + options.named.length > 0;
  for (const absolute of findScriptFiles(program, cwd, isNamed)) {
    if (!sources.has(absolute)) sources.set(absolute, await read(absolute));
  }
  for (const found of given) {
    for (const token of found.tokens) taken.set(token, found.absolute);
    if (sources.has(found.absolute)) continue;
    const source = await read(found.absolute);
    // What is found by sight and holds a list is data.
    if (source.parsed.root !== null && source.parsed.root.kind !== 'map') continue;
    sources.set(found.absolute, source);
  }

  await breathe();
  const composed = await composeFromFiles({
    ...{ program, script, argv, cwd, environment, variable, sources, read },
    place: (path) => workspacePath(realRoot, path),
  });
  const layers: Layers =
    composed === null
      ? await readLayers({ program, argv, from, cwd, sources, read, taken })
      : { ...composed, roots: [composed.root], standing: [] };
  const { overrides } = layers;
  problems.push(...(composed?.problems ?? []));
  missing.push(...layers.missing);

  if (sources.size + overrides.length + missing.length + problems.length === 0) {
    const detail = 'no configuration file was named or found in the command line';
    return { value: unknownConfig(), status: 'absent', detail, paths: [], overrideTokens: [] };
  }

  const dialect = overrideDialect([...sources.values()], program.yaml);
  const resolved = await resolveConfig({
    roots: layers.roots,
    overrides: layers.standing,
    dialect,
    interpolations: composed !== null || (dialect === 'omegaconf' && program.interpolates),
    environment: variable,
    expands: program.sources.expands,
    ...(composed === null ? {} : { resolver: composed.resolver }),
    root: workspaceRoot,
    exists: (path, origin) =>
      (composed?.chdir === true && !isAbsolute(path)) || findPath(path, origin, places) !== null,
  });
  await breathe();
  // What a config store in the code holds may be what an interpolation means.
  const unresolved = resolved.unresolved.filter(
    ({ reason }) => composed?.open !== true || reason !== 'interpolation',
  );

  for (const source of sources.values()) {
    if (source.parsed.root !== null) continue;
    const [first] = source.parsed.diagnostics;
    const place = first?.line ? `:${first.line}:${first.column ?? 1}` : '';
    problems.push(`${source.path}${place}: ${first?.message ?? 'does not parse'}`);
  }
  const told = [...sources.values()].flatMap((source) => source.parsed.diagnostics);
  // Where no file could be read the configuration is unknown, not empty.
  const known =
    overrides.length > 0 || [...sources.values()].some(({ parsed }) => parsed.root !== null);
  const value = recordConfig({
    sources: [...sources.values()],
    overrides,
    resolved: known ? resolved : null,
    unresolved: [...missing, ...told, ...unresolved],
    keepObject: options.keepObject,
    redactor: options.redactor,
    digestText: sha256,
    canonical: canonicalJson,
  });
  return {
    value,
    status: problems.length === 0 ? 'captured' : 'partial',
    detail: problems.length === 0 ? null : [...new Set(problems)].join('; '),
    paths: findConfigPaths(resolved.tree, places),
    overrideTokens: overrides.flatMap((override) => override.tokens),
  };
}

/**
 * Overrides are read by the rules of the files that they change; where there are none the program
 * converts the text itself, and `1e-4` is a number to it.
 */
function overrideDialect(sources: ConfigSource[], yaml: YamlDialect): Dialect {
  if (yaml === 'omegaconf') return yaml;
  const dialects = new Set(sources.map((source) => source.dialect));
  const [only] = dialects;
  if (only === undefined) return 'yaml-1.2';
  return dialects.size === 1 ? only : yaml;
}

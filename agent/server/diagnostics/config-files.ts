import { basename, extname, isAbsolute, relative, resolve, sep } from 'node:path';
import { inspectScript } from '../../capture/config-script.ts';
import { type LoadedSettings, loadSettings, type NamedRun } from '../../capture/settings.ts';
import { findScript } from '../../core/config/find-script.ts';
import type { Dialect } from '../../protocol/record.ts';

/** A document that a program reads as its configuration, and how. */
export interface ConfigFile {
  dialect: Dialect;
  /** It is put together with others: what it refers to may stand in them. */
  isPart: boolean;
}

const endings = ['.yaml', '.yml', '.json', '.toml'];

/** Null where the file is no configuration, as far as can be told without a run. */
export async function findConfigFile(
  path: string,
  text: string,
  root: string,
): Promise<ConfigFile | null> {
  const ending = extname(path).toLowerCase();
  if (!endings.includes(ending)) return null;
  const settings = await loadSettings(root).catch(() => null);
  const runs = settings === null ? [] : listRunsOf(path, root, settings);
  const words = relative(root, path).split(sep);
  const isInConf = words.slice(0, -1).includes('conf');
  const isForeign = isAbsolute(relative(root, path)) || words.some((word) => foreign.has(word));
  const isCalledConfig = basename(path).startsWith('config');
  if (runs.length === 0 && (isForeign || !(isInConf || isCalledConfig))) return null;
  if (ending === '.json') return { dialect: 'json', isPart: false };
  if (ending === '.toml') return { dialect: 'toml', isPart: false };
  const hasDefaults = /^defaults:\s*(?:#.*)?$/m.test(text);
  return {
    dialect: dialectOfRuns(runs, root) ?? (looksLikeOmegaConf(text) ? 'omegaconf' : 'pyyaml'),
    isPart: isInConf || hasDefaults,
  };
}

const foreign = new Set(['..', 'node_modules', '.git', '.runrecord', '.vscode', '.venv']);

function listRunsOf(path: string, root: string, { runs }: LoadedSettings): NamedRun[] {
  return [...runs.values()].filter(({ config }) =>
    config.some((name) => resolve(root, name) === path),
  );
}

function dialectOfRuns(runs: readonly NamedRun[], root: string): Dialect | null {
  const [run] = runs;
  if (run === undefined) return null;
  const script = findScript(run.argv);
  return inspectScript(script, resolve(root, run.cwd ?? '.'), true).yaml;
}

function looksLikeOmegaConf(text: string): boolean {
  return (
    /:\s*\?\?\?\s*(?:#.*)?$/m.test(text) ||
    /\$\{(?:oc\.|\.|[a-z_][\w-]*(?:\.\w+)*\})/.test(text) ||
    /^# @package\b|^defaults:\s*$/m.test(text)
  );
}

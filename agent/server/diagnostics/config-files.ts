import { basename, extname, isAbsolute, relative, resolve, sep } from 'node:path';
import { inspectScript, type ScriptConfig } from '../../capture/config-script.ts';
import { type LoadedSettings, loadSettings, type NamedRun } from '../../capture/settings.ts';
import { findScript } from '../../core/config/find-script.ts';
import type { Dialect } from '../../protocol/record.ts';

/** A document that a program reads as its configuration, and how. */
export interface ConfigFile {
  dialect: Dialect;
  /** It is put together with others: what it refers to may stand in them. */
  isPart: boolean;
  /** The program that reads it; null where no run of the settings says that. */
  program: ScriptConfig | null;
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
  if (runs.length === 0 && isOfAnotherTool(basename(path), text)) return null;
  const program = programOfRuns(runs, root);
  if (ending === '.json') return { dialect: 'json', isPart: false, program };
  if (ending === '.toml') return { dialect: 'toml', isPart: false, program };
  const hasDefaults = /^defaults:\s*(?:#.*)?$/m.test(text);
  return {
    dialect: program?.yaml ?? (looksLikeOmegaConf(text) ? 'omegaconf' : 'pyyaml'),
    isPart: isInConf || hasDefaults,
    program,
  };
}

const foreign = new Set(['..', 'node_modules', '.git', '.runrecord', '.vscode', '.venv']);

function listRunsOf(path: string, root: string, { runs }: LoadedSettings): NamedRun[] {
  return [...runs.values()].filter(({ config }) =>
    config.some((name) => resolve(root, name) === path),
  );
}

function programOfRuns(runs: readonly NamedRun[], root: string): ScriptConfig | null {
  const [run] = runs;
  if (run === undefined) return null;
  const script = findScript(run.argv);
  return inspectScript(script, resolve(root, run.cwd ?? '.'), true);
}

/** What lies beside configs and has a language of its own: Compose, Kubernetes, services. */
function isOfAnotherTool(name: string, text: string): boolean {
  if (/^(?:docker-)?compose\b|^(?:prometheus|mkdocs|Chart|grafana|nginx)\b/i.test(name))
    return true;
  if (/^apiVersion:/m.test(text) && /^kind:/m.test(text)) return true;
  return /^services:\s*$/m.test(text) && /^ +(?:image|build):/m.test(text);
}

function looksLikeOmegaConf(text: string): boolean {
  return (
    /:\s*\?\?\?\s*(?:#.*)?$/m.test(text) ||
    /\$\{(?:oc\.|\.|[a-z_][\w-]*(?:\.\w+)*\})/.test(text) ||
    /^# @package\b|^defaults:\s*$/m.test(text)
  );
}

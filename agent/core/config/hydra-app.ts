import { maskedScript, type PythonPlace, readPythonPath } from './python-path.ts';
import { argumentOf, findCalls, maskPython, type PythonCall } from './python-text-scan.ts';

/** What a script says of its Hydra app; undefined: said, but only a run can tell what. */
export interface HydraApp {
  /** As written: relative to the script's folder; null where there is none. */
  configPath: string | null | undefined;
  configName: string | null | undefined;
  /** `version_base` below 1.2, or none: the rules of Hydra 1.1. */
  legacy: boolean;
  /** Of `compose(...)`: the overrides in its text; undefined where only a run can tell. */
  overrides?: string[] | 'argv' | undefined;
}

/**
 * What `@hydra.main(...)`, or `initialize` and `compose`, in a script say, read without running it;
 * null where the script has none.
 */
export function findHydraApp(place: PythonPlace): HydraApp | null {
  const { script } = place;
  if (!/hydra/.test(script)) return null;
  const masked = maskedScript(place);
  const names = importedNames(masked);
  const [main] = findCalls(script, masked, names.main);
  if (main !== undefined) return readMain(main, place);
  const [runner] = findCalls(script, masked, 'hydra_runner');
  if (runner !== undefined) return { ...readMain(runner, place), legacy: false };
  const [composed] = findCalls(script, masked, names.compose);
  if (composed === undefined) return null;
  const start = findCalls(script, masked, names.initialize).findLast(
    ({ offset }) => offset < composed.offset,
  );
  return start === undefined ? null : readCompose(start, composed, place);
}

/** Patterns of the names under which a script knows Hydra's functions. */
function importedNames(masked: string) {
  const module = /^[ \t]*import[ \t]+hydra[ \t]+as[ \t]+(\w+)/m.exec(masked)?.[1];
  const modules = module === undefined ? 'hydra' : `(?:hydra|${module})`;
  const direct = (name: string): string => {
    const pattern = new RegExp(
      `^[ \\t]*from[ \\t]+hydra(?:\\.\\w+)*[ \\t]+import[ \\t(]+[^\\n)]*?\\b${name}\\b(?:[ \\t]+as[ \\t]+(\\w+))?`,
      'm',
    );
    const found = pattern.exec(masked);
    return found === null ? '' : `|${found[1] ?? name}`;
  };
  const hasModule = /^[ \t]*(?:import[ \t]+hydra\b|from[ \t]+hydra\b)/m.test(masked);
  if (!hasModule) return { main: '(?!)', compose: '(?!)', initialize: '(?!)' };
  const starts = ['initialize', 'initialize_config_dir', 'initialize_config_module'];
  return {
    main: `${modules}\\.main${direct('main')}`,
    compose: `${modules}\\.compose${direct('compose')}`,
    initialize: starts.map((name) => `${modules}\\.${name}${direct(name)}`).join('|'),
  };
}

function readMain(call: PythonCall, place: PythonPlace): HydraApp {
  const legacy = readLegacy(argumentOf(call, 'version_base', 2), place);
  const path = argumentOf(call, 'config_path', 0);
  const name = argumentOf(call, 'config_name', 1);
  return {
    configPath: path === null ? (legacy ? '.' : null) : readPythonPath(path, place),
    configName: name === null ? null : readPythonPath(name, place),
    legacy,
  };
}

/** Not given is the oldest; `None` is the newest. */
function readLegacy(version: string | null, place: PythonPlace): boolean {
  if (version === null) return true;
  const value = readPythonPath(version, place);
  return typeof value === 'string' && /^1\.[01](?:\.|$)/.test(value);
}

function readCompose(start: PythonCall, call: PythonCall, place: PythonPlace): HydraApp {
  const isModule = /module$/.test(start.name);
  const isFolder = /dir$/.test(start.name);
  const option = isModule ? 'config_module' : isFolder ? 'config_dir' : 'config_path';
  const written = argumentOf(start, option, 0);
  const path = written === null ? null : readPythonPath(written, place);
  const name = argumentOf(call, 'config_name', 0);
  const version = argumentOf(start, 'version_base', isModule || isFolder ? 2 : 3);
  const module = isModule && typeof path === 'string' ? `pkg://${path}` : path;
  return {
    configPath: isFolder && path === null ? undefined : module,
    configName: name === null ? null : readPythonPath(name, place),
    legacy: readLegacy(version, place),
    overrides: readOverrides(argumentOf(call, 'overrides', 1), place),
  };
}

function readOverrides(code: string | null, place: PythonPlace): string[] | 'argv' | undefined {
  if (code === null || code === 'None') return [];
  if (/^(?:list\()?sys\.argv\[1:\]\)?$/.test(code)) return 'argv';
  const inside = /^\[([\s\S]*)\]$/.exec(code)?.[1];
  if (inside === undefined) return undefined;
  const [call] = findCalls(`f(${inside})`, maskPython(`f(${inside})`), 'f');
  const values = (call?.arguments ?? []).map(({ text }) => readPythonPath(text, place));
  return values.every((value) => typeof value === 'string') ? (values as string[]) : undefined;
}

/** Whether a Python text loads its configuration through OmegaConf. */
export function usesOmegaConf(script: string): boolean {
  return /^\s*(?:import|from)\s+(?:hydra|omegaconf)\b/m.test(script);
}

/** Whether a Python text makes configs in code, where no file shows them. */
export function storesConfigs(script: string): boolean {
  return /\bConfigStore\b|\bhydra_zen\b/.test(script);
}

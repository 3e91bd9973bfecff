import { readFileSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Script } from '../core/config/find-script.ts';
import { findHydraApp, type HydraApp, usesOmegaConf } from '../core/config/hydra-app.ts';
import type { PythonPlace } from '../core/config/python-path.ts';
import { findScriptSources, type ScriptSources } from '../core/config/script-sources.ts';
import type { YamlDialect } from '../protocol/record.ts';

const maxScriptBytes = 2_000_000;

export interface ScriptConfig {
  /** The script's file, null where it cannot be told. */
  path: string | null;
  hydra: HydraApp | null;
  /** With its text, which is empty where it is no Python that can be read. */
  place: PythonPlace;
  /** What it loads by names of its own, and how. */
  sources: ScriptSources;
  /** It resolves OmegaConf's interpolations. */
  interpolates: boolean;
  /** How the program reads YAML; the loader of jsonargparse reads scalars as OmegaConf's does. */
  yaml: YamlDialect;
}

/** What a program's own text says about how it reads its configuration; nothing is run. */
export function inspectScript(script: Script, cwd: string, isPython: boolean): ScriptConfig {
  const path = findFile(script, cwd);
  const text = path !== null && extname(path) === '.py' ? readScript(path) : '';
  const place: PythonPlace = { script: text, file: path ?? cwd, cwd };
  const hydra = findHydraApp(place);
  const omegaconf = hydra !== null || usesOmegaConf(text);
  const sources = findScriptSources(place);
  const ruamel = /^\s*(?:import|from)\s+ruamel\b/m.test(text) && !/^\s*import yaml\b/m.test(text);
  return {
    path,
    place,
    hydra,
    yaml: omegaconf || sources.ordered ? 'omegaconf' : isPython && !ruamel ? 'pyyaml' : 'yaml-1.2',
    interpolates: omegaconf,
    sources,
  };
}

function findFile(script: Script, cwd: string): string | null {
  const candidates: string[] = [];
  if (script.path !== null) {
    candidates.push(resolve(cwd, script.path), resolve(cwd, script.path, '__main__.py'));
  }
  if (script.module !== null) {
    const file = script.module.replaceAll('.', '/');
    for (const folder of ['.', 'src']) {
      candidates.push(
        resolve(cwd, folder, `${file}.py`),
        resolve(cwd, folder, file, '__main__.py'),
      );
    }
  }
  return candidates.find(isSmallFile) ?? null;
}

export function isSmallFile(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size <= maxScriptBytes;
}

export function readScript(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

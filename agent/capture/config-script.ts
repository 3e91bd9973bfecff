import { readFileSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Script } from '../core/config/find-script.ts';
import { findHydraApp, type HydraApp, usesOmegaConf } from '../core/config/hydra-app.ts';
import type { Dialect } from '../protocol/record.ts';

const maxScriptBytes = 2_000_000;

export interface ScriptConfig {
  /** The script's file, null where it cannot be told. */
  path: string | null;
  hydra: HydraApp | null;
  /** How the program reads YAML. */
  yaml: Exclude<Dialect, 'json' | 'toml'>;
  /** The program makes configs in code, which files do not show. */
  configStore: boolean;
}

/** What a program's own text says about how it reads its configuration; nothing is run. */
export function inspectScript(script: Script, cwd: string, isPython: boolean): ScriptConfig {
  const path = findFile(script, cwd);
  const text = path !== null && extname(path) === '.py' ? readScript(path) : '';
  const omegaconf = usesOmegaConf(text);
  const ruamel = /^\s*(?:import|from)\s+ruamel\b/m.test(text) && !/^\s*import yaml\b/m.test(text);
  return {
    path,
    hydra: findHydraApp(text),
    yaml: omegaconf ? 'omegaconf' : isPython && !ruamel ? 'pyyaml' : 'yaml-1.2',
    configStore: text.includes('ConfigStore'),
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

function isSmallFile(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size <= maxScriptBytes;
}

function readScript(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

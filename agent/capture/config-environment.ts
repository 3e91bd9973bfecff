import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseDotenv } from '../core/config/parse-dotenv.ts';
import { findScriptEnvironment } from '../core/config/script-environment.ts';
import type { ScriptConfig } from './config-script.ts';

const maxBytes = 1_000_000;

/**
 * The variables as the program will see them when it reads its configuration: its environment, the
 * `.env` files that its script loads, and what the script sets itself. Null for a variable that it
 * sets to what only a run can tell.
 */
export function readEnvironment(
  program: ScriptConfig,
  cwd: string,
  environment: Readonly<Record<string, string | undefined>>,
): (name: string) => string | null | undefined {
  const { path, place } = program;
  if (path === null || place.script === '') return (name) => environment[name];
  const { variables, files } = findScriptEnvironment(place);
  const loaded = new Map<string, string>();
  for (const file of files) {
    const found = file === null ? findUpwards('.env', dirname(path)) : resolve(cwd, file);
    if (found === null || !isSmallFile(found)) continue;
    const { root } = parseDotenv(readFileSync(found, 'utf8'), found, (name) => environment[name]);
    if (root?.kind !== 'map') continue;
    for (const [name, node] of root.entries) {
      if (node.kind === 'scalar' && node.value !== null) loaded.set(name, String(node.value));
    }
  }
  return (name) => environment[name] ?? loaded.get(name) ?? variables.get(name);
}

function findUpwards(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
    if (dirname(folder) === folder) return null;
  }
}

function isSmallFile(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size <= maxBytes;
}

import { existsSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { isOutputKey } from '../core/config/path-value.ts';

/** What is found by sight alone is a config only up to these sizes; more is data. */
const maxBytes = 1_000_000;
const maxPlainJsonBytes = 65_536;

const configWord = /conf|cfg|param|hparam|setting|args|opt(?:ion)?s?\b/i;

export interface FoundConfig {
  absolute: string;
  /** The tokens of argv that say it: the file, or the option and the file. */
  tokens: number[];
}

/** The files that a command line calls its configuration (`--config c.yaml`) and that are not there. */
export function findMissingConfigs(argv: readonly string[], from: number, cwd: string): string[] {
  return argv.slice(from).flatMap((token, at) => {
    const assigned = /^(--[A-Za-z][\w-]*)=(.+)$/s.exec(token);
    const option = assigned?.[1] ?? (at > 0 ? argv[from + at - 1] : undefined) ?? '';
    const value = assigned?.[2] ?? token;
    // Only where the option is of nothing else: `--params-out p.json` is still to be written.
    if (!/^--(?:[a-z]+[-_])?conf(?:ig)?(?:[-_](?:file|path))?$/.test(option)) return [];
    if (
      !/\.(?:yaml|yml|json|toml|ini|cfg|conf|properties)$/i.test(value) ||
      /[\0\s]|:\/\//.test(value)
    )
      return [];
    if (isOutputKey([option.replace(/^-+/, '')])) return [];
    const path = resolve(cwd, value);
    return existsSync(path) ? [] : [path];
  });
}

/** The configuration files that a command line names, in its order. `from`: after the program. */
export function findConfigArguments(
  argv: readonly string[],
  from: number,
  cwd: string,
): FoundConfig[] {
  const found: FoundConfig[] = [];
  for (let i = from; i < argv.length; i++) {
    const token = argv[i] ?? '';
    const assigned = /^((?:--?)?[A-Za-z][\w.-]*)=(.+)$/s.exec(token);
    // `config=c.yaml` names a file, `model=c.yaml` is an override.
    const named =
      assigned !== null && (token.startsWith('-') || configWord.test(assigned[1] ?? ''));
    const equals = named ? assigned : null;
    const before = argv[i - 1] ?? '';
    const option = equals?.[1] ?? (/^--?[A-Za-z]/.test(before) && i > from ? before : null);
    const value = equals?.[2] ?? token;
    if (value.startsWith('-') || !isConfig(value, option, cwd)) continue;
    const tokens = equals === null && option !== null && isConfigOption(option) ? [i - 1, i] : [i];
    found.push({ absolute: resolve(cwd, value), tokens });
  }
  return found;
}

function isConfigOption(option: string): boolean {
  return configWord.test(option) || option === '-c';
}

function isConfig(value: string, option: string | null, cwd: string): boolean {
  const ending = extname(value).toLowerCase();
  if (
    !/^\.(?:yaml|yml|json|toml|ini|cfg|conf|properties|env)$/.test(ending) ||
    value.includes('\0')
  ) {
    return false;
  }
  if (option !== null && isOutputKey([option.replace(/^-+/, '')])) return false;
  const stat = statSync(resolve(cwd, value), { throwIfNoEntry: false });
  if (stat?.isFile() !== true || stat.size > maxBytes) return false;
  if (ending !== '.json') return true;
  // A `.json` is as often data: its name, its option or its small size must speak for it.
  if (configWord.test(basename(value)) || (option !== null && isConfigOption(option))) return true;
  const saysData = /data|input|file|json|label|split|annotation|vocab/i;
  return (
    stat.size <= maxPlainJsonBytes && !saysData.test(`${option ?? ''} ${basename(value, ending)}`)
  );
}

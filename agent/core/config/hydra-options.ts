import type { Override } from './overrides.ts';

/** Hydra's own options, and how many values each takes. */
const options: Record<string, { name: string; values: 0 | 1 }> = {
  '--config-name': { name: 'config-name', values: 1 },
  '-cn': { name: 'config-name', values: 1 },
  '--config-path': { name: 'config-path', values: 1 },
  '-cp': { name: 'config-path', values: 1 },
  '--config-dir': { name: 'config-dir', values: 1 },
  '-cd': { name: 'config-dir', values: 1 },
  '--experimental-rerun': { name: 'experimental-rerun', values: 1 },
  '--multirun': { name: 'multirun', values: 0 },
  '-m': { name: 'multirun', values: 0 },
  '--run': { name: 'run', values: 0 },
  '-r': { name: 'run', values: 0 },
  '--resolve': { name: 'resolve', values: 0 },
  '--cfg': { name: 'cfg', values: 1 },
  '-c': { name: 'cfg', values: 1 },
  '--package': { name: 'package', values: 1 },
  '-p': { name: 'package', values: 1 },
  '--info': { name: 'info', values: 0 },
  '-i': { name: 'info', values: 0 },
  '--help': { name: 'help', values: 0 },
  '-h': { name: 'help', values: 0 },
  '--hydra-help': { name: 'hydra-help', values: 0 },
  '--version': { name: 'version', values: 0 },
  '--shell-completion': { name: 'shell-completion', values: 0 },
  '-sc': { name: 'shell-completion', values: 0 },
};
const infos = new Set('all config defaults defaults-tree plugins searchpath'.split(' '));

/** An option of Hydra itself; a long one may be cut short, as argparse has it. */
export function frameworkOption(argv: readonly string[], i: number): Override | null {
  const token = argv[i] ?? '';
  const equals = token.startsWith('--') ? token.indexOf('=') : -1;
  const option = findOption(equals === -1 ? token : token.slice(0, equals));
  if (option === null) return null;
  if (equals !== -1) return make(option.name, token.slice(equals + 1), [i], token);
  const value = argv[i + 1];
  const takes = option.values === 1 || (option.name === 'info' && infos.has(value ?? ''));
  if (!takes || value === undefined) return make(option.name, null, [i], token);
  return make(option.name, value, [i, i + 1], `${token} ${value}`);
}

function findOption(written: string): { name: string; values: 0 | 1 } | null {
  if (Object.hasOwn(options, written)) return options[written] ?? null;
  if (!/^--[a-z]/.test(written)) return null;
  const found = Object.keys(options).filter((name) => name.startsWith(written));
  return found.length === 1 ? (options[found[0] ?? ''] ?? null) : null;
}

function make(key: string, value: string | null, tokens: number[], text: string): Override {
  return { kind: 'framework', key, segments: [key], value, style: 'assign', text, tokens };
}

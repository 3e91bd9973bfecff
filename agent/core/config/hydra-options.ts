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
};

/** An option of Hydra itself, or an override of its own settings (`hydra.run.dir=x`). */
export function frameworkOption(argv: readonly string[], i: number): Override | null {
  const token = argv[i] ?? '';
  if (/^(?:\+\+|\+|~)?hydra[./=]/.test(token)) {
    const key = token.replace(/^[+~]+/, '').split('=')[0] ?? '';
    return make(key, token.includes('=') ? token.slice(token.indexOf('=') + 1) : null, [i], token);
  }
  const equals = token.indexOf('=');
  const option = options[equals === -1 ? token : token.slice(0, equals)];
  if (option === undefined) return null;
  if (equals !== -1) return make(option.name, token.slice(equals + 1), [i], token);
  const value = argv[i + 1];
  if (option.values === 0 || value === undefined) return make(option.name, null, [i], token);
  return make(option.name, value, [i, i + 1], `${token} ${value}`);
}

function make(key: string, value: string | null, tokens: number[], text: string): Override {
  return { kind: 'framework', key, segments: [key], value, style: 'assign', text, tokens };
}

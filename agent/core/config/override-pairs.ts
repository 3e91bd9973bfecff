import type { ConfigNode } from './node.ts';
import { findNode, type Override } from './overrides.ts';

/**
 * Keys and values by turns, as `cfg.merge_from_list(args.opts)` of yacs takes them: `SOLVER.BASE_LR
 * 0.01`. A key is one that the files have, or one in capitals with dots.
 */
export function recognisePairs(
  argv: readonly string[],
  from: number,
  root: ConfigNode | null,
  taken: ReadonlySet<number>,
): Override[] {
  const found: Override[] = [];
  for (let i = from; i + 1 < argv.length; i++) {
    const [key = '', value = ''] = argv.slice(i, i + 2);
    if (taken.has(i) || taken.has(i + 1) || !/^[A-Za-z_]\w*(?:\.\w+)*$/.test(key)) continue;
    const segments = key.split('.');
    const isKey = /^[A-Z][A-Z0-9_]*(?:\.[A-Z][A-Z0-9_]*)+$/.test(key);
    if (!isKey && findNode(root, segments) === null) continue;
    // The value of an option before it, and no key.
    if (!isKey && /^--?[A-Za-z]/.test(argv[i - 1] ?? '')) continue;
    const text = `${key} ${value}`;
    found.push({ kind: 'set', key, segments, value, style: 'assign', text, tokens: [i, i + 1] });
    i++;
  }
  return found;
}

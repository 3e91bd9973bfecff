import type { Node as YamlNode } from 'yaml';
import { isCollection, isMap } from './yaml-node.ts';

/**
 * The offset of the first tab that PyYAML would stop at, or -1: it takes tabs in quotes, in block
 * scalars and in comments only, where YAML 1.2 takes them as white space too.
 */
export function findLooseTab(text: string, contents: unknown): number {
  let tab = text.indexOf('\t');
  if (tab === -1) return -1;
  const covered: [number, number][] = [];
  collectCovered(contents as YamlNode | null, covered);
  covered.sort((a, b) => a[0] - b[0]);
  let next = 0;
  while (tab !== -1) {
    while (next < covered.length && (covered[next]?.[1] ?? 0) <= tab) next++;
    const range = covered[next];
    if (range !== undefined && range[0] <= tab) {
      tab = text.indexOf('\t', range[1]);
      continue;
    }
    // A comment begins with a `#` after white space, on this line and after what is quoted.
    const from = Math.max(text.lastIndexOf('\n', tab) + 1, covered[next - 1]?.[1] ?? 0);
    if (!/(?:^|[ \t])#/.test(text.slice(from, tab))) return tab;
    const end = text.indexOf('\n', tab);
    if (end === -1) return -1;
    tab = text.indexOf('\t', end);
  }
  return -1;
}

/** The ranges of quoted and block scalars, keys included. */
function collectCovered(node: YamlNode | null | undefined, covered: [number, number][]): void {
  if (node === null || node === undefined) return;
  if (isMap(node)) {
    for (const pair of node.items) {
      collectCovered(pair.key, covered);
      collectCovered(pair.value, covered);
    }
  } else if (isCollection(node)) {
    for (const item of node.items) collectCovered(item as YamlNode, covered);
  } else if ('type' in node && node.type !== 'PLAIN' && node.range) {
    covered.push([node.range[0], node.range[1]]);
  }
}

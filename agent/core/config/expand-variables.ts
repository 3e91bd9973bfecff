import type { ConfigNode, MapNode, ScalarNode } from './node.ts';

interface ExpandContext {
  environment: (name: string) => string | null | undefined;
  /** The program replaces variables in every text (`os.path.expandvars`). */
  everywhere: boolean;
}

/**
 * A tree with the variables of the environment in it: in values under `!ENV`, as pyaml-env reads
 * them, and in every text where the program does that. What is not set stays as it is written.
 */
export function expandVariables(root: MapNode, context: ExpandContext): MapNode {
  return expand(root, context) as MapNode;
}

function expand(node: ConfigNode, context: ExpandContext): ConfigNode {
  if (node.kind === 'list') {
    const items = node.items.map((item) => expand(item, context));
    return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
  }
  if (node.kind === 'map') {
    let changed: Map<string, ConfigNode> | null = null;
    for (const [key, entry] of node.entries) {
      const made = expand(entry, context);
      if (made === entry) continue;
      changed ??= new Map(node.entries);
      changed.set(key, made);
    }
    return changed === null ? node : { ...node, entries: changed };
  }
  if (typeof node.value !== 'string') return node;
  const tagged = node.text ? null : /^!ENV\s+(["']?)([\s\S]*)\1$/.exec(node.value);
  if (tagged !== null) return fill(node, tagged[2] ?? '', context);
  return context.everywhere && node.text && node.value.includes('$')
    ? fill(node, node.value, context)
    : node;
}

function fill(node: ScalarNode, text: string, { environment }: ExpandContext): ScalarNode {
  let used: string | null = null;
  const value = text.replace(
    /\$(?:\{(\w+)(?::-?([^}]*))?\}|([A-Za-z_]\w*))/g,
    (all, braced: string | undefined, fallback: string | undefined, bare: string | undefined) => {
      const name = braced ?? bare ?? '';
      const set = environment(name);
      if (typeof set !== 'string') return fallback ?? all;
      used = name;
      return set;
    },
  );
  const origin =
    used === null ? node.origin : { ...node.origin, kind: 'environment' as const, name: used };
  return { ...node, origin, value, text: true };
}

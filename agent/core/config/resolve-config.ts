import type { Dialect, Origin } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';
import { expandVariables } from './expand-variables.ts';
import { interpolate, type KnownResolver } from './interpolate.ts';
import { joinKey } from './key-path.ts';
import { leavesOf } from './leaves.ts';
import { deleteNode, emptyMap, mergeNodes, setNode } from './merge-nodes.ts';
import { mergeOmegaConf } from './merge-omegaconf.ts';
import {
  type ConfigNode,
  type Diagnostic,
  type MapNode,
  nodeOf,
  setMember,
  toJson,
} from './node.ts';
import { readOverrideValue } from './override-value.ts';
import { findNode, type Override } from './overrides.ts';
import { tellUnresolved, type UnresolvedContext } from './tell-unresolved.ts';

export interface ResolveOptions extends UnresolvedContext {
  /** The contents of the sources in order; later ones win, leaf by leaf. */
  roots: MapNode[];
  overrides: Override[];
  /** The rules by which values of overrides are read. */
  dialect: Dialect;
  /** The program replaces variables in texts. */
  expands?: boolean;
  /** Of a framework, where it is known. */
  resolver?: KnownResolver;
}

export interface ResolvedConfig {
  tree: MapNode;
  resolved: { [key: string]: Json };
  origins: Record<string, Origin>;
  unresolved: Diagnostic[];
}

/** Merges the sources, lays the overrides on them, and resolves what can be without running. */
export async function resolveConfig(options: ResolveOptions): Promise<ResolvedConfig> {
  const clashes: Diagnostic[] = [];
  const lay = (under: MapNode, over: MapNode) =>
    (options.interpolations
      ? mergeOmegaConf(under, over, (node, keys) => clashes.push(describeClash(node, keys)))
      : mergeNodes(under, over)) as MapNode;
  let tree = options.roots.reduce(lay, emptyMap());
  const everywhere = options.expands === true && !options.interpolations;
  tree = expandVariables(tree, { environment: options.environment, everywhere });
  tree = await applyOverrides(tree, options);
  let unresolved: Diagnostic[] = [];
  if (options.interpolations) {
    const result = interpolate(tree, options.environment, options.resolver);
    tree = result.root as MapNode;
    ({ unresolved } = result);
  }
  unresolved = [...clashes, ...unresolved, ...tellUnresolved(tree, options)];

  const origins: Record<string, Origin> = {};
  for (const { segments, node } of leavesOf(tree)) {
    setMember(origins as { [key: string]: Origin }, joinKey(segments), node.origin);
  }
  return { tree, resolved: toJson(tree) as { [key: string]: Json }, origins, unresolved };
}

function describeClash({ origin, column }: ConfigNode, keys: string[]): Diagnostic {
  const place = { path: origin.path ?? null, line: origin.line ?? null, column };
  const message = 'a list and a map do not go together here';
  return { key: joinKey(keys), reason: 'schema', message, ...place };
}

/** The tree with every override of the program laid on it. */
export async function applyOverrides(
  root: MapNode,
  options: Pick<ResolveOptions, 'overrides' | 'dialect'>,
): Promise<MapNode> {
  let tree = root;
  for (const override of options.overrides) {
    if (override.kind === 'framework') continue;
    if (override.kind === 'delete') {
      tree = deleteNode(tree, override.segments);
      continue;
    }
    const existing = findNode(tree, override.segments);
    const value = await readOverrideValue(override, existing, options.dialect);
    const node = nodeOf(value, { kind: 'override', text: override.text });
    tree = setNode(tree, override.segments, node);
  }
  return tree;
}

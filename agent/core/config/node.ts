import type { Origin, Unresolved } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';

/**
 * A configuration value that knows where it was written. Maps are `Map`s, not objects, so that a
 * hostile `__proto__` is a key like any other.
 */
interface Placed {
  origin: Origin;
  /** From 1. */
  column: number;
  /** Offsets in the source text, end exclusive; equal where there is no text. */
  start: number;
  end: number;
}

/** What the record can hold: big integers, NaN and the infinities are strings by now. */
export type Scalar = null | boolean | number | string;

export type ScalarNode = Placed & {
  kind: 'scalar';
  value: Scalar;
  /** True where the program would see text; interpolations and `???` only count there. */
  text: boolean;
  /** A float without a fraction: Python writes `5.0` into a text. */
  float?: true;
  /** Text that a resolver gave: what looks like an interpolation in it is none. */
  literal?: true;
};
export type ListNode = Placed & { kind: 'list'; items: ConfigNode[] };
export type MapNode = Placed & { kind: 'map'; entries: Map<string, ConfigNode> };
export type ConfigNode = ScalarNode | ListNode | MapNode;

/** Something to tell about a source, without the user's decision. */
export type Diagnostic = Omit<Unresolved, 'decision'>;

export interface ParsedConfig {
  /** Null where the text does not parse: a loader would have refused it too. */
  root: ConfigNode | null;
  diagnostics: Diagnostic[];
  /** `# @package NAME` in the first comment lines, for Hydra. */
  packageHeader?: string;
}

/** Sets a member even where it is called `__proto__`. */
export function setMember<T>(target: { [key: string]: T }, key: string, value: T): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** The plain JSON value of a node. */
export function toJson(node: ConfigNode): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toJson);
  const object: { [key: string]: Json } = {};
  for (const [key, entry] of node.entries) setMember(object, key, toJson(entry));
  return object;
}

/** A copy that shares nothing, with another origin where one is given. */
export function copyNode(node: ConfigNode, origin?: Origin): ConfigNode {
  const placed = origin === undefined ? {} : { origin };
  if (node.kind === 'scalar') return { ...node, ...placed };
  if (node.kind === 'list') {
    return { ...node, ...placed, items: node.items.map((item) => copyNode(item, origin)) };
  }
  const entries = new Map<string, ConfigNode>();
  for (const [key, entry] of node.entries) entries.set(key, copyNode(entry, origin));
  return { ...node, ...placed, entries };
}

/** A node for a value that stands in no source text. */
export function nodeOf(value: Json, origin: Origin): ConfigNode {
  const placed = { origin, column: 1, start: 0, end: 0 };
  if (Array.isArray(value)) {
    return { ...placed, kind: 'list', items: value.map((item) => nodeOf(item, origin)) };
  }
  if (typeof value === 'object' && value !== null) {
    const entries = new Map<string, ConfigNode>();
    for (const [key, member] of Object.entries(value)) entries.set(key, nodeOf(member, origin));
    return { ...placed, kind: 'map', entries };
  }
  return { ...placed, kind: 'scalar', value, text: typeof value === 'string' };
}

import type { Json } from '../../protocol/values.ts';
import { readArgument } from './hydra-value.ts';
import { OnlyAtLaunch, Unresolvable } from './interpolation-error.ts';
import { joinKey } from './key-path.ts';
import { limits } from './limits.ts';
import { type ConfigNode, type Diagnostic, nodeOf, type ScalarNode } from './node.ts';
import { callResolver, type Found } from './oc-resolver.ts';
import { pythonText } from './python-text.ts';
import { suggestKey } from './suggest-key.ts';
import { splitArguments, splitTemplate } from './template.ts';

const callPattern = /^\s*([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)?\s*:([\s\S]*)$/;
const maxText = 100_000;

/** What a resolver of a framework gives, where that is known before the launch. */
export type KnownResolver = (resolver: string, argument: string) => Json | undefined;

export interface Interpolated {
  root: ConfigNode;
  unresolved: Diagnostic[];
}

/**
 * Resolves OmegaConf interpolations without running anything. What resolves to nothing keeps its
 * text and is told; what only the program can know keeps its text with the origin `generated`.
 * `environment` answers the value of a variable, or undefined.
 */
export function interpolate(
  root: ConfigNode,
  environment: (name: string) => string | null | undefined,
  known: KnownResolver = () => undefined,
): Interpolated {
  const unresolved: Diagnostic[] = [];
  const done = new Map<ScalarNode, Found>();
  const open = new Set<ConfigNode>();
  let copied = 0;

  /** The value of a scalar; itself where it holds no interpolation. */
  function resolveScalar(node: ScalarNode, parents: ConfigNode[]): Found {
    if (!node.text || node.literal || !String(node.value).includes('${')) return { node, parents };
    const known = done.get(node);
    if (known !== undefined) return known;
    if (open.has(node)) throw new Unresolvable('interpolation', 'it refers to itself');
    open.add(node);
    try {
      const found = evaluate(String(node.value), node, parents);
      const result = found.node === node ? { node, parents } : found;
      done.set(node, result);
      return result;
    } finally {
      open.delete(node);
    }
  }

  function evaluate(text: string, node: ScalarNode, parents: ConfigNode[]): Found {
    const parts = splitTemplate(text);
    if (parts === null) throw new Unresolvable('interpolation', 'the `${` has no end');
    const [only] = parts;
    if (parts.length === 1 && only !== undefined && 'inner' in only) {
      return evaluateInner(only.inner, node, parents);
    }
    let joined = '';
    let origin = node.origin;
    for (const part of parts) {
      if ('text' in part) joined += part.text;
      else {
        const found = evaluateInner(part.inner, node, parents);
        if (parents.includes(found.node)) {
          throw new Unresolvable('interpolation', 'it refers to what it stands in');
        }
        // A map or a list is written as it stands, with what is in it unresolved.
        joined += pythonText(found.node.kind === 'scalar' ? settled(found) : found.node);
        if (found.node.origin.kind === 'environment') origin = found.node.origin;
      }
      if (joined.length > maxText)
        throw new Unresolvable('interpolation', 'the text grows too long');
    }
    return { node: { ...asText(node, joined), origin }, parents };
  }

  /** A node without interpolations of its own, for use inside a text. */
  function settled(found: Found): ConfigNode {
    if (found.node.kind !== 'scalar') return build(found, [], false);
    return resolveScalar(found.node, found.parents).node;
  }

  function evaluateInner(inner: string, node: ScalarNode, parents: ConfigNode[]): Found {
    const match = callPattern.exec(inner);
    if (match !== null) return call(match[1] ?? '', match[2] ?? '', node, parents);
    const path = inner.includes('${') ? pythonText(settled(evaluate(inner, node, parents))) : inner;
    return { ...select(path.trim(), parents) };
  }

  /** The node at a path such as `a.b`, `.a`, `..a[0]`. */
  function select(path: string, parents: ConfigNode[]): Found {
    const found = lookUp(path, parents, true);
    if (found === null) {
      throw new Unresolvable('interpolation', `there is no \`${path}\`${suggestKey(path, root)}`);
    }
    if (found.node.kind !== 'scalar') return found;
    if (isUnset(found.node)) {
      throw new Unresolvable('interpolation', `\`${path}\` has no value (???)`);
    }
    return resolveScalar(found.node, found.parents);
  }

  function lookUp(path: string, parents: ConfigNode[], strict: boolean): Found | null {
    const [, dots = '', rest = ''] = /^(\.*)([\s\S]*)$/.exec(path) ?? [];
    const base = dots === '' ? [root] : parents.slice(0, parents.length - dots.length + 1);
    if (base.length === 0) return null;
    let current: Found = { node: base[base.length - 1] as ConfigNode, parents: base.slice(0, -1) };
    const segments = rest.match(/[^.[\]]+/g) ?? [];
    for (const segment of segments) {
      if (current.node.kind === 'scalar') {
        if (strict && isUnset(current.node)) {
          throw new Unresolvable('interpolation', `what \`${path}\` is in has no value (???)`);
        }
        current = resolveScalar(current.node, current.parents);
      }
      const { node } = current;
      const next = node.kind === 'map' ? node.entries.get(segment) : itemOf(node, segment);
      if (next === undefined) return null;
      current = { node: next, parents: [...current.parents, node] };
    }
    return segments.length === 0 && dots === '' ? null : current;
  }

  /** The value of a resolver; all its arguments count, those that it does not need too. */
  function call(name: string, raw: string, node: ScalarNode, parents: ConfigNode[]): Found {
    const answer = known(name, raw);
    if (answer !== undefined) return { node: nodeOf(answer, node.origin), parents };
    const inside = (template: string) => settled(evaluate(template, node, parents));
    const given = splitArguments(raw).map((part) => readArgument(part, node, inside));
    const tools = {
      environment,
      select: (path: string) => select(path, parents),
      find(path: string) {
        const found = lookUp(path, parents, false);
        if (found?.node.kind !== 'scalar' || isUnset(found.node)) return found;
        return resolveScalar(found.node, found.parents);
      },
      settle: (found: Found) => build(found, [], false),
      evaluate: (value: ConfigNode): ConfigNode => build({ node: value, parents }, [], false),
    };
    return { node: callResolver(name, raw, given, node, tools), parents };
  }

  /** The tree below a node with every interpolation replaced; `tell` says what had no value. */
  function build(found: Found, key: readonly string[], tell: boolean): ConfigNode {
    const { node, parents } = found;
    if (!tell && ++copied > limits.values) {
      throw new Unresolvable('interpolation', 'it grows too large');
    }
    if (node.kind === 'scalar') return buildScalar(node, parents, key, tell);
    if (open.has(node)) throw new Unresolvable('interpolation', 'it refers to itself');
    open.add(node);
    try {
      const inside = [...parents, node];
      if (node.kind === 'list') {
        const items = node.items.map((item, i) =>
          build({ node: item, parents: inside }, [...key, String(i)], tell),
        );
        return { ...node, items };
      }
      const entries = new Map<string, ConfigNode>();
      for (const [name, entry] of node.entries) {
        entries.set(name, build({ node: entry, parents: inside }, [...key, name], tell));
      }
      return { ...node, entries };
    } finally {
      open.delete(node);
    }
  }

  function buildScalar(
    node: ScalarNode,
    parents: ConfigNode[],
    key: readonly string[],
    tell: boolean,
  ): ConfigNode {
    try {
      const result = resolveScalar(node, parents);
      if (result.node === node) return node;
      const whole = result.node.kind === 'scalar' ? result.node : build(result, key, false);
      return relocate(whole, node);
    } catch (thrown) {
      if (thrown instanceof OnlyAtLaunch) {
        const text = String(node.value);
        const { what } = thrown;
        if (what === null) return { ...node, origin: { ...node.origin, text } };
        return { ...node, origin: { ...node.origin, kind: 'generated', what, text } };
      }
      if (!(thrown instanceof Unresolvable)) throw thrown;
      if (!tell) throw thrown;
      unresolved.push({
        key: joinKey(key),
        reason: thrown.reason,
        message: `${node.value}: ${thrown.message}`,
        path: node.origin.path ?? null,
        line: node.origin.line ?? null,
        ...(node.origin.path === undefined ? {} : { column: node.column }),
      });
      return node;
    }
  }

  return { root: build({ node: root, parents: [] }, [], true), unresolved };
}

function isUnset(node: ScalarNode): boolean {
  return node.text && node.value === '???';
}

function itemOf(node: ConfigNode, segment: string): ConfigNode | undefined {
  if (node.kind !== 'list' || !/^\d+$/.test(segment)) return undefined;
  return node.items.at(Number(segment));
}

function asText(node: ConfigNode, value: string): ScalarNode {
  const { origin, column, start, end } = node;
  return { origin, column, start, end, kind: 'scalar', value, text: true, literal: true };
}

/** A value taken from elsewhere belongs to where it is used, unless the environment gave it. */
function relocate(node: ConfigNode, at: ScalarNode): ConfigNode {
  const { column, start, end } = at;
  const origin = node.origin.kind === 'environment' ? node.origin : at.origin;
  if (node.kind !== 'scalar') return { ...node, origin, column, start, end };
  return { ...node, origin, column, start, end, text: typeof node.value === 'string' };
}

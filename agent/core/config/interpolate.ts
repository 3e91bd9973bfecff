import type { Origin } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';
import type { Drawn } from './generated-value.ts';
import { isQuoted, parseHydraValue } from './hydra-value.ts';
import { joinKey } from './key-path.ts';
import { limits } from './limits.ts';
import { type ConfigNode, type Diagnostic, nodeOf, type ScalarNode, toJson } from './node.ts';
import { pythonText } from './python-text.ts';
import { splitArguments, splitTemplate } from './template.ts';

/** A node, and the collections that it stands in, outermost first. */
interface Found {
  node: ConfigNode;
  parents: ConfigNode[];
}

/** Why an interpolation has no value. */
class Unresolvable extends Error {
  readonly reason: 'interpolation' | 'environment';
  constructor(reason: 'interpolation' | 'environment', message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Only the program can know the value: `${now:%H}` is drawn there, `${mul:2,3}` computed. */
class OnlyAtLaunch extends Error {
  readonly what: Drawn | null;
  constructor(what: Drawn | null) {
    super();
    this.what = what;
  }
}

const callPattern = /^\s*([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)?\s*:([\s\S]*)$/;
const maxText = 100_000;

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
  environment: (name: string) => string | undefined,
): Interpolated {
  const unresolved: Diagnostic[] = [];
  const done = new Map<ScalarNode, Found>();
  const open = new Set<ConfigNode>();
  let copied = 0;

  /** The value of a scalar; itself where it holds no interpolation. */
  function resolveScalar(node: ScalarNode, parents: ConfigNode[]): Found {
    if (!node.text || !String(node.value).includes('${')) return { node, parents };
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

  function evaluate(text: string, node: ConfigNode, parents: ConfigNode[]): Found {
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
        joined += pythonText(toJson(settled(found)));
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

  function evaluateInner(inner: string, node: ConfigNode, parents: ConfigNode[]): Found {
    const call = callPattern.exec(inner);
    if (call !== null) return callResolver(call[1] ?? '', call[2] ?? '', node, parents);
    const path = inner.includes('${')
      ? pythonText(toJson(settled(evaluate(inner, node, parents))))
      : inner;
    return { ...select(path.trim(), parents) };
  }

  /** The node at a path such as `a.b`, `.a`, `..a[0]`. */
  function select(path: string, parents: ConfigNode[]): Found {
    const found = lookUp(path, parents);
    if (found === null) throw new Unresolvable('interpolation', `there is no \`${path}\``);
    if (found.node.kind === 'scalar') {
      if (found.node.value === '???' && found.node.text) {
        throw new Unresolvable('interpolation', `\`${path}\` has no value (???)`);
      }
      return resolveScalar(found.node, found.parents);
    }
    return found;
  }

  function lookUp(path: string, parents: ConfigNode[]): Found | null {
    const [, dots = '', rest = ''] = /^(\.*)([\s\S]*)$/.exec(path) ?? [];
    const base = dots === '' ? [root] : parents.slice(0, parents.length - dots.length + 1);
    if (base.length === 0) return null;
    let current: Found = { node: base[base.length - 1] as ConfigNode, parents: base.slice(0, -1) };
    const segments = rest.match(/[^.[\]]+/g) ?? [];
    for (const segment of segments) {
      if (current.node.kind === 'scalar') current = resolveScalar(current.node, current.parents);
      const { node } = current;
      const next = node.kind === 'map' ? node.entries.get(segment) : itemOf(node, segment);
      if (next === undefined) return null;
      current = { node: next, parents: [...current.parents, node] };
    }
    return segments.length === 0 && dots === '' ? null : current;
  }

  function argument(raw: string, node: ConfigNode, parents: ConfigNode[]): Json {
    if (!raw.includes('${')) return parseHydraValue(raw);
    const text = isQuoted(raw) ? raw.slice(1, -1) : raw;
    return toJson(settled(evaluate(text, node, parents)));
  }

  function callResolver(name: string, raw: string, node: ConfigNode, parents: ConfigNode[]): Found {
    const parts = splitArguments(raw);
    const read = (i: number) => argument(parts[i] ?? '', node, parents);
    const value = (json: Json, origin: Origin = node.origin): Found => ({
      node: { ...nodeOf(json, origin), column: node.column },
      parents,
    });
    switch (name) {
      case 'oc.env': {
        const variable = String(read(0));
        const set = environment(variable);
        if (set !== undefined)
          return value(set, { ...node.origin, kind: 'environment', name: variable });
        if (parts.length < 2) {
          throw new Unresolvable('environment', `the variable ${variable} is not set`);
        }
        const fallback = read(1);
        return value(fallback === null ? null : pythonText(fallback));
      }
      case 'oc.select': {
        const found = lookUp(String(read(0)), parents);
        const empty = found?.node.kind === 'scalar' && found.node.value === '???';
        if (found === null || empty) return value(parts.length > 1 ? read(1) : null);
        return found.node.kind === 'scalar' ? resolveScalar(found.node, found.parents) : found;
      }
      case 'oc.decode': {
        const text = read(0);
        return value(typeof text === 'string' ? parseHydraValue(text) : text);
      }
      case 'oc.create':
        return value(read(0));
      case 'oc.deprecated':
        return select(String(read(0)), parents);
      case 'oc.dict.keys':
      case 'oc.dict.values': {
        const target = select(String(read(0)), parents);
        if (target.node.kind !== 'map') throw new Unresolvable('interpolation', 'it is not a map');
        const object = toJson(build(target, [], false)) as { [key: string]: Json };
        return value(name === 'oc.dict.keys' ? Object.keys(object) : Object.values(object));
      }
      case '':
        throw new Unresolvable('interpolation', 'the resolver has no name');
      default:
        throw new OnlyAtLaunch(drawnBy(name, raw));
    }
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

/** What a resolver draws at the start; null for one that computes the same from the same. */
function drawnBy(name: string, argument: string): Drawn | null {
  if (name === 'hydra') {
    if (/^\s*(?:runtime\.output_dir|run\.dir|sweep\.(?:dir|subdir))\s*$/.test(argument)) {
      return 'directory';
    }
    return /^\s*job\.(?:id|num)\s*$/.test(argument) ? 'id' : null;
  }
  const words = name.toLowerCase();
  if (
    /(?:^|[._])(?:now|time|timestamp|date|datetime|today|utcnow|strftime)(?:$|[._])/.test(words)
  ) {
    return 'time';
  }
  if (/seed/.test(words)) return 'seed';
  if (/uuid|(?:^|[._])(?:random|rand\w*|run_?id|job_?id|uid|ulid)(?:$|[._])/.test(words))
    return 'id';
  if (/host_?name|(?:^|[._])host(?:$|[._])/.test(words)) return 'host';
  if (/(?:^|[._])pid(?:$|[._])/.test(words)) return 'process';
  return /(?:^|[._])(?:free_?|random_?)?port(?:$|[._])/.test(words) ? 'port' : null;
}

function itemOf(node: ConfigNode, segment: string): ConfigNode | undefined {
  if (node.kind !== 'list' || !/^-?\d+$/.test(segment)) return undefined;
  return node.items.at(Number(segment));
}

function asText(node: ConfigNode, value: string): ScalarNode {
  const { origin, column, start, end } = node;
  return { origin, column, start, end, kind: 'scalar', value, text: true };
}

/** A value taken from elsewhere belongs to where it is used, unless the environment gave it. */
function relocate(node: ConfigNode, at: ScalarNode): ConfigNode {
  const { column, start, end } = at;
  const origin = node.origin.kind === 'environment' ? node.origin : at.origin;
  if (node.kind !== 'scalar') return { ...node, origin, column, start, end };
  return { ...node, origin, column, start, end, text: typeof node.value === 'string' };
}

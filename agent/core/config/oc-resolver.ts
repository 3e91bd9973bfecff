import type { Origin } from '../../protocol/record.ts';
import { findDrawnBy } from './drawn-resolver.ts';
import type { Drawn } from './generated-value.ts';
import { readArgument } from './hydra-value.ts';
import { type ConfigNode, nodeOf, type ScalarNode } from './node.ts';
import { pythonText } from './python-text.ts';

/** A node, and the collections that it stands in, outermost first. */
export interface Found {
  node: ConfigNode;
  parents: ConfigNode[];
}

/** Why an interpolation has no value. */
export class Unresolvable extends Error {
  readonly reason: 'interpolation' | 'environment';
  constructor(reason: 'interpolation' | 'environment', message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Only the program can know the value: `${now:%H}` is drawn there, `${mul:2,3}` computed. */
export class OnlyAtLaunch extends Error {
  readonly what: Drawn | null;
  constructor(what: Drawn | null) {
    super();
    this.what = what;
  }
}

interface Tools {
  /** Null: the program sets it itself, to what cannot be told. */
  environment(name: string): string | null | undefined;
  /** Throws where there is nothing at the path. */
  select(path: string): Found;
  find(path: string): Found | null;
  /** The value with all that is in it resolved. */
  settle(found: Found): ConfigNode;
  /** The same for a value that was made just now. */
  evaluate(value: ConfigNode): ConfigNode;
}

/** OmegaConf's own resolvers (`oc.*`), called as it calls them; others are the program's. */
export function callResolver(
  name: string,
  raw: string,
  given: ConfigNode[],
  at: ScalarNode,
  tools: Tools,
): ConfigNode {
  const [first, second] = given;
  const { column, start, end } = at;
  const place = (node: ConfigNode, origin: Origin = at.origin): ConfigNode => ({
    ...{ ...node, origin, column, start, end },
  });
  const text = (value: string, origin?: Origin) =>
    place(asLiteral({ ...nodeOf(value, at.origin) }), origin);
  const need = (): string => {
    if (first === undefined) throw new Unresolvable('interpolation', `${name} needs an argument`);
    return pythonText(first);
  };
  switch (name) {
    case 'oc.env': {
      const variable = need();
      const set = tools.environment(variable);
      const origin: Origin = { ...at.origin, kind: 'environment', name: variable };
      if (set === null) throw new OnlyAtLaunch(null);
      if (set !== undefined) return text(set, markHost(origin));
      if (second === undefined) {
        const message = `the variable ${variable} is not set: export it, or write a default after a comma`;
        throw new Unresolvable('environment', message);
      }
      const none = second.kind === 'scalar' && second.value === null;
      return none ? place(second) : text(pythonText(second));
    }
    case 'oc.select': {
      const found = tools.find(need());
      if (found !== null) return tools.settle(found);
      return place(asLiteral(second ?? nodeOf(null, at.origin)));
    }
    case 'oc.decode': {
      need();
      if (first?.kind === 'scalar' && first.value === null) return place(first);
      if (first?.kind !== 'scalar' || !first.text) {
        throw new Unresolvable('interpolation', 'oc.decode takes a text');
      }
      return decode(String(first.value), at, tools);
    }
    case 'oc.create':
      need();
      return tools.evaluate(place(first ?? nodeOf(null, at.origin)));
    case 'oc.deprecated':
      return tools.settle(tools.select(need()));
    case 'oc.dict.keys':
    case 'oc.dict.values': {
      need();
      const target = first?.kind === 'map' ? first : tools.settle(tools.select(need()));
      if (target.kind !== 'map') throw new Unresolvable('interpolation', 'it is not a map');
      const keys = [...target.entries.keys()].map((key) => asLiteral(nodeOf(key, at.origin)));
      const items = name === 'oc.dict.keys' ? keys : [...target.entries.values()];
      return place({ ...nodeOf([], at.origin), kind: 'list', items });
    }
    case '':
      throw new Unresolvable('interpolation', 'the resolver has no name');
    default:
      throw new OnlyAtLaunch(findDrawnBy(name, raw));
  }
}

/** The text is read as an argument would be, and what is in it is resolved where it stands. */
function decode(text: string, at: ScalarNode, tools: Tools): ConfigNode {
  const template = (written: string): ConfigNode => {
    const { origin, column, start, end } = at;
    return { origin, column, start, end, kind: 'scalar', value: written, text: true };
  };
  return tools.evaluate(readArgument(text, at, template));
}

function asLiteral(node: ConfigNode): ConfigNode {
  if (node.kind === 'scalar') return node.text ? { ...node, literal: true } : node;
  if (node.kind === 'list') return { ...node, items: node.items.map(asLiteral) };
  const entries = new Map([...node.entries].map(([key, entry]) => [key, asLiteral(entry)]));
  return { ...node, entries };
}

/** The name of the machine and the number of the job come from the environment, and say nothing. */
function markHost(origin: Origin): Origin {
  const name = origin.name ?? '';
  if (/^(?:HOSTNAME|SLURMD_NODENAME|SLURM_NODELIST|SLURM_JOB_NODELIST)$/.test(name)) {
    return { ...origin, kind: 'generated', what: 'host' };
  }
  if (
    /^(?:SLURM_(?:ARRAY_)?JOB_?ID|PBS_JOBID|LSB_JOBID|JOB_ID|RUNRECORD_(?:RUN_ID|DIR))$/.test(name)
  ) {
    return { ...origin, kind: 'generated', what: 'id' };
  }
  return /^(?:MASTER_PORT)$/.test(name) ? { ...origin, kind: 'generated', what: 'port' } : origin;
}

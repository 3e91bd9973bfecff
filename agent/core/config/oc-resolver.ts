import type { Origin } from '../../protocol/record.ts';
import { findDrawnBy } from './drawn-resolver.ts';
import { readArgument } from './hydra-value.ts';
import { OnlyAtLaunch, Unresolvable } from './interpolation-error.ts';
import { isMissing } from './merge-omegaconf.ts';
import { type ConfigNode, nodeOf, type ScalarNode } from './node.ts';
import { pythonText } from './python-text.ts';

/** A node, and the collections that it stands in, outermost first. */
export interface Found {
  node: ConfigNode;
  parents: ConfigNode[];
}

interface Tools {
  /** Null: the program sets it itself, to what cannot be told. */
  environment(name: string): string | null | undefined;
  /** Throws where there is nothing at the path. */
  select(path: string): Found;
  /** Null where there is nothing; what has no value yet is given as it is. */
  find(path: string): Found | null;
  /** The value with all that is in it resolved. */
  settle(found: Found): ConfigNode;
  /** The same for a value that was made just now. */
  evaluate(value: ConfigNode): ConfigNode;
}

const mostArguments: Record<string, number> = {
  'oc.env': 2,
  'oc.select': 2,
  'oc.decode': 1,
  'oc.create': 1,
  'oc.dict.keys': 1,
  'oc.dict.values': 1,
  'oc.deprecated': 2,
};

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
  const most = mostArguments[name];
  if (most !== undefined && given.length > most) {
    throw new Unresolvable(
      'interpolation',
      `${name} takes ${most === 1 ? 'one argument' : `${most} arguments`}`,
    );
  }
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
      if (found !== null && !isMissing(found.node)) return tools.settle(found);
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
    case 'oc.create': {
      const text = need();
      const isText = first?.kind === 'scalar' && first.text;
      if (first?.kind === 'scalar' && !isText && first.value !== null) {
        throw new Unresolvable('interpolation', 'oc.create takes a list, a map or a text');
      }
      if (!isText) return tools.evaluate(place(first ?? nodeOf(null, at.origin)));
      // A text is read as YAML: a plain one is a key without a value.
      if (/[^\w ./@-]|^$/.test(text)) throw new OnlyAtLaunch(null);
      return place(nodeOf({ [text]: null }, at.origin));
    }
    case 'oc.deprecated': {
      const found = tools.find(need()) ?? tools.select(need());
      return isMissing(found.node) ? text('???') : tools.settle(found);
    }
    case 'oc.dict.keys':
    case 'oc.dict.values': {
      need();
      if (first?.kind !== 'scalar') {
        throw new Unresolvable('interpolation', `${name} takes the name of a key`);
      }
      const target = tools.settle(tools.select(need()));
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

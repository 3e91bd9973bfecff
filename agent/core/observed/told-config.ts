import { setMember } from '../config/node.ts';
import type { ObservedLine } from './observed-line.ts';

export type ConfigLine = Extract<ObservedLine, { t: 'config' }>;

/** What a program has said of its configuration, as one. */
export interface ToldConfig {
  values: ConfigLine['values'];
  origins: ConfigLine['origins'];
  unresolved: ConfigLine['unresolved'];
  /** Null where nobody told which words of the command line are overrides. */
  overrides: string[] | null;
  sources: string[];
  /** A system that reads configuration files has spoken: what files say beside it was not used. */
  readsFiles: boolean;
}

/** Systems whose values come from the command line alone. */
const commandLineSystems = new Set(['argparse', 'click', 'typer', 'absl', 'fire', 'hf']);

/**
 * Gathers the lines of a run's processes. A line takes the place of the one with its id before it;
 * lines of several ids go together, key by key, the later one over the earlier. Of several processes
 * the main one is believed, else the one that spoke first: workers repeat it, and other programs
 * have a configuration of their own.
 */
export class ConfigLines {
  readonly #processes = new Map<string, Map<string, ConfigLine>>();

  take(process: string, line: ConfigLine): void {
    const lines = this.#processes.get(process) ?? new Map<string, ConfigLine>();
    this.#processes.set(process, lines);
    lines.set(line.id ?? line.system, line);
  }

  /** `main`: the process that was started, null where it is not known. */
  told(main: string | null): ToldConfig | null {
    const [first] = this.#processes.values();
    const lines = (main === null ? undefined : this.#processes.get(main)) ?? first;
    return lines === undefined ? null : together([...lines.values()]);
  }
}

function together(lines: ConfigLine[]): ToldConfig {
  const whole: ToldConfig = {
    values: {},
    origins: {},
    unresolved: [],
    overrides: null,
    sources: [],
    readsFiles: false,
  };
  for (const line of lines) {
    whole.values = mergeTrees(whole.values, line.values);
    whole.origins = { ...whole.origins, ...line.origins };
    whole.unresolved.push(...line.unresolved);
    if (line.overrides !== undefined) {
      whole.overrides = [...new Set([...(whole.overrides ?? []), ...line.overrides])];
    }
    for (const path of line.sources ?? []) {
      if (!whole.sources.includes(path)) whole.sources.push(path);
    }
    const isOfFile = Object.values(line.origins).some(({ kind }) => kind === 'file');
    whole.readsFiles ||= isOfFile || !commandLineSystems.has(line.system);
  }
  return whole;
}

type Tree = ConfigLine['values'];

/** `over` upon `base`: mappings go together, all else is replaced. */
export function mergeTrees(base: Tree, over: Tree): Tree {
  const merged = Object.fromEntries(Object.entries(base));
  for (const [name, value] of Object.entries(over)) {
    const before = Object.hasOwn(base, name) ? base[name] : undefined;
    const member = isTree(before) && isTree(value) ? mergeTrees(before, value) : value;
    setMember(merged, name, member);
  }
  return merged;
}

function isTree(value: Tree[string] | undefined): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

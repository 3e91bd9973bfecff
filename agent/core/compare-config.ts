import type { RunRecord } from '../protocol/record.ts';
import type { Json } from '../protocol/values.ts';
import type { Comparison } from '../protocol/verbs.ts';
import type { Compared } from './compare.ts';
import { isEqual, unionKeys } from './compare-values.ts';
import { flattenConfig } from './config/flatten.ts';

/** The resolved keys; empty where the program has no configuration, null where it is unknown. */
export function listConfig(config: RunRecord['config']): Map<string, Json> | null {
  return config.resolved === null ? null : flattenConfig(config.resolved);
}

/** What the command lines, folders, programs and given variables differ in. */
export function listCommand(
  a: RunRecord,
  b: RunRecord,
  all: boolean,
): Compared<Comparison['command'][0]> {
  const [inA, inB] = [describeCommand(a), describeCommand(b)];
  const entries: Comparison['command'] = [];
  let same = 0;
  for (const name of unionKeys(inA, inB)) {
    const [valueA, valueB] = [inA.get(name), inB.get(name)];
    const equal = isEqual(valueA, valueB);
    if (equal) same += 1;
    if (!equal || all) entries.push({ name, a: valueA, b: valueB });
  }
  return { entries, same };
}

function describeCommand({ command, intent }: RunRecord): Map<string, Json> {
  const facts = new Map<string, Json | null>([
    ['argv', command.argv],
    ['cwd', command.cwd],
    ['executable', command.executable.path],
    ['executable digest', command.executable.digest],
    ['user', command.launcher.user],
    ['host', command.launcher.host],
    ['through', command.launcher.via],
    ['reason', intent.reason],
  ]);
  for (const [name, value] of Object.entries(command.environmentOverrides)) {
    facts.set(`$${name}`, value);
  }
  for (const [name, value] of Object.entries(intent.tags)) facts.set(`tag ${name}`, value);
  for (const [name, value] of facts)
    if (value === null && !name.startsWith('$')) facts.delete(name);
  return facts;
}

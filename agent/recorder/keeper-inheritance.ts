import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** Set by the `runrecord` shell door, before Node: `<hex mask of ignored signals>:<ulimit -Sn>`. */
export const inheritanceVariable = 'RUNRECORD_INHERITED';

export interface InheritedLimits {
  /** Signals that the user had set to be ignored (`nohup`), which Node resets at its start. */
  ignored: NodeJS.Signals[];
  /** The soft limit of open files, which Node raises at its start; null: leave it. */
  openFiles: number | null;
}

/**
 * What Node changes about itself before any of our code runs, and the program should have as the
 * user had it. Without the shell door, the parent process is asked (Linux), as a shell passes its
 * limit on; which signals were ignored cannot be known then.
 */
export function inheritedLimits(environment: NodeJS.ProcessEnv): InheritedLimits {
  const [mask = '', limit = ''] = (environment[inheritanceVariable] ?? '').split(':');
  return { ignored: signalsOf(mask), openFiles: parseLimit(limit) ?? parentLimit() };
}

function signalsOf(mask: string): NodeJS.Signals[] {
  if (!/^[0-9a-f]{1,16}$/i.test(mask)) return [];
  const bits = BigInt(`0x${mask}`);
  const isSet = (number: number) => ((bits >> BigInt(number - 1)) & 1n) === 1n;
  const names = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  return names.filter(([, number]) => number < 32 && isSet(number)).map(([name]) => name);
}

function parseLimit(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function parentLimit(): number | null {
  try {
    const limits = readFileSync(`/proc/${process.ppid}/limits`, 'utf8');
    return parseLimit(/^Max open files\s+(\S+)/m.exec(limits)?.[1] ?? '');
  } catch {
    return null;
  }
}

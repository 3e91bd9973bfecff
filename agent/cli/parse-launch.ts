import { launchOptions } from './options.ts';
import type { VerbOptions } from './verb.ts';

/** What was typed after the verb: operands and options, and the words after `--`. */
export interface Parsed {
  operands: string[];
  options: VerbOptions;
  command: string[];
}

/** Splits at the first `--`: what is after it belongs to the program, untouched. */
export function splitCommand(args: readonly string[]): { before: string[]; command: string[] } {
  const at = args.indexOf('--');
  if (at < 0) return { before: [...args], command: [] };
  return { before: args.slice(0, at), command: args.slice(at + 1) };
}

const camelCase = (name: string): string =>
  name.replace(/-(\w)/g, (_, c: string) => c.toUpperCase());

/**
 * Reads the words after `run` by the table that commander's options are made from, so that a
 * launch need not wait for commander to load. Null where anything is not plain (help, a mistake):
 * commander then says what it has to say.
 */
export function parseLaunch(args: readonly string[]): Parsed | null {
  const { before, command } = splitCommand(args);
  const operands: string[] = [];
  const options: Record<string, string | string[] | boolean> = {};
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] as string;
    if (!word.startsWith('-')) {
      operands.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const flag = equals < 0 ? word : word.slice(0, equals);
    const spec = launchOptions.find((one) => one.flags.split(' ')[0] === flag);
    if (spec === undefined) return null;
    const takesValue = spec.flags.includes('<');
    if (!takesValue) {
      if (equals >= 0) return null;
      if (flag.startsWith('--no-')) options[camelCase(flag.slice(5))] = false;
      else options[camelCase(flag.slice(2))] = true;
      continue;
    }
    const value = equals < 0 ? before[++at] : word.slice(equals + 1);
    if (value === undefined) return null;
    const name = camelCase(flag.slice(2));
    const known = options[name];
    options[name] = spec.repeat ? [...(Array.isArray(known) ? known : []), value] : value;
  }
  return { operands, options, command };
}

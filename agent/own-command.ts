import { isatty } from 'node:tty';
import type { RecorderContext } from './recorder/launch/launch-run.ts';

/** How the recorder starts itself again, to stay behind for a run. */
export const attendVerb = '__attend';
/** How the language server has many records read by a process that ends afterwards. */
export const indexVerb = '__index';

/** A process that stays small for an editor starts others that have work to do. */
const smallness = /^--(?:max-semi-space-size|v8-pool-size)=/;

/** The command line that starts `program`, the bundle of all verbs, with these words. */
export function ownCommand(program: string, ...words: string[]): string[] {
  const options = process.execArgv.filter((option) => !smallness.test(option));
  return [process.execPath, ...options, program, ...words];
}

/** What a recorder has of the process that it is in. */
export function recorderContext(program: string): RecorderContext {
  return {
    cwd: process.cwd(),
    environment: process.env,
    isTerminal: isatty(2),
    tell: (line) => process.stderr.write(`${line}\n`),
    attendCommand: (root, id) => ownCommand(program, attendVerb, root, id),
  };
}

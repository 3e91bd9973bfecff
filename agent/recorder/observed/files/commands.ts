import { readFileSync, statSync } from 'node:fs';
import { basename, isAbsolute, resolve } from 'node:path';
import {
  type Interpreter,
  resolveInterpreter,
} from '../../../capture/environment/resolve-interpreter.ts';
import { isHarmless } from '../../../core/observed/harmless-command.ts';
import { readShellScript } from '../../../core/observed/shell-script.ts';

/** What is known of a command before it runs. */
export interface CommandSight {
  /** Programs that nothing reports from inside, by name. */
  native: string[];
  /** Python programs that are to report from inside, as they are called. */
  python: string[];
  /** Python programs whose options keep that out, with the option. */
  isolated: string[];
  /** Files that its words name, absolute; none that it is told to write. */
  named: string[];
  /** Files that a shell in it is told to write, absolute. */
  written: string[];
}

const shells = /^(?:ba|da|z|k)?sh$/;
const deepest = 4;
const longestScript = 64 * 1024;

/**
 * Tells how far what a command does will be seen: the Python programs in it, the programs of other
 * kinds, and which files its words name. Nothing is started.
 */
export function sightOf(
  argv: string[],
  place: { cwd: string; env: NodeJS.ProcessEnv; shell?: boolean },
  depth = 0,
): CommandSight {
  const { cwd, env } = place;
  const none: CommandSight = { native: [], python: [], isolated: [], named: [], written: [] };
  const script = inlineScript(argv, place.shell === true);
  const called = basename(argv[0] ?? 'sh');
  if (script !== null) return depth > deepest ? none : sightOfScript(script, called, place, depth);
  const name = basename(argv[0] ?? '');
  if (name === '' || isHarmless(argv)) return none;
  const interpreter = resolveInterpreter({ argv, cwd, env });
  if (interpreter === null) return none; // There is no such program: nothing will run.
  const named = interpreter.arguments.filter(isWord).map((word) => resolve(cwd, word));
  if (interpreter.kind === 'python') {
    const barring = interpreter.isolation.find((option) => ['-I', '-E', '-S'].includes(option));
    const program = calledAs(interpreter);
    if (barring !== undefined) return { ...none, isolated: [`${program} (${barring})`], named };
    return { ...none, python: asksOnly(argv) ? [] : [program] };
  }
  const text = shells.test(interpreter.name) ? readScript(interpreter) : null;
  if (text === null || depth > deepest) return { ...none, native: [calledAs(interpreter)], named };
  const sight = sightOfScript(text, calledAs(interpreter), place, depth);
  return { ...sight, named: [...sight.named, ...named] };
}

function sightOfScript(
  text: string,
  called: string,
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
  depth: number,
): CommandSight {
  const { commands, isDynamic } = readShellScript(text);
  const whole: CommandSight = { native: [], python: [], isolated: [], named: [], written: [] };
  for (const { words, reads, writes, folders } of commands) {
    const folder = folders.reduce((from, to) => resolve(from, to), cwd);
    const sight = sightOf(words, { cwd: folder, env }, depth + 1);
    whole.native.push(...sight.native);
    whole.python.push(...sight.python);
    whole.isolated.push(...sight.isolated);
    whole.written.push(...sight.written, ...writes.map((path) => resolve(folder, path)));
    whole.named.push(...reads.map((path) => resolve(folder, path)), ...sight.named);
  }
  if (isDynamic) whole.native.push(called);
  return whole;
}

/** A script that can be read as words: null for what is none, or too large to have been written. */
function readScript({ script }: Interpreter): string | null {
  try {
    if (script === null || statSync(script).size > longestScript) return null;
    return readFileSync(script, 'utf8');
  } catch {
    return null;
  }
}

/** What a shell is given to run: by `-c`, or by a call that goes through the shell. */
function inlineScript(argv: string[], isShellCall: boolean): string | null {
  if (shells.test(basename(argv[0] ?? ''))) {
    const at = argv.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
    if (at > 0) return argv[at + 1] ?? '';
  }
  return isShellCall && argv.length === 1 ? (argv[0] ?? '') : null;
}

/** `python --version` ends before anything could report. */
function asksOnly(argv: string[]): boolean {
  return argv.length === 2 && /^(?:-V+|--version|-h|--help)$/.test(argv[1] ?? '');
}

function calledAs({ name, script, module }: Interpreter): string {
  if (script !== null) return `${name} ${basename(script)}`;
  return module === null ? name : `${name} -m ${module}`;
}

function isWord(word: string): boolean {
  return word !== '' && !word.startsWith('-') && (isAbsolute(word) || !/[\0\n]/.test(word));
}

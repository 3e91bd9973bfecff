import { basename, resolve } from 'node:path';
import type { Variables } from './find-program.ts';
import { projectRunner } from './project-runners.ts';
import { skipOptions } from './runner-options.ts';

/** A command with what a wrapper before it changed. */
export interface Unwrapped {
  argv: string[];
  cwd: string;
  env: Variables;
  unsure?: Unsure | undefined;
  /** The wrapper installs what the lock file says before it starts the command. */
  syncs?: boolean;
}

/** Why what the program will import is not known before the wrapper has started. */
export interface Unsure {
  reason: string;
  /** Nothing of what could be read here counts: the environment is another one. */
  isOther: boolean;
}

/** Options that take the next word, for wrappers whose command follows their options. */
const valueOptions: Record<string, string[]> = {
  nice: ['-n', '--adjustment'],
  nohup: [],
  setsid: [],
  time: ['-f', '--format', '-o', '--output'],
  stdbuf: ['-i', '-o', '-e'],
  ionice: ['-c', '-n', '-t'],
  exec: [],
  command: [],
  'xvfb-run': ['-n', '-s', '-f', '-e', '-w', '-p'],
  numactl: ['-N', '-m', '-C', '-i', '-p', '-l'],
  unbuffer: [],
  catchsegv: [],
};
/** The same with so many words of their own before the command. */
const positional: Record<string, number> = { timeout: 1, taskset: 1, chrt: 1 };

/** The command behind a wrapper (`env`, `nice`, `uv run` ...), or null where there is none. */
export function unwrap(command: Unwrapped): Unwrapped | null {
  const { argv, cwd, env } = command;
  const name = basename(argv[0] ?? '');
  if (name === 'env') return unwrapEnv(command);
  const runner = projectRunner(name, argv.slice(1));
  if (runner) return runner(command);
  const own = positional[name] ?? 0;
  const options = valueOptions[name] ?? (own > 0 ? ['-s', '-k', '--signal', '--kill-after'] : null);
  if (!options) return null;
  return { argv: skipOptions(argv.slice(1), options).slice(own), cwd, env };
}

/** `env [-i] [-u NAME] [-C FOLDER] [-S "words"] [NAME=VALUE]... COMMAND`. */
function unwrapEnv(command: Unwrapped): Unwrapped {
  const words = command.argv.slice(1);
  let env = { ...command.env };
  let { cwd } = command;
  while (words.length > 0) {
    const word = words[0] ?? '';
    const assignment = /^([^=]+)=(.*)$/s.exec(word);
    if (word === '-i' || word === '-' || word === '--ignore-environment') env = {};
    else if (word === '-u' || word === '--unset') delete env[words[1] ?? ''];
    else if (word.startsWith('--unset=')) delete env[word.slice(8)];
    else if (word === '-C' || word === '--chdir') cwd = resolve(cwd, words[1] ?? '');
    else if (word.startsWith('--chdir=')) cwd = resolve(cwd, word.slice(8));
    else if (/^(?:-S|-vS|--split-string=)/.test(word)) {
      const joined = word.replace(/^(?:-S|-vS|--split-string=)\s*/, '');
      const text = joined === '' ? (words.splice(1, 1)[0] ?? '') : joined;
      words.splice(0, 1, ...splitWords(text));
      continue;
    } else if (assignment && !word.startsWith('-')) env[assignment[1] ?? ''] = assignment[2] ?? '';
    else if (!word.startsWith('-')) break;
    const tookNext = ['-u', '--unset', '-C', '--chdir'].includes(word);
    words.splice(0, tookNext ? 2 : 1);
    if (word === '--') break;
  }
  return { argv: words, cwd, env };
}

function splitWords(text: string): string[] {
  const words = text.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replace(/^(["'])(.*)\1$/s, '$2'));
}

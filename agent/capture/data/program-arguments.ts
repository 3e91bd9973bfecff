import { globSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readShellScript } from '../../core/observed/shell-script.ts';
import type { Interpreter } from '../environment/resolve-interpreter.ts';

/** Named to an interpreter: it is with the code. */
const code = /\.(?:pyw?|sh|R|jl)$/;
const longestScript = 64 * 1024;
const mostExpanded = 1_000;

/**
 * The words of a command that may name its data: the program's own arguments, and those of all
 * programs in a shell's script, but for the files that it is told to write. Nothing is run: globs
 * are looked up, and what only running would tell is left out.
 */
export function programArguments(argv: string[], interpreter: Interpreter | null): string[] {
  const words = interpreter?.arguments ?? argv.slice(1);
  if (interpreter === null || !/^(?:ba|da|z|k)?sh$/.test(interpreter.name)) return words;
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  const script = at === -1 ? readScript(interpreter.script) : words[at + 1];
  if (script == null) return words;
  const named = readShellScript(script).commands.flatMap((command) => {
    const folder = command.folders.reduce((from, to) => resolve(from, to), interpreter.cwd);
    const words = command.words.slice(1).filter((word) => !code.test(word));
    const own = [...command.reads, ...words];
    return own
      .flatMap((word) => expand(word, folder))
      .map((word) => placed(word, command.folders, folder));
  });
  return [...named, ...(at === -1 ? words : words.slice(at + 2))];
}

function readScript(path: string | null): string | null {
  try {
    if (path === null || statSync(path).size > longestScript) return null;
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function expand(word: string, folder: string): string[] {
  if (!/[*?[]/.test(word)) return [word];
  try {
    return globSync(word, { cwd: folder }).slice(0, mostExpanded);
  } catch {
    return [];
  }
}

/** Behind `cd` a word is no longer of the folder in which the command was called. */
function placed(word: string, folders: string[], folder: string): string {
  return folders.length === 0 || word.startsWith('-') ? word : resolve(folder, word);
}

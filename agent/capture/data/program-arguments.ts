import { readShellScript } from '../../core/observed/shell-script.ts';
import type { Interpreter } from '../environment/resolve-interpreter.ts';

/**
 * The words of a command that may name its data: the program's own arguments, and those of all
 * programs in what a shell is given by `-c`, but for the files that it is told to write.
 */
export function programArguments(argv: string[], interpreter: Interpreter | null): string[] {
  const words = interpreter?.arguments ?? argv.slice(1);
  if (interpreter === null || !/^(?:ba|da|z|k)?sh$/.test(interpreter.name)) return words;
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  const script = at === -1 ? undefined : words[at + 1];
  if (script === undefined) return words;
  const { commands } = readShellScript(script);
  return [
    ...commands.flatMap((command) => [...command.reads, ...command.words.slice(1)]),
    ...words.slice(at + 2),
  ];
}

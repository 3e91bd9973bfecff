import type { ShellKind } from './shell.ts';
import { splitWords } from './split-words.ts';

/** `train.py`: of a command line the script, where one is named, else the program; without its folder. */
export function programOf(line: string, shell: ShellKind): string {
  const words = splitWords(line, shell);
  const script = words.find((word) => /\.(py|sh|R|r|jl|js|ts|ipynb|pl|rb)$/.test(word));
  return (script ?? words[0] ?? '').split(/[/\\]/).at(-1) ?? '';
}

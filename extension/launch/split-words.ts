import type { ShellKind } from './shell.ts';

const escapes: Record<ShellKind, string> = { posix: '\\', fish: '\\', powershell: '`', cmd: '^' };

/**
 * The words of a line, as a shell would pass them on: quotes are taken off, what the shell alone
 * knows (variables, patterns) stays as it is written. A quote that is not closed goes to the end.
 */
export function splitWords(line: string, shell: ShellKind): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] as string;
    const next = line[at + 1];
    if (next !== undefined && isEscape(character, next, quote, shell)) {
      word = `${word ?? ''}${next}`;
      at += 1;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || (character === "'" && shell !== 'cmd')) {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = `${word ?? ''}${character}`;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

/** Whether a character makes the next one stand for itself, inside of the quote or outside of one. */
function isEscape(character: string, next: string, quote: string, shell: ShellKind): boolean {
  const doubles = shell === 'powershell' || (shell === 'cmd' && quote === '"');
  if (doubles && quote !== '' && character === quote && next === quote) return true;
  if (character !== escapes[shell]) return false;
  if (quote === "'") return shell === 'fish' && (next === "'" || next === '\\');
  if (quote === '"') return shell === 'powershell' || /["\\$`]/.test(next);
  return true;
}

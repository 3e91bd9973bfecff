/** How a word is written for a shell. */
export type ShellKind = 'posix' | 'fish' | 'powershell' | 'cmd';

/** By the path of the shell's program, or its name. */
export function shellKindOf(shell: string): ShellKind {
  const name = (shell.split(/[/\\]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '');
  if (name === 'fish') return 'fish';
  if (name === 'pwsh' || name === 'powershell') return 'powershell';
  return name === 'cmd' ? 'cmd' : 'posix';
}

/** A word as the shell would need it: quotes only where they are needed. */
export function quoteWord(word: string, shell: ShellKind): string {
  if (isPlain(word, shell)) return word;
  switch (shell) {
    case 'posix':
      return `'${word.replaceAll("'", `'\\''`)}'`;
    case 'fish':
      return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
    case 'powershell':
      return `'${word.replaceAll("'", "''")}'`;
    case 'cmd':
      return `"${word.replaceAll('"', '""')}"`;
  }
}

function isPlain(word: string, shell: ShellKind): boolean {
  if (!/^[\w%+:,./-][\w@%+=:,./-]*$/.test(word)) return false;
  // A list to one of them, a variable to the other.
  return !(shell === 'powershell' && word.includes(',')) && !(shell === 'cmd' && /[%,]/.test(word));
}

/** A command as one line of the shell. */
export const quoteWords = (words: readonly string[], shell: ShellKind): string =>
  words.map((word) => quoteWord(word, shell)).join(' ');

/**
 * Whether a command can be typed into a terminal: a control character in a word would act on the
 * line there instead of being part of it.
 */
export const isTypable = (words: readonly string[]): boolean =>
  words.every((word) => !/\p{Cc}/u.test(word));

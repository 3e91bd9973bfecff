/** Signs outside quotes, or inside double quotes for the first two, that only a shell acts on. */
const expansions = /[$`]/;
const shellSigns = /[|&;<>()*?~#!\n{}]/;

/**
 * The words of a command as `sh` would split them, where it holds words and quotes only. What
 * needs a shell (`|`, `&&`, `$HOME`, `> file`, an assignment in front) is given to one.
 */
export function splitRunCommand(command: string): string[] {
  const words = splitWords(command.trim());
  return words === null || /^[A-Za-z_]\w*=/.test(words[0] ?? '') ? ['sh', '-c', command] : words;
}

function splitWords(command: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let i = 0; i < command.length; i++) {
    const character = command.charAt(i);
    if (character === ' ' || character === '\t') {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    word ??= '';
    if (character === "'") {
      const end = command.indexOf("'", i + 1);
      // A quote that is never closed: the shell says so better than we do.
      if (end === -1) return null;
      word += command.slice(i + 1, end);
      i = end;
    } else if (character === '"') {
      const quoted = readDoubleQuoted(command, i + 1);
      if (quoted === null) return null;
      word += quoted.text;
      i = quoted.end;
    } else if (character === '\\') {
      const next = command.charAt(++i);
      if (next === '' || next === '\n') return null;
      word += next;
    } else if (expansions.test(character)) return null;
    // Braces, `#` and `~` mean something at the beginning of a word only. Brackets are a pattern,
    // but one that `sh` leaves as it is where no file matches: `layers=[1,2]` is meant.
    else if (shellSigns.test(character) && !isPlainHere(command, i, word)) return null;
    else word += character;
  }
  return word === null ? words : [...words, word];
}

function isPlainHere(command: string, i: number, word: string): boolean {
  const character = command.charAt(i);
  if (character === '#' || character === '~') return word !== '';
  // `sh` has no brace expansion; a lone brace is a word of its grammar.
  return (
    (character === '{' || character === '}') &&
    (word !== '' || !/^[{}](?:\s|$)/.test(command.slice(i)))
  );
}

function readDoubleQuoted(command: string, start: number): { text: string; end: number } | null {
  let text = '';
  for (let i = start; i < command.length; i++) {
    const character = command.charAt(i);
    if (character === '"') return { text, end: i };
    if (expansions.test(character)) return null;
    if (character === '\\' && /["\\$`]/.test(command.charAt(i + 1))) text += command.charAt(++i);
    else text += character;
  }
  return null;
}

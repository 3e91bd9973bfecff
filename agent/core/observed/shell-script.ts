/** One command of a shell script, with its assignments taken away. */
export interface ShellCommand {
  words: string[];
  /** Files that it is given by `<`, and that it is told to write by `>`. */
  reads: string[];
  writes: string[];
  /** Folders that `cd` was told to go to before it, one after the other. */
  folders: string[];
}

export interface ShellScript {
  commands: ShellCommand[];
  /** There is more to it than words: only running it tells which commands it has. */
  isDynamic: boolean;
}

const keywords = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'while',
  'until',
  'do',
  'done',
  '!',
  '{',
  '}',
  'exec',
]);
const blocks = new Set(['for', 'case', 'select', 'function', 'eval', 'source', '.', 'trap']);
const assignment = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;

type Token = { kind: 'word'; text: string } | { kind: 'mark'; text: string };

/**
 * Reads what `sh -c` is given as far as words tell: commands between `|`, `;`, `&`, `&&`, `||` and
 * newlines, their arguments and redirections. Variables, globs and substitutions stay as they are.
 */
export function readShellScript(text: string): ShellScript {
  const script: ShellScript = { commands: [], isDynamic: false };
  const { tokens, isWhole } = tokenize(text);
  if (!isWhole) script.isDynamic = true;
  const folders: string[] = [];
  let command: ShellCommand = { words: [], reads: [], writes: [], folders: [] };
  const end = () => {
    const [first = ''] = command.words;
    if (blocks.has(first) || /[$`]/.test(first)) script.isDynamic = true;
    if (first === 'cd') folders.push(command.words[1] ?? '~');
    const isUsed = first !== '' || command.reads.length + command.writes.length > 0;
    if (isUsed && first !== 'cd') script.commands.push(command);
    command = { words: [], reads: [], writes: [], folders: [...folders] };
  };
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    if (token.kind === 'word') {
      const isFirst = command.words.length === 0;
      if (isFirst && (keywords.has(token.text) || assignment.test(token.text))) continue;
      command.words.push(token.text);
    } else if (/[<>]/.test(token.text)) {
      const next = tokens[at + 1];
      if (next?.kind !== 'word') continue;
      at += 1;
      if (token.text.includes('<<')) script.isDynamic = true;
      else if (/^\d*[<>]&$/.test(token.text) && /^(?:\d+|-)$/.test(next.text)) continue;
      else if (token.text.includes('>')) command.writes.push(next.text);
      else command.reads.push(next.text);
    } else end();
  }
  end();
  return script;
}

function tokenize(text: string): { tokens: Token[]; isWhole: boolean } {
  const tokens: Token[] = [];
  let word: string | null = null;
  let isWhole = true;
  const push = () => {
    if (word !== null) tokens.push({ kind: 'word', text: word });
    word = null;
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] as string;
    if (letter === "'" || letter === '"') {
      const close = findQuote(text, at);
      if (close === -1) return { tokens, isWhole: false };
      const inner = text.slice(at + 1, close);
      if (letter === '"' && /[`]|\$\(/.test(inner)) isWhole = false;
      word = (word ?? '') + (letter === "'" ? inner : inner.replace(/\\(["\\$`])/g, '$1'));
      at = close;
    } else if (letter === '\\') {
      at += 1;
      if (text[at] !== '\n') word = (word ?? '') + (text[at] ?? '');
    } else if (letter === '#' && word === null) {
      const newline = text.indexOf('\n', at);
      at = newline === -1 ? text.length : newline - 1;
    } else if (letter === '`' || text.startsWith('$(', at)) {
      isWhole = false;
      word = (word ?? '') + letter;
    } else if (letter === '<' || letter === '>' || text.startsWith('&>', at)) {
      const digits = word !== null && /^\d$/.test(word) ? word : '';
      if (digits === '') push();
      word = null;
      const mark = /^(?:&>>?|<<<?-?|>>|>\||<>|[<>]&|[<>])/.exec(text.slice(at))?.[0] ?? letter;
      tokens.push({ kind: 'mark', text: digits + mark });
      at += mark.length - 1;
    } else if (/[;&|()\n]/.test(letter)) {
      push();
      tokens.push({ kind: 'mark', text: letter });
    } else if (/\s/.test(letter)) push();
    else word = (word ?? '') + letter;
  }
  push();
  return { tokens, isWhole };
}

function findQuote(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}

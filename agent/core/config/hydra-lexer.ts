/** The tokens of Hydra's override grammar after the `=`. Spaces around most signs are theirs. */
export type TokenKind =
  | 'popen'
  | 'comma'
  | 'pclose'
  | 'bracket-open'
  | 'bracket-close'
  | 'brace-open'
  | 'brace-close'
  | 'colon'
  | 'equal'
  | 'float'
  | 'int'
  | 'bool'
  | 'null'
  | 'char'
  | 'id'
  | 'escape'
  | 'space'
  | 'quoted'
  | 'interpolation';

export interface Token {
  kind: TokenKind;
  text: string;
  at: number;
}

const unsigned = '(?:0|[1-9](?:_?[0-9])*)';
const point = `(?:${unsigned}?\\.[0-9](?:_?[0-9])*|${unsigned}\\.)`;
const exponent = `(?:${point}|${unsigned})[eE][-+]?[0-9](?:_?[0-9])*`;

/** As `OverrideLexer.g4` of Hydra 1.3 has them: the longest match wins, and of equals the first. */
const rules: [TokenKind, RegExp][] = [
  ['popen', /[ \t]*\([ \t]*/y],
  ['comma', /[ \t]*,[ \t]*/y],
  ['pclose', /[ \t]*\)/y],
  ['bracket-open', /\[[ \t]*/y],
  ['bracket-close', /[ \t]*\]/y],
  ['brace-open', /\{[ \t]*/y],
  ['brace-close', /[ \t]*\}/y],
  ['colon', /[ \t]*:[ \t]*/y],
  ['equal', /[ \t]*=[ \t]*/y],
  ['float', new RegExp(`[-+]?(?:${exponent}|${point}|[iI][nN][fF]|[nN][aA][nN])`, 'y')],
  ['int', new RegExp(`[-+]?${unsigned}`, 'y')],
  ['bool', /[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]/y],
  ['null', /[nN][uU][lL][lL]/y],
  ['char', /[/\-\\+.$%*@?|]/y],
  ['id', /[a-zA-Z_][a-zA-Z0-9_-]*/y],
  ['escape', /(?:\\[\\()[\]{}:=, \t])+/y],
  ['space', /[ \t]+/y],
  ['quoted', /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y],
  ['interpolation', /\$\{[^}]+\}/y],
];

/** Null where a character belongs to no token: Hydra refuses it unless it stands in quotes. */
export function readTokens(text: string): Token[] | { bad: number } {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    let kind: TokenKind | null = null;
    let length = 0;
    for (const [candidate, pattern] of rules) {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0].length ?? 0;
      if (found > length) {
        kind = candidate;
        length = found;
      }
    }
    if (kind === null) return { bad: at };
    tokens.push({ kind, text: text.slice(at, at + length), at });
    at += length;
  }
  return tokens;
}

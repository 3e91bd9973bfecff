import { maskPython, splitTop } from './python-text-scan.ts';

export interface PythonPlace {
  /** The whole text of the script, for its constants. */
  script: string;
  /** Absolute, with `/`. */
  file: string;
  cwd: string;
}

const known = new WeakMap<PythonPlace, string>();

/** The script without what is in its strings and comments, read once. */
export function maskedScript(place: PythonPlace): string {
  const masked = known.get(place) ?? maskPython(place.script);
  known.set(place, masked);
  return masked;
}

/**
 * The text or path that an expression of a script comes to, where that can be told by reading:
 * literals, constants of the module, `os.path` and `pathlib` on `__file__`. Null for `None`,
 * undefined for what only a run can tell.
 */
export function readPythonPath(
  expression: string,
  place: PythonPlace,
  depth = 0,
): string | null | undefined {
  const code = expression.trim();
  if (depth > 8 || code === '') return undefined;
  const read = (inner: string) => readPythonPath(inner, place, depth + 1);
  if (code === 'None') return null;
  if (code === '__file__') return place.file;
  const masked = maskPython(code);
  const whole = /^\(([\s\S]*)\)$/.exec(masked);
  if (whole !== null && isBalanced(whole[1] ?? '')) return read(code.slice(1, -1));
  const literal = readLiteral(code, masked);
  if (literal !== undefined) return literal;

  for (const sign of ['/', '+']) {
    const parts = splitTop(code, masked, 0, code.length, sign);
    if (parts.length < 2) continue;
    const values = parts.map(read);
    if (!values.every((value) => typeof value === 'string')) return undefined;
    return sign === '+' ? values.join('') : joinPaths(values as string[]);
  }
  const tail = /\.(parent|resolve\(\)|absolute\(\)|as_posix\(\)|parents\[(\d+)\])$/.exec(masked);
  if (tail !== null) {
    const inner = read(code.slice(0, tail.index));
    if (typeof inner !== 'string') return undefined;
    if (tail[1] === 'parent') return parentOf(inner, 1);
    return tail[2] === undefined ? absolute(inner, place) : parentOf(inner, Number(tail[2]) + 1);
  }
  const call = /^([A-Za-z_][\w.]*)\(([\s\S]*)\)$/.exec(masked);
  if (call !== null && isBalanced(call[2] ?? ''))
    return readCall(call[1] ?? '', code, masked, place, read);
  return /^[A-Za-z_]\w*$/.test(code) ? readConstant(code, place, depth) : undefined;
}

function readCall(
  name: string,
  code: string,
  masked: string,
  place: PythonPlace,
  read: (inner: string) => string | null | undefined,
): string | null | undefined {
  const open = masked.indexOf('(') + 1;
  const inside = splitTop(code, masked, open, code.length - 1, ',').filter((part) => part !== '');
  const short = name.replace(/^.*\.(?=\w+$)/, '');
  if (inside.length === 0) return /^(?:getcwd|cwd)$/.test(short) ? place.cwd : undefined;
  const values = inside.map(read);
  const [first] = values;
  if (!values.every((value) => typeof value === 'string') || first === undefined) return undefined;
  switch (short) {
    case 'str':
    case 'fspath':
    case 'normpath':
    case 'expanduser':
      return first;
    case 'Path':
    case 'PurePath':
    case 'join':
    case 'joinpath':
      return joinPaths(values as string[]);
    case 'dirname':
      return parentOf(String(first), 1);
    case 'abspath':
    case 'realpath':
      return absolute(String(first), place);
    default:
      return undefined;
  }
}

/** Texts side by side are one; a text with braces of an f-string is not known. */
function readLiteral(code: string, masked: string): string | undefined {
  const pieces = [...masked.matchAll(/\s*([rRbBuUfF]{0,2})("""|'''|"|')([\s\S]*?)\2\s*/g)];
  if (pieces.length === 0 || pieces.reduce((sum, [all]) => sum + all.length, 0) !== masked.length) {
    return undefined;
  }
  let text = '';
  for (const piece of pieces) {
    const [all, prefix = '', quote = ''] = piece;
    const from = piece.index + all.indexOf(quote, all.search(/\S/) + prefix.length) + quote.length;
    const inside = code.slice(from, from + (piece[3] ?? '').length);
    if (/[fF]/.test(prefix) && /[{}]/.test(inside)) return undefined;
    text += /[rR]/.test(prefix) ? inside : inside.replace(/\\(["'\\])/g, '$1');
  }
  return text;
}

/** Names that a module gives a value once, at its left edge; read once each. */
const constants = new WeakMap<PythonPlace, Map<string, string | null | undefined>>();

function readConstant(name: string, place: PythonPlace, depth: number): string | null | undefined {
  const known = constants.get(place) ?? new Map<string, string | null | undefined>();
  constants.set(place, known);
  if (known.has(name)) return known.get(name);
  known.set(name, undefined);
  const value = findConstant(name, place, depth);
  known.set(name, value);
  return value;
}

function findConstant(name: string, place: PythonPlace, depth: number): string | null | undefined {
  const masked = maskedScript(place);
  const pattern = new RegExp(`^${name}[ \\t]*(?::[^=\\n]+)?=(?!=)[ \\t]*`, 'gm');
  const found = [...masked.matchAll(pattern)];
  const [only] = found;
  if (only === undefined || found.length > 1) return undefined;
  const from = only.index + only[0].length;
  const end = endOfStatement(masked, from);
  return readPythonPath(place.script.slice(from, end), place, depth + 1);
}

function endOfStatement(masked: string, from: number): number {
  let depth = 0;
  for (let i = from; i < masked.length; i++) {
    const character = masked.charAt(i);
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === '\n' && depth === 0 && masked.charAt(i - 1) !== '\\') return i;
  }
  return masked.length;
}

function isBalanced(masked: string): boolean {
  let depth = 0;
  for (const character of masked) {
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && depth-- === 0) return false;
  }
  return depth === 0;
}

function joinPaths(parts: string[]): string {
  return parts.reduce((left, right) =>
    right.startsWith('/') || left === '' ? right : `${left.replace(/\/+$/, '')}/${right}`,
  );
}

function absolute(path: string, { cwd }: PythonPlace): string {
  return joinPaths([cwd, path]);
}

function parentOf(path: string, levels: number): string {
  let parts = path.split('/');
  for (let i = 0; i < levels; i++) parts = parts.slice(0, -1);
  return parts.length === 1 && parts[0] === '' ? '/' : parts.join('/');
}

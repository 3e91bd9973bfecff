/** A call in a Python text, read without running it. */
export interface PythonCall {
  /** As it is written: `hydra.main`, `OmegaConf.load`. */
  name: string;
  /** Texts of the arguments; `name` is null for those by position. */
  arguments: { name: string | null; text: string }[];
  offset: number;
}

const stringOrComment =
  /#[^\n]*|"""(?:[^\\]|\\[\s\S])*?(?:"""|$(?![\s\S]))|'''(?:[^\\]|\\[\s\S])*?(?:'''|$(?![\s\S]))|"(?:[^"\\\n]|\\[\s\S])*(?:"|(?=\n)|$)|'(?:[^'\\\n]|\\[\s\S])*(?:'|(?=\n)|$)/g;

/**
 * The text with what is in strings and comments blanked out, at the same offsets: what is left is
 * code. Quotes stay.
 */
export function maskPython(text: string): string {
  return text.replace(stringOrComment, (found) => {
    if (found.startsWith('#')) return ' '.repeat(found.length);
    const quote = found.slice(0, /^("""|''')/.test(found) ? 3 : 1);
    const isClosed = found.length >= quote.length * 2 && found.endsWith(quote);
    const inside = found.slice(quote.length, isClosed ? -quote.length : undefined);
    const blank = inside.includes('\n') ? inside.replace(/[^\n]/g, ' ') : ' '.repeat(inside.length);
    return `${quote}${blank}${isClosed ? quote : ''}`;
  });
}

/** Beyond these a script is hostile, or made by a program. */
const mostCalls = 2_000;
const longestCall = 20_000;

/** The calls of the names that `pattern` matches as a whole (`hydra\.main`). */
export function findCalls(text: string, masked: string, pattern: string): PythonCall[] {
  const found: PythonCall[] = [];
  let seen = 0;
  for (const match of masked.matchAll(new RegExp(`(?<![\\w.])(${pattern})[ \\t]*\\(`, 'g'))) {
    if (++seen > mostCalls) break;
    const open = match.index + match[0].length;
    const close = closingBracket(masked, open);
    if (close === -1) continue;
    const parts = splitTop(text, masked, open, close, ',').filter((part) => part !== '');
    found.push({
      name: match[1] ?? '',
      offset: match.index,
      arguments: parts.map((part) => {
        const named = /^([A-Za-z_]\w*)\s*=(?!=)\s*([\s\S]*)$/.exec(part);
        return named === null
          ? { name: null, text: part }
          : { name: named[1] ?? '', text: named[2] ?? '' };
      }),
    });
  }
  return found;
}

/** The argument by its name, or by its position. */
export function argumentOf(call: PythonCall, name: string, position: number): string | null {
  const named = call.arguments.find((argument) => argument.name === name);
  if (named !== undefined) return named.text;
  const placed = call.arguments[position];
  return placed === undefined || placed.name !== null ? null : placed.text;
}

function closingBracket(masked: string, from: number): number {
  let depth = 0;
  const limit = Math.min(masked.length, from + longestCall);
  for (let i = from; i < limit; i++) {
    const character = masked.charAt(i);
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && depth-- === 0) return i;
  }
  return -1;
}

/** Splits code at a sign that stands in no bracket. */
export function splitTop(
  text: string,
  masked: string,
  from: number,
  to: number,
  sign: string,
): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = from;
  for (let i = from; i < to; i++) {
    const character = masked.charAt(i);
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (depth === 0 && masked.startsWith(sign, i)) {
      parts.push(text.slice(start, i).trim());
      start = i + sign.length;
    }
  }
  // Comments between arguments are no part of them.
  return [...parts, text.slice(start, to).trim()].map(withoutComments);
}

function withoutComments(code: string): string {
  if (!code.includes('#')) return code;
  const masked = maskPython(code);
  const lines = code.split('\n');
  let offset = 0;
  return lines
    .map((line) => {
      const kept = masked.slice(offset, offset + line.length).trimEnd().length;
      offset += line.length + 1;
      return line.slice(0, kept);
    })
    .join('\n')
    .trim();
}

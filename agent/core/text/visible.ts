/**
 * Everything a record holds may come from elsewhere, so text from it must not reach a terminal as
 * it is: an escape sequence in a run's name could rewrite what was printed before it, and a
 * right-to-left mark can make one path look like another.
 *
 * C0 and C1 controls, line and paragraph separators, marks that reorder text, invisible spaces,
 * tag characters and lone surrogates. Joiners stay: words and emoji need them.
 */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

const named: Record<string, string> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\u001b': '\\e',
};

function escapeOne(character: string): string {
  const short = named[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** The text on one line, with what a terminal would act on written out (`\n`, `\e`, `\u202e`). */
export function makeVisible(text: string): string {
  return text.replace(unsafe, escapeOne);
}

/** As `makeVisible`, in lines: line ends are kept as line ends, tabs become spaces. */
export function makeVisibleLines(text: string): string[] {
  return text
    .trimEnd()
    .split(/\r\n|\n|\r/)
    .map((line) => makeVisible(line.replaceAll('\t', '    ')));
}

/**
 * JSON for a terminal or a pipe: the same value, with the characters that `JSON.stringify` lets
 * through and a terminal acts on written as `\uXXXX`. Big integers become numbers where they fit,
 * else strings; numbers that JSON cannot hold become the strings of the record's schema.
 */
export function formatJson(value: unknown): string {
  const text = JSON.stringify(value, jsonValue, 2) ?? 'null';
  return text.replace(unsafe, (character) =>
    character === '\n'
      ? character
      : [...Array(character.length).keys()]
          .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
          .join(''),
  );
}

function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value instanceof Uint8Array) {
    return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  return value;
}

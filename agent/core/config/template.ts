/** Text with OmegaConf interpolations: what stands between `${` and its `}` is kept as written. */
export type TemplatePart = { text: string } | { inner: string };

/**
 * Splits a text into literal parts and interpolations; null where a `${` has no end. Backslashes
 * before `${` escape it, two of them are one, as in OmegaConf's grammar.
 */
export function splitTemplate(text: string): TemplatePart[] | null {
  const parts: TemplatePart[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${', at);
    if (open === -1) break;
    let slashes = 0;
    while (open - slashes > at && text.charAt(open - slashes - 1) === '\\') slashes++;
    literal += text.slice(at, open - slashes) + '\\'.repeat(slashes >> 1);
    if (slashes % 2 === 1) {
      literal += '${';
      at = open + 2;
      continue;
    }
    const close = findClose(text, open + 2);
    if (close === -1) return null;
    if (literal !== '') parts.push({ text: literal });
    literal = '';
    parts.push({ inner: text.slice(open + 2, close) });
    at = close + 1;
  }
  literal += text.slice(at);
  if (literal !== '') parts.push({ text: literal });
  return parts;
}

/** The offset of the `}` that ends what begins at `start`, or -1. */
function findClose(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '\\') i++;
    else if (character === '"' || character === "'") {
      const end = findQuote(text, i);
      // A lone quote is a character like any other outside a resolver's arguments.
      if (end !== -1) i = end;
    } else if (character === '{') depth++;
    else if (character === '}' && depth-- === 0) return i;
  }
  return -1;
}

/** The offset of the quote that ends the one at `start`, or -1. */
export function findQuote(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let i = start + 1; i < text.length; i++) {
    if (text.charAt(i) === '\\') i++;
    else if (text.charAt(i) === quote) return i;
  }
  return -1;
}

/** The arguments of a resolver: split at commas outside quotes, brackets and interpolations. */
export function splitArguments(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '\\') i++;
    else if (character === '"' || character === "'") {
      const end = findQuote(text, i);
      if (end !== -1) i = end;
    } else if ('{[('.includes(character)) depth++;
    else if ('}])'.includes(character)) depth--;
    else if (character === ',' && depth === 0) {
      found.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  const last = text.slice(from).trim();
  return found.length === 0 && last === '' ? [] : [...found, last];
}

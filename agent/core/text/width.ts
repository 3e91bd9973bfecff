import stringWidth from 'fast-string-width';

/** Printable ASCII, the letters of Latin scripts and `…`: one column each, without asking. */
const plain = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u017f…]*$/;

/** Columns that a text without controls takes in a terminal; wide characters take two. */
export function displayWidth(text: string): number {
  return plain.test(text) ? text.length : stringWidth(text);
}

export type Cut = 'end' | 'middle';

let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): string[] {
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

function takeWidth(parts: string[], width: number): string {
  let taken = '';
  let used = 0;
  for (const part of parts) {
    used += displayWidth(part);
    if (used > width) break;
    taken += part;
  }
  return taken;
}

/**
 * The text cut to `width` columns with `…` where something is missing; whole characters as a
 * reader sees them are kept or left out. `middle` keeps both ends, for paths.
 */
export function fitText(text: string, width: number, cut: Cut = 'end'): string {
  if (width <= 0) return '';
  // A hostile text may be megabytes long: what cannot be shown is neither measured nor segmented.
  const near = width * 16;
  if (text.length <= near && displayWidth(text) <= width) return text;
  const head = graphemes(text.slice(0, near));
  if (cut === 'end' || width < 5) return `${takeWidth(head, width - 1)}…`;
  const tail = graphemes(text.slice(-near)).reverse();
  const kept = takeWidth(head, Math.floor((width - 1) / 3));
  const rest = takeWidth(tail, width - 1 - displayWidth(kept));
  return `${kept}…${graphemes(rest).reverse().join('')}`;
}

import { displayWidth, fitText } from './width.ts';

/** Cuts a word that is wider than a line into pieces that fit. */
function breakWord(word: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (displayWidth(rest) > width) {
    // One column more than fits, of which `fitText` gives the last to its mark.
    const piece = fitText(rest, width + 1).slice(0, -1);
    if (piece === '' || !rest.startsWith(piece)) break;
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...pieces, rest];
}

/** Lines of at most `width` columns, broken between words; a longer word is broken itself. */
export function wrapText(text: string, width: number): string[] {
  if (displayWidth(text) <= width || width < 2) return [text];
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(' ').flatMap((word) => breakWord(word, width))) {
    const longer = line === '' ? piece : `${line} ${piece}`;
    if (displayWidth(longer) > width) {
      lines.push(line.trimEnd());
      line = piece;
    } else {
      line = longer;
    }
  }
  return [...lines, line.trimEnd()].filter((one) => one !== '');
}

/** Pairs of a label and a text, the texts aligned and wrapped, none cut. */
export function layOutFacts(
  facts: readonly (readonly [label: string, text: string])[],
  width: number,
  indent: number,
): string[] {
  const labels = facts.reduce((widest, [label]) => Math.max(widest, displayWidth(label)), 0);
  const start = indent + labels + 2;
  return facts.flatMap(([label, text]) =>
    wrapText(text, Math.max(20, width - start)).map((line, at) =>
      at === 0
        ? `${' '.repeat(indent)}${label}${' '.repeat(labels - displayWidth(label) + 2)}${line}`
        : `${' '.repeat(start)}${line}`,
    ),
  );
}

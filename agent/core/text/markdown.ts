import type { Cell, Column } from './table.ts';
import { makeVisible } from './visible.ts';
import { displayWidth } from './width.ts';

/** Text from anywhere on one line of Markdown, as itself: nothing in it is markup. */
export function escapeMarkdown(text: string): string {
  return (
    makeVisible(text)
      .replace(/[\\`*[\]<|~]|^[#>]|^[-+](?= )|&(?=#|\w+;)/g, '\\$&')
      // Inside of a word an underscore is only that.
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
  );
}

/** Lines as a block of code, whatever fences they hold themselves. */
export function fence(lines: readonly string[], language = ''): string[] {
  const longest = lines
    .flatMap((line) => line.match(/`{3,}/g) ?? [])
    .reduce((most, ticks) => Math.max(most, ticks.length), 2);
  const ticks = '`'.repeat(longest + 1);
  return [`${ticks}${language}`, ...lines, ticks];
}

/** A table that is aligned as text too. */
export function layOutMarkdownTable(
  columns: readonly Pick<Column, 'header' | 'align'>[],
  rows: readonly (readonly Cell[])[],
): string[] {
  const texts = rows.map((row) => columns.map((_, at) => escapeMarkdown(row[at]?.text ?? '')));
  const widths = columns.map(({ header }, at) =>
    texts.reduce((most, row) => Math.max(most, displayWidth(row[at] ?? '')), displayWidth(header)),
  );
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((text, at) => {
      const space = ' '.repeat(Math.max(0, (widths[at] ?? 0) - displayWidth(text)));
      return columns[at]?.align === 'right' ? space + text : text + space;
    });
    return `| ${padded.join(' | ')} |`;
  };
  const rule = columns.map(({ align }, at) => {
    const dashes = '-'.repeat(Math.max(3, widths[at] ?? 3) - 1);
    return align === 'right' ? `${dashes}:` : `${dashes}-`;
  });
  return [line(columns.map(({ header }) => header)), `| ${rule.join(' | ')} |`, ...texts.map(line)];
}

import type { Cell } from './table.ts';
import { makeVisible } from './visible.ts';

/** A table's cell with what may come from anywhere: visible, and no longer than can be shown. */
export function cell(text: string | null | undefined, style?: string): Cell {
  const shown = text === null || text === undefined ? '-' : makeVisible(text.slice(0, 4_000));
  return style === undefined ? { text: shown } : { text: shown, style };
}

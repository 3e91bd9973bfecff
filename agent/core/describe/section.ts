import type { Cell, Column } from '../text/table.ts';

export type Facts = [label: string, text: string][];

/** A part of a described run under a title; whoever shows it lays it out. */
export type Section =
  | { title: string; kind: 'facts'; facts: Facts }
  /** `one`: what a row is called where not all are shown. */
  | { title: string; kind: 'table'; columns: Column[]; rows: Cell[][]; one: string };

/** Rows of a table that are shown; a record may hold thousands. */
export const mostRows = 50;

/** The sections that have anything in them. */
export function dropEmpty(sections: readonly Section[]): Section[] {
  return sections.filter((section) =>
    section.kind === 'facts' ? section.facts.length > 0 : section.rows.length > 0,
  );
}

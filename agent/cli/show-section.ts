import { mostRows, type Section } from '../core/describe/section.ts';
import { countOf } from '../core/text/size.ts';
import { makeVisible } from '../core/text/visible.ts';
import { layOutFacts } from '../core/text/wrap.ts';
import type { Output } from './output.ts';

/** A part of a run in lines, after an empty one and its title. */
export function layOutSection(section: Section, output: Output): string[] {
  return ['', output.paint(section.title, 'strong'), ...layOutBody(section, output)];
}

function layOutBody(section: Section, output: Output): string[] {
  if (section.kind === 'facts') {
    const visible = section.facts.map(
      ([label, text]) => [makeVisible(label), makeVisible(text)] as const,
    );
    return layOutFacts(visible, output.width, 2);
  }
  const { columns, rows, one } = section;
  const more = rows.length - mostRows;
  return [
    ...output.table(columns, rows.slice(0, mostRows), { indent: 2 }),
    ...(more > 0 ? [`  and ${countOf(more, `more ${one}`)} (--json has all)`] : []),
  ];
}

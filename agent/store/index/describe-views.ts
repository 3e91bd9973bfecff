import { lineageView } from './lineage-view.ts';
import { plainViews, type View } from './views.ts';

/** Every view of the index, in the order of the documentation. */
export const views: View[] = [...plainViews, lineageView];

/** The views of `runs.sqlite` as Markdown, a section with a table of columns for each. */
export function describeViews(): string {
  return views.map(describeView).join('\n');
}

function describeView(view: View): string {
  const rows = view.columns.map(({ name, meaning }) => `| \`${name}\` | ${meaning} |`);
  const head = [`### \`${view.name}\``, '', view.meaning, '', '| column | meaning |', '|---|---|'];
  return [...head, ...rows, ''].join('\n');
}

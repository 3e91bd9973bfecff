import type { Diagnostic } from './node.ts';

/** The lines where an unfinished merge begins; only where its end is there too. */
export function findMergeMarkers(text: string, path: string): Diagnostic[] {
  if (!/^<{7}(?: |$)/m.test(text) || !/^>{7}(?: |$)/m.test(text)) return [];
  const found: Diagnostic[] = [];
  text.split(/\r\n|\n|\r/).forEach((line, i) => {
    if (!/^<{7}(?: |$)/.test(line)) return;
    const message = 'an unfinished merge: choose one side and remove the markers';
    found.push({ key: null, reason: 'merge-marker', message, path, line: i + 1, column: 1 });
  });
  return found;
}

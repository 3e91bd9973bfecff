/**
 * Key paths as they stand in `origins`, `unresolved` and the index: segments joined by dots. A dot
 * that belongs to a segment is written `\.` and a backslash `\\`, so that every path can be split
 * again. Items of a list are segments of digits.
 */
export function joinKey(segments: readonly string[]): string {
  return segments.map((segment) => segment.replace(/[\\.]/g, '\\$&')).join('.');
}

/** The segments of a key path; a trailing lone backslash is taken as it is. */
export function splitKey(key: string): string[] {
  const segments: string[] = [];
  let current = '';
  for (let i = 0; i < key.length; i++) {
    const character = key.charAt(i);
    if (character === '\\' && i + 1 < key.length) current += key.charAt(++i);
    else if (character === '.') {
      segments.push(current);
      current = '';
    } else current += character;
  }
  segments.push(current);
  return segments;
}

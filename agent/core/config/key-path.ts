/**
 * Key paths as they stand in `origins`, `unresolved` and the index: segments joined by dots. A dot
 * that belongs to a segment is written `\.` and a backslash `\\`, so that every path can be split
 * again. Items of a list are segments of digits.
 */
export function joinKey(segments: readonly string[]): string {
  return segments.map((segment) => segment.replace(/[\\.]/g, '\\$&')).join('.');
}

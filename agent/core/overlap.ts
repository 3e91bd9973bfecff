/** Whether one of two absolute paths holds the other, or they are the same. */
function contains(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

/** Whether two sets of output directories (absolute, with `/`) share a place. */
export function directoriesOverlap(mine: string[], theirs: string[]): boolean {
  return mine.some((a) => theirs.some((b) => contains(a, b) || contains(b, a)));
}

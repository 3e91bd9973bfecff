/** Lines of a newer text that are not those of an older one. */
export interface LineHunk {
  /** Index of the first line, from 0; of the line behind, where lines were only removed. */
  start: number;
  added: number;
  removed: number;
}

/** Edits that are looked for one by one; beyond, what lies between the equal ends is one hunk. */
const mostEdits = 500;

/**
 * The hunks by which `after` differs from `before`: the shortest edit (E. Myers, An O(ND)
 * Difference Algorithm and Its Variations, 1986), between the ends that are equal.
 */
export function findLineHunks(before: readonly string[], after: readonly string[]): LineHunk[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [endA, endB] = [before.length, after.length];
  while (endA > start && endB > start && before[endA - 1] === after[endB - 1]) {
    endA--;
    endB--;
  }
  const [a, b] = [before.slice(start, endA), after.slice(start, endB)];
  if (a.length === 0 && b.length === 0) return [];
  const whole = [{ start: 0, added: b.length, removed: a.length }];
  const trace = a.length === 0 || b.length === 0 ? null : searchEdits(a, b);
  const hunks = trace === null ? whole : gatherHunks(a.length, b.length, trace);
  return hunks.map((hunk) => ({ ...hunk, start: hunk.start + start }));
}

/** The furthest position in `a` on each diagonal, for each number of edits; null where too many. */
function searchEdits(a: readonly string[], b: readonly string[]): Int32Array[] | null {
  const trace: Int32Array[] = [];
  let furthest = new Int32Array([0, 0, 0]);
  for (let edits = 0; edits <= Math.min(mostEdits, a.length + b.length); edits++) {
    // Room for the diagonals -edits-1 to edits+1, the middle one at `edits + 1`.
    const next = new Int32Array(2 * edits + 3);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = edits === 0 ? 0 : step(furthest, edits, diagonal).x;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      next[diagonal + edits + 1] = x;
      if (x < a.length || x - diagonal < b.length) continue;
      trace.push(next);
      return trace;
    }
    trace.push(next);
    furthest = next;
  }
  return null;
}

/** The better of an insertion and a removal that leads to a diagonal. */
function step(furthest: Int32Array, edits: number, diagonal: number) {
  // `furthest` is of one edit less: its middle is at `edits`.
  const above = diagonal < edits ? (furthest[diagonal + 1 + edits] ?? -1) : -1;
  const left = diagonal > -edits ? (furthest[diagonal - 1 + edits] ?? -1) + 1 : -1;
  const isInsertion = diagonal === -edits || (diagonal !== edits && above >= left);
  return isInsertion ? { x: above, isInsertion } : { x: left, isInsertion };
}

/** Walks back from the end, and gathers edits that touch. */
function gatherHunks(lengthA: number, lengthB: number, trace: readonly Int32Array[]): LineHunk[] {
  const hunks: LineHunk[] = [];
  let [x, y] = [lengthA, lengthB];
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const { x: from, isInsertion } = step(trace[edits - 1] as Int32Array, edits, x - y);
    const [atX, atY] = [from, from - (x - y)];
    const edit = isInsertion
      ? { start: atY - 1, added: 1, removed: 0 }
      : { start: atY, added: 0, removed: 1 };
    const behind = hunks[0];
    // Nothing equal was passed on the way: the edit belongs to the one behind it.
    const touches = behind !== undefined && x === atX && y === atY;
    if (touches) {
      behind.start = edit.start;
      behind.added += edit.added;
      behind.removed += edit.removed;
    } else hunks.unshift(edit);
    [x, y] = isInsertion ? [atX, atY - 1] : [atX - 1, atY];
  }
  return hunks;
}

/** Lines with their ends, a carriage return before it left out; a last one may have none. */
export function splitLines(text: string): string[] {
  return text.replaceAll('\r\n', '\n').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

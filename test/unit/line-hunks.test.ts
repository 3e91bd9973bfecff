import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLineHunks, type LineHunk, splitLines } from '../../agent/core/line-hunks.ts';

describe('the hunks between two texts', () => {
  const hunks = (before: string, after: string) =>
    findLineHunks([...before], [...after]).map(({ start, added, removed }) => [
      start,
      added,
      removed,
    ]);

  it('name the first line, and how many came and went', () => {
    assert.deepEqual(hunks('abc', 'abc'), []);
    assert.deepEqual(hunks('abc', 'aXc'), [[1, 1, 1]]);
    assert.deepEqual(hunks('abc', 'abXYc'), [[2, 2, 0]]);
    assert.deepEqual(hunks('abcd', 'ad'), [[1, 0, 2]]);
    assert.deepEqual(hunks('', 'ab'), [[0, 2, 0]]);
    assert.deepEqual(hunks('ab', ''), [[0, 0, 2]]);
    assert.deepEqual(hunks('abcdefg', 'aXcdeg'), [
      [1, 1, 1],
      [5, 0, 1],
    ]);
  });

  it('lead from the one to the other, by as few edits as those of git', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hunks-'));
    try {
      for (let round = 0; round < 40; round++) {
        const [before, after] = [randomLines(round), randomLines(round + 1000)];
        const found = findLineHunks(before, after);
        assert.deepEqual(apply(before, after, found), after);
        assert.equal(countEdits(found), countOfGit(folder, before, after));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are one where two texts have next to nothing in common', () => {
    const before = [...Array(3000).keys()].map((n) => `a${n}`);
    const after = [...Array(3000).keys()].map((n) => `b${n}`);
    assert.deepEqual(findLineHunks(['same', ...before], ['same', ...after]), [
      { start: 1, added: 3000, removed: 3000 },
    ]);
  });

  it('see a line end that is missing, and none that is only of another kind', () => {
    assert.deepEqual(splitLines('a\r\nb\n'), splitLines('a\nb\n'));
    assert.equal(findLineHunks(splitLines('a\nb\n'), splitLines('a\nb')).length, 1);
    assert.deepEqual(splitLines(''), []);
  });
});

/** Few different lines, so that there is much to choose from. */
function randomLines(seed: number): string[] {
  let state = seed * 2654435761 + 12345;
  const next = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  return [...Array(next(40)).keys()].map(() => `line ${next(8)}`);
}

function apply(before: readonly string[], after: readonly string[], hunks: LineHunk[]): string[] {
  const made: string[] = [];
  let from = 0;
  for (const { start, added, removed } of hunks) {
    while (made.length < start) made.push(before[from++] ?? '?');
    from += removed;
    made.push(...after.slice(start, start + added));
  }
  return [...made, ...before.slice(from)];
}

const countEdits = (hunks: readonly LineHunk[]): number =>
  hunks.reduce((sum, { added, removed }) => sum + added + removed, 0);

function countOfGit(folder: string, before: readonly string[], after: readonly string[]): number {
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));
  write('a', before);
  write('b', after);
  const args = ['diff', '--no-index', '--minimal', '--numstat', 'a', 'b'];
  let out = '';
  try {
    out = execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    out = String((error as { stdout: string }).stdout);
  }
  const [added = 0, removed = 0] = out.split('\t').map(Number);
  return out === '' ? 0 : added + removed;
}

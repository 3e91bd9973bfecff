import { resolve } from 'node:path';
import type { Code } from '../../protocol/record.ts';
import type { Evidence } from '../../protocol/verbs.ts';
import { locate } from './byte-path.ts';
import { openQuietly } from './open-quietly.ts';
import { unquotePath } from './unquote-path.ts';

/**
 * The uncommitted lines of tracked files, as they are numbered in the working tree: one piece of
 * evidence a hunk. Empty where there is no commit to compare with, or git cannot say.
 */
export async function findHunks(code: Code, workspaceRoot: string): Promise<Evidence[]> {
  if (code.root === null || code.commit === null || code.clean !== false) return [];
  const args = ['-p', '-U0', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames'];
  try {
    const git = openQuietly(resolve(workspaceRoot, code.root));
    return parseHunks(await git.raw(['diff-index', ...args, 'HEAD', '--']));
  } catch {
    return [];
  }
}

/** Reads `git diff -U0`: `+++ b/path` names the file, `@@ -a,b +c,d @@` its lines. */
function parseHunks(diff: string): Evidence[] {
  const hunks: Evidence[] = [];
  let path: string | null = null;
  for (const text of diff.split('\n')) {
    const file = /^\+\+\+ (?:"?b\/.*|\/dev\/null)$/.test(text) ? text.slice(4) : null;
    if (file !== null)
      path = file === '/dev/null' ? null : locate(unquotePath(file).replace(/^b\//, '')).path;
    const place = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(text);
    if (place === null || path === null) continue;
    const [, , removed = '1', start = '1', added = '1'] = place;
    const count = Number(added);
    const line = Math.max(Number(start), 1);
    const message = `+${count} -${Number(removed)}, not committed`;
    hunks.push({ path, line, endLine: Math.max(line, line + count - 1), message });
  }
  return hunks;
}

import { resolve } from 'node:path';
import type { Code } from '../../protocol/record.ts';
import type { Evidence } from '../../protocol/verbs.ts';
import { type BytePath, recordedPath } from '../byte-path.ts';
import { openQuietly } from './open-quietly.ts';
import { unquotePath } from './unquote-path.ts';

/**
 * The uncommitted lines of tracked files, as they are numbered in the working tree: one piece of
 * evidence a hunk. From the captured tree, so that neither the user's index is read nor a filter
 * run. Empty where there is no commit to compare with, or git cannot say.
 */
export async function findHunks(code: Code, workspaceRoot: string): Promise<Evidence[]> {
  const { root, commit, tree, changes } = code;
  if (root === null || commit === null || tree === null || !Array.isArray(changes)) return [];
  const paths = changes.filter((change) => !change.untracked).map((change) => change.path);
  if (paths.length === 0) return [];
  const args = ['-p', '-U0', '--no-ext-diff', '--no-textconv', '--no-color', '--ignore-cr-at-eol'];
  try {
    const git = openQuietly(resolve(workspaceRoot, root));
    const literal = paths.map((path) => `:(top,literal)${path}`);
    return parseHunks(await git.raw(['diff-tree', '-r', ...args, commit, tree, '--', ...literal]));
  } catch {
    return [];
  }
}

/** Reads `-p -U0`: `+++ b/path` names the file, `@@ -a,b +c,d @@` its lines, which follow. */
function parseHunks(diff: string): Evidence[] {
  const hunks: Evidence[] = [];
  let path: string | null = null;
  let bodyLines = 0;
  for (const text of diff.split('\n')) {
    if (bodyLines > 0 && /^[+-]/.test(text)) {
      bodyLines -= 1;
      continue;
    }
    // Git ends a name that holds a space with a tab.
    if (text.startsWith('+++ ')) path = pathOf(text.slice(4).replace(/\t$/, ''));
    const place = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(text);
    if (place === null || path === null) continue;
    const [, , removed = '1', start = '1', added = '1'] = place;
    bodyLines = Number(removed) + Number(added);
    const line = Math.max(Number(start), 1);
    const endLine = Math.max(line, line + Number(added) - 1);
    const message = `+${Number(added)} -${Number(removed)}, not committed`;
    hunks.push({ path, line, endLine, message });
  }
  return hunks;
}

function pathOf(name: string): string | null {
  if (name === '/dev/null') return null;
  return recordedPath(unquotePath(name).replace(/^b\//, '') as BytePath).path;
}

import { isAbsolute, resolve } from 'node:path';
import type { Change, Code, Repository } from '../../protocol/record.ts';
import type { Comparison } from '../../protocol/verbs.ts';
import { recordedPath } from '../byte-path.ts';
import { openQuietly } from './open-quietly.ts';
import { unquotePath } from './unquote-path.ts';

type CodeComparison = Comparison['code'];
type File = CodeComparison['files'][number];

/**
 * The files that differ between what two runs ran, with the lines that were added and removed
 * (null for binary files): by their snapshots, else by their commits. Where the repository has
 * neither, the recorded changes tell which files may differ.
 */
export async function compareCode(
  a: Code,
  b: Code,
  workspaceRoot: string,
): Promise<CodeComparison> {
  const root = resolve(workspaceRoot, b.root ?? a.root ?? '.');
  const files = await compareTrees(a, b, root, '');
  for (const list of ['submodules', 'repositories'] as const) {
    for (const inB of b[list]) {
      const inA = a[list].find((repository) => repository.path === inB.path);
      if (inA === undefined) continue;
      const folder = isAbsolute(inB.path) ? inB.path : resolve(root, inB.path);
      files.push(...(await compareTrees(inA, inB, folder, `${inB.path}/`)));
    }
  }
  return { commitA: a.commit, commitB: b.commit, files };
}

type Compared = Pick<Repository, 'tree' | 'commit' | 'changes'>;

async function compareTrees(
  a: Compared,
  b: Compared,
  folder: string,
  prefix: string,
): Promise<File[]> {
  if (a.tree !== null && a.tree === b.tree) return [];
  const pairs = [
    [a.tree, b.tree],
    [a.commit, b.commit],
  ];
  for (const [before, after] of pairs) {
    if (typeof before !== 'string' || typeof after !== 'string') continue;
    const output = await diffTrees(folder, before, after);
    if (output !== null) {
      return parseDiff(output).map((file) => ({ ...file, path: prefix + file.path }));
    }
  }
  return recordedDifference(a, b, prefix);
}

/** Null where the repository, or one of the trees, is not there. */
async function diffTrees(folder: string, before: string, after: string): Promise<string | null> {
  try {
    const git = openQuietly(folder);
    const args = ['-r', '--find-renames', '--raw', '--numstat', before, after];
    return await git.raw(['diff-tree', ...args]);
  } catch {
    return null;
  }
}

const kinds: Record<string, Change['kind']> = {
  A: 'added',
  C: 'added',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'typechange',
};

/** Reads `--raw` lines and the `--numstat` lines behind them, which come in the same order. */
function parseDiff(output: string): File[] {
  const lines = output.split('\n').filter((line) => line !== '');
  const raw = lines.filter((line) => line.startsWith(':'));
  return raw.map((line, at) => {
    const [fields = '', ...paths] = line.split('\t');
    const kind = kinds[fields.split(' ').at(-1)?.[0] ?? 'M'] ?? 'modified';
    const [added = '-', removed = '-'] = (lines[raw.length + at] ?? '').split('\t');
    const { path } = recordedPath(unquotePath(paths.at(-1) ?? ''));
    return { path, kind, added: count(added), removed: count(removed) };
  });
}

function count(text: string): number | null {
  return text === '-' ? null : Number(text);
}

/** What either run had changed since its commit: no more is known. */
function recordedDifference(a: Compared, b: Compared, prefix: string): File[] {
  const changes = [a.changes, b.changes].flatMap((list) => (Array.isArray(list) ? list : []));
  const files = new Map<string, File>();
  for (const { path, kind } of changes) {
    files.set(path, { path: prefix + path, kind, added: null, removed: null });
  }
  return [...files.values()];
}

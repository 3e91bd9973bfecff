import { dirname, isAbsolute, resolve } from 'node:path';
import type { Code, Repository } from '../../protocol/record.ts';
import { realPath } from '../workspace-path.ts';
import type { CodeOptions } from './capture-code.ts';
import { captureOne } from './capture-elsewhere.ts';
import { addGathered, type Gathered, nothingGathered, type Seen } from './gathered.ts';
import { repositoriesOnPath } from './import-path.ts';
import { findRepository } from './repository.ts';

/** What a program's own imports add to the code that was captured before its start. */
export type LateCode = Pick<Code, 'repositories' | 'leftOut' | 'conversions'> & {
  problems: string[];
};

/**
 * Captures the repositories that a program imports from although nothing told so before its start
 * (`sys.path.insert` in the program). They are as they were when this was asked: the entries say when.
 *
 * @param files imported, absolute, in no snapshot of the record
 * @param home where the user's home folder is: a repository around it is none of a project's
 */
export async function captureLate(
  files: string[],
  code: Code,
  home: string | undefined,
  options: CodeOptions,
): Promise<LateCode | null> {
  const folders = [...new Set(files.map((file) => dirname(file)))];
  const base = resolve(options.workspaceRoot, code.root ?? '.');
  const known = new Set(foldersOf(code, base).map(realPath));
  const found = repositoriesOnPath({ folders, sources: [], prefixes: [], home });
  const tops = found.filter((top) => !known.has(top));
  if (tops.length === 0) return null;
  const seen = await seenBefore(code, base);
  const all: Gathered = nothingGathered(seen);
  for (const top of tops) {
    if (!seen.tops.has(top)) addGathered(all, await captureOne(base, top, options, all));
  }
  const capturedAt = options.createdAt;
  return {
    repositories: all.repositories.map((entry): Repository => ({ ...entry, capturedAt })),
    leftOut: all.leftOut,
    conversions: all.conversions,
    problems: [...all.failures, ...all.problems],
  };
}

function foldersOf(code: Code, base: string): string[] {
  const others = [...code.submodules, ...code.repositories];
  const inside = others.map(({ path }) => (isAbsolute(path) ? path : resolve(base, path)));
  return code.root === null ? inside : [base, ...inside];
}

/** The working trees of the record, and how many of its snapshots lie in each store. */
async function seenBefore(code: Code, base: string): Promise<Seen> {
  const seen: Seen = { tops: new Set(), stores: new Map() };
  for (const folder of foldersOf(code, base)) {
    const found = await findRepository(folder).catch(() => null);
    if (found?.kind !== 'worktree') continue;
    const { top, commonDir } = found.worktree;
    seen.tops.add(top);
    seen.stores.set(commonDir, (seen.stores.get(commonDir) ?? 0) + 1);
  }
  return seen;
}

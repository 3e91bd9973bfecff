import { join, resolve } from 'node:path';
import { messageOf } from '../../protocol/errors.ts';
import { defaultOutputs } from '../../protocol/names.ts';
import { bytePath, joinBytes } from '../byte-path.ts';
import { realPath, workspacePath } from '../workspace-path.ts';
import type { CodeOptions } from './capture-code.ts';
import { captureWithin, repositoryEntry } from './capture-within.ts';
import { addGathered, type Gathered, nothingGathered } from './gathered.ts';
import { isWithin, repositoriesOnPath, repositoryFolder } from './import-path.ts';
import { findRepository } from './repository.ts';

/**
 * Captures the repositories beside the workspace's that code comes from: where the program runs,
 * where its script lies, and those on its import path. Each gets a snapshot of its own; where it
 * cannot be written, what is known of it is kept and told to be missing.
 *
 * @param base what the paths in the record are relative to: `code.root`, absolute
 */
export async function captureElsewhere(
  base: string,
  main: Promise<unknown>,
  options: CodeOptions,
  all: Gathered,
): Promise<void> {
  const near = [options.cwd, ...options.programFiles.map((file) => resolve(options.cwd, file))];
  const tops = new Set(near.map((path) => repositoryFolder(realPath(path))));
  // It may wait for the interpreter to be asked: the workspace's own is captured meanwhile.
  const path = await options.importPath?.catch(() => null);
  for (const top of path == null ? [] : repositoriesOnPath(path)) tops.add(top);
  const others = [...tops].filter((top) => top !== null).filter((top) => !all.seen.tops.has(top));
  // One inside the workspace may be its submodule: that is known when the workspace is captured.
  const inside = others.filter((top) => isWithin(top, base));
  const outside = others.filter((top) => !isWithin(top, base));
  const beside = outside.map((top) => captureOne(base, top, options, all));
  await main;
  const unknown = inside.filter((top) => !all.seen.tops.has(top));
  const within = unknown.map((top) => captureOne(base, top, options, all));
  for (const one of await Promise.all([...beside, ...within])) addGathered(all, one);
}

/** One repository beside the workspace's, with all inside it; `path` in the entries as from `base`. */
export async function captureOne(
  base: string,
  folder: string,
  options: CodeOptions,
  { seen }: Gathered,
): Promise<Gathered> {
  const own = nothingGathered(seen);
  const path = workspacePath(base, folder);
  try {
    const found = await findRepository(folder);
    if (found.kind === 'refused') own.problems.push(`${path}: ${found.reason}`);
    if (found.kind !== 'worktree' || seen.tops.has(found.worktree.top)) return own;
    const { top } = found.worktree;
    const outputs = isWithin(top, base) ? [] : defaultOutputs.map((name) => join(top, name));
    const at = workspacePath(base, top);
    const captured = await captureWithin(
      found.worktree,
      joinBytes(bytePath(at), ''),
      {
        ...options,
        outputs: [...options.outputs, ...outputs],
        // Nobody has said that another project writes there: what is code by its name stays.
        sharedOutputs: [...(options.sharedOutputs ?? []), ...outputs],
      },
      own,
    );
    // Before those inside it, which stand in the order of submodules and nested ones.
    own.submodules.unshift(repositoryEntry(at, captured));
  } catch (error) {
    own.problems.push(`${path}: ${messageOf(error)}`);
  }
  return own;
}

import { resolve } from 'node:path';
import { type BytePath, bytePath, joinBytes, placeOnDisk } from '../../../capture/byte-path.ts';
import { git } from '../../../capture/git.ts';
import type { Code } from '../../../protocol/record.ts';

/** The files of the workspace as they were at launch, by its snapshot; null where there is none. */
export async function filesAtLaunch(
  code: Code,
  workspaceRoot: string,
): Promise<ReadonlySet<BytePath> | null> {
  if (code.root === null || code.tree === null) return null;
  const top = resolve(workspaceRoot, code.root);
  try {
    const listing = await git(['ls-tree', '-r', '-z', '--name-only', code.tree], { cwd: top });
    const names = listing.toString('latin1').split('\0').filter(Boolean);
    const files = new Set(names.map((name) => joinBytes(bytePath(top), name)));
    for (const left of code.leftOut) files.add(placeOnDisk(left, top));
    return files;
  } catch {
    return null; // Git has gone, or the repository: what is only moved is not told then.
  }
}

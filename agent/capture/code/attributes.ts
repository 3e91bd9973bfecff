import { type BytePath, bytePath } from '../byte-path.ts';
import { git } from '../git.ts';
import type { Worktree } from './repository.ts';
import { splitZero, zeroTerminated } from './zero-terminated.ts';

/** Attributes of one file; a set one is `set`, an unset one `unset`. */
export type Attributes = Map<string, string>;

/** The attributes of those paths that have any, by the files in the working tree. */
export async function readAttributes(
  worktree: Worktree,
  indexFile: string,
  paths: BytePath[],
): Promise<Map<BytePath, Attributes>> {
  const found = new Map<BytePath, Attributes>();
  if (paths.length === 0) return found;
  const output = await git(['check-attr', '--all', '-z', '--stdin'], {
    cwd: worktree.top,
    input: zeroTerminated(paths),
    // Git reads the index here too, and must not read the user's.
    env: { GIT_INDEX_FILE: indexFile },
  });
  const parts = splitZero(output);
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const path = parts[at] ?? bytePath('');
    const attributes = found.get(path) ?? new Map<string, string>();
    attributes.set(parts[at + 1] ?? '', parts[at + 2] ?? '');
    found.set(path, attributes);
  }
  return found;
}

/** Whether an attribute is there and not switched off. */
export function isOn(attributes: Attributes | undefined, name: string): boolean {
  const value = attributes?.get(name);
  return value !== undefined && value !== 'unset' && value !== 'unspecified';
}

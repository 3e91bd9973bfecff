import { isAbsolute, resolve } from 'node:path';
import type { Code } from '../../protocol/record.ts';
import { git } from '../git.ts';

/** Takes the snapshots of a launch back that came to nothing. Best effort: a ref too many harms nobody. */
export async function dropSnapshot(code: Code, workspaceRoot: string): Promise<void> {
  const top = resolve(workspaceRoot, code.root ?? '.');
  const all = [
    { folder: top, snapshot: code.snapshot },
    ...[...code.submodules, ...code.repositories].map(({ path, snapshot }) => ({
      folder: isAbsolute(path) ? path : resolve(top, path),
      snapshot,
    })),
  ];
  for (const { folder, snapshot } of all) {
    if (snapshot === null) continue;
    await git(['update-ref', '-d', snapshot.ref, snapshot.commit], { cwd: folder }).catch(
      () => null,
    );
  }
}

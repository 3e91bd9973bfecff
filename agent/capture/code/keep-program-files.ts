import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Code, LeftOut } from '../../protocol/record.ts';
import { workspacePath } from '../workspace-path.ts';
import type { CodeOptions } from './capture-code.ts';

/** Keeps the program's own files as objects, where no repository can hold them. */
export async function keepProgramFiles(
  options: CodeOptions,
): Promise<{ files: NonNullable<Code['files']>; leftOut: LeftOut[] }> {
  const files: NonNullable<Code['files']> = [];
  const leftOut: LeftOut[] = [];
  for (const name of new Set(options.programFiles)) {
    const file = resolve(options.cwd, name);
    const path = workspacePath(options.workspaceRoot, file);
    try {
      const { size } = lstatSync(realpathSync(file));
      if (size > options.snapshotFileLimit) {
        const digest = await options.digestFile(file);
        leftOut.push({ path, sizeBytes: size, digest, reason: 'size-limit' });
        continue;
      }
      const bytes = readFileSync(file);
      files.push({ path, digest: options.keepObject(bytes), sizeBytes: bytes.length });
    } catch {
      leftOut.push({ path, sizeBytes: null, digest: null, reason: 'unreadable' });
    }
  }
  return { files, leftOut };
}

import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Code, CodeFile, LeftOut } from '../../protocol/record.ts';
import { bytePath, placeInRecord } from '../byte-path.ts';
import { sha256 } from '../sha256.ts';
import type { CodeOptions } from './capture-code.ts';
import { keepFile } from './keep-file.ts';
import { findUncovered } from './uncovered-files.ts';

/** Keeps those of the program's own files as objects that no repository holds. */
export async function keepProgramFiles(
  code: Code,
  options: CodeOptions,
): Promise<{ files: CodeFile[]; leftOut: LeftOut[] }> {
  const files: CodeFile[] = [];
  const leftOut: LeftOut[] = [];
  const named = [...new Set(options.programFiles)].map((name) => resolve(options.cwd, name));
  for (const [file, reason] of await findUncovered(named, code, options.workspaceRoot)) {
    try {
      files.push(
        await keepFile(file, reason, { ...options, limit: options.snapshotFileLimit, sha256 }),
      );
    } catch {
      const place = placeInRecord(bytePath(file), options.workspaceRoot);
      leftOut.push({ ...place, sizeBytes: sizeOf(file), digest: null, reason: 'unreadable' });
    }
  }
  return { files, leftOut };
}

function sizeOf(file: string): number | null {
  return lstatSync(file, { throwIfNoEntry: false })?.size ?? null;
}

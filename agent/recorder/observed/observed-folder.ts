import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { secretRules } from '../../core/redaction/secret-rules.ts';
import { files } from '../../protocol/names.ts';
import type { Layout } from '../../store/layout.ts';

/** Up to so many bytes a program hashes itself what it is about to overwrite. */
const hashBeforeBytes = 64 * 1024 * 1024;

export function observedFolder(runFolder: string): string {
  return join(runFolder, files.observed);
}

/**
 * Makes the place where the processes of a run say what they do, and tells them how: without it
 * they say nothing. Private to the user, and deleted when the record is closed.
 */
export function openObservedFolder(layout: Layout, id: string, secretNames: string[]): void {
  const folder = observedFolder(layout.runFolder(id));
  mkdirSync(folder, { mode: 0o700 });
  const spec = {
    root: layout.root,
    folder: layout.home,
    rules: secretRules,
    names: secretNames,
    hashBeforeBytes,
  };
  writeFileSync(join(folder, files.spec), JSON.stringify(spec), { mode: 0o600 });
}

export function removeObservedFolder(runFolder: string): void {
  rmSync(observedFolder(runFolder), { recursive: true, force: true });
}

/** The folder that is put in front of PYTHONPATH: from source beside this room, or in the build. */
export function pythonSite(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const fromSource = here.endsWith('/recorder/observed');
  return join(here, fromSource ? '../../python/inside/site' : 'python/inside/site');
}

import {
  readCondaLock,
  readEnvironmentYaml,
  readExplicitList,
  readPixiLock,
} from './conda-locks.ts';
import { readPipfileLock } from './pipfile-lock.ts';
import { readRequirements } from './requirements-file.ts';
import { readPdmLock, readPoetryLock, readPylock } from './table-locks.ts';
import { readUvLock } from './uv-lock.ts';
import type { LockContext, Wanted } from './wanted.ts';

/**
 * What a lock file wants here, or null where its format is not known: it is kept, but not compared.
 * Throws where the file is none of its kind.
 */
export function readLock(fileName: string, text: string, context: LockContext): Wanted[] | null {
  const { markers } = context;
  if (/^requirements.*\.txt$/.test(fileName)) {
    return readRequirements(fileName, text, fileName === 'requirements.txt', context);
  }
  if (fileName === 'uv.lock') return readUvLock(text, markers);
  if (fileName === 'poetry.lock') return readPoetryLock(text, markers);
  if (fileName === 'pdm.lock') return readPdmLock(text, markers);
  if (fileName === 'Pipfile.lock') return readPipfileLock(text, markers);
  if (/^pylock(?:\..+)?\.toml$/.test(fileName)) return readPylock(text, markers);
  if (/^environment\.ya?ml$/.test(fileName)) return readEnvironmentYaml(text);
  if (/^conda-lock\.ya?ml$/.test(fileName)) return readCondaLock(text, context);
  if (fileName === `conda-${context.subdir}.lock`) return readExplicitList(text);
  if (fileName === 'pixi.lock') return readPixiLock(text, context);
  return null;
}

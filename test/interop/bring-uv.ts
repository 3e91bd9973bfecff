import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const cache = resolve(import.meta.dirname, '../../.cache');
const pinned = 'uv==0.13.9';

/** What uv is given: its own cache beside the repository, so that it is filled once. */
export const uvVariables = {
  UV_CACHE_DIR: join(cache, 'uv-cache'),
  UV_TOOL_DIR: join(cache, 'uv-tools'),
  UV_PYTHON_DOWNLOADS: 'never',
  UV_NO_PROGRESS: '1',
  // Hard links into the cache would be seen as changed by whoever else has them.
  UV_LINK_MODE: 'copy',
};

/** The real uv, brought once into an environment of its own; null where that is not possible. */
export function bringUv(): string | null {
  const venv = join(cache, 'uv');
  const uv = join(venv, 'bin/uv');
  if (existsSync(uv)) return uv;
  mkdirSync(cache, { recursive: true });
  try {
    const options = { stdio: 'ignore' } as const;
    execFileSync('python3', ['-m', 'venv', venv], options);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', pinned];
    execFileSync(join(venv, 'bin/python'), install, options);
    return uv;
  } catch {
    process.stderr.write(`SKIPPED: ${pinned} could not be installed for the tests of managers.\n`);
    return null;
  }
}

import { basename, join } from 'node:path';
import type { Environment } from '../../protocol/record.ts';
import { isFolder } from './find-program.ts';
import { readText } from './read-text.ts';

/** What tells who looks after an environment. */
export interface ManagerSigns {
  /** `sys.prefix`, or the folder of the environment. */
  prefix: string | null;
  venv: string | null;
  locks: Environment['locks'];
  installers: Map<string, number>;
}

const byLock: Record<string, string> = {
  'uv.lock': 'uv',
  'poetry.lock': 'poetry',
  'pdm.lock': 'pdm',
  'Pipfile.lock': 'pipenv',
  'pixi.lock': 'pixi',
};

/** uv, poetry, conda, pip, pdm, pixi, pipenv; null where nothing tells. */
export function nameManager({ prefix, venv, locks, installers }: ManagerSigns): string | null {
  if (prefix?.includes('/.pixi/envs/')) return 'pixi';
  if (prefix && isFolder(join(prefix, 'conda-meta'))) return 'conda';
  if (venv && /^uv\s*=/m.test(readText(join(venv, 'pyvenv.cfg')) ?? '')) return 'uv';
  const [installer] = [...installers].sort(([, a], [, b]) => b - a)[0] ?? [];
  const named = installer?.split(/\s/)[0]?.toLowerCase() ?? null;
  if (named !== null && named !== 'pip') return named;
  // Pip installed what is there (or nothing says): the lock tells who asked for it.
  for (const { path } of locks) {
    const manager = byLock[basename(path)];
    if (manager) return manager;
  }
  return named;
}

import { join } from 'node:path';
import type { Environment } from '../../protocol/record.ts';
import type { Variables } from './find-program.ts';
import { readText } from './read-text.ts';

/** The toolkits of this machine; a library that a Python package brings is one of the packages. */
export function readRuntimes(env: Variables): Environment['runtimes'] {
  return { cuda: readCuda(env), rocm: readRocm(env) };
}

function readCuda(env: Variables): string | null {
  for (const folder of [env.CUDA_HOME, env.CUDA_PATH, '/usr/local/cuda']) {
    if (!folder) continue;
    const json = readText(join(folder, 'version.json'));
    const version = json
      ? /"cuda"\s*:\s*\{[^}]*"version"\s*:\s*"([^"]+)"/.exec(json)?.[1]
      : /CUDA Version ([\d.]+)/.exec(readText(join(folder, 'version.txt')) ?? '')?.[1];
    if (version) return version;
  }
  return null;
}

function readRocm(env: Variables): string | null {
  const folder = env.ROCM_PATH ?? env.ROCM_HOME ?? '/opt/rocm';
  return readText(join(folder, '.info/version'))?.trim() || null;
}

import { existsSync, readFileSync } from 'node:fs';
import type { Environment } from '../../protocol/record.ts';
import type { Variables } from './find-program.ts';

type Container = NonNullable<Environment['container']>;

/**
 * The container that this runs in, by what its runtime leaves inside; null outside. The image is
 * known where the runtime or the scheduler says it; its digest only where that is part of the name.
 */
export function readContainer(env: Variables): Environment['container'] {
  const container = recogniseContainer(env);
  if (!container) return null;
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(container.image ?? '')?.[1] ?? null;
  return { ...container, digest };
}

function recogniseContainer(env: Variables): Omit<Container, 'digest'> | null {
  const image = env.APPTAINER_CONTAINER ?? env.SINGULARITY_CONTAINER;
  if (image !== undefined || existsSync('/.singularity.d')) {
    return { kind: 'apptainer', id: null, image: image ?? null };
  }
  const groups = readText('/proc/self/cgroup') ?? '';
  const mounts = (): string => readText('/proc/self/mountinfo') ?? '';
  const id = (): string | null =>
    /(?:docker|containers|libpod|cri-containerd|kubepods)[^\n]*?([0-9a-f]{64})/.exec(groups)?.[1] ??
    /\/(?:docker\/)?containers\/([0-9a-f]{64})\//.exec(mounts())?.[1] ??
    null;
  if (env.KUBERNETES_SERVICE_HOST || groups.includes('kubepods')) {
    return { kind: 'kubernetes', id: id(), image: null };
  }
  const podman = readText('/run/.containerenv');
  if (podman !== null) {
    const field = (name: string): string | null =>
      new RegExp(`^${name}="(.*)"$`, 'm').exec(podman)?.[1] ?? null;
    return { kind: 'podman', id: field('id') ?? id(), image: field('image') };
  }
  if (existsSync('/.dockerenv') || /\/docker[/-]/.test(groups)) {
    return { kind: 'docker', id: id(), image: null };
  }
  const other = readText('/run/systemd/container')?.trim() || env.container;
  return other ? { kind: other, id: null, image: null } : null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../protocol/record.ts';
import type { Variables } from './find-program.ts';
import { readLine, readText } from './read-text.ts';

type Container = NonNullable<Environment['container']>;
type Found = Omit<Container, 'digest'> & { digest?: string | null };

/**
 * The container that this runs in, by what its runtime leaves inside; null outside. The image is
 * known where the runtime or the scheduler says it, its digest where that is part of the name, or
 * said beside it.
 *
 * @param root in whose place `/` is looked at, for tests
 */
export function readContainer(env: Variables, root = ''): Environment['container'] {
  const found = recognise(env, root);
  if (!found) return null;
  const named = /@(sha256:[0-9a-f]{64})$/.exec(found.image ?? '')?.[1];
  const said = /sha256:[0-9a-f]{64}/.exec(env.CONTAINER_IMAGE_DIGEST ?? '')?.[0];
  return { ...found, digest: named ?? found.digest ?? said ?? null };
}

function recognise(env: Variables, root: string): Found | null {
  const at = (path: string): string => join(root, path);
  const image = env.APPTAINER_CONTAINER ?? env.SINGULARITY_CONTAINER;
  if (image !== undefined || existsSync(at('/.singularity.d'))) return apptainer(image, root);
  const groups = readText(at('/proc/self/cgroup')) ?? '';
  const id = (): string | null => findId(groups, root);
  // What schedulers and pipelines are usually told to pass on.
  const saidImage = env.CONTAINER_IMAGE ?? env.CI_JOB_IMAGE ?? null;
  const ecs = readEcs(env);
  if (ecs) return ecs;
  if (env.KUBERNETES_SERVICE_HOST || groups.includes('kubepods')) {
    return { kind: 'kubernetes', id: id(), image: saidImage };
  }
  const podman = readText(at('/run/.containerenv'));
  if (podman !== null) return readPodman(podman, id());
  if (existsSync(at('/.dockerenv')) || /\/docker[/-]/.test(groups)) {
    return { kind: 'docker', id: id(), image: saidImage };
  }
  const other = readLine(at('/run/systemd/container')) ?? env.container;
  if (other) return { kind: other, id: null, image: null };
  const lxc = /\/(?:lxc(?:\.payload)?[./])([^/\n]+)/.exec(groups)?.[1];
  if (lxc !== undefined) return { kind: 'lxc', id: lxc, image: null };
  // Not a container to the letter, but another kernel and driver than Windows has.
  const isWsl = /microsoft/i.test(readLine(at('/proc/sys/kernel/osrelease')) ?? '');
  return isWsl ? { kind: 'wsl', id: null, image: env.WSL_DISTRO_NAME ?? null } : null;
}

function findId(groups: string, root: string): string | null {
  const inGroups =
    /(?:docker|containers|libpod|cri-containerd|crio|kubepods)[^\n]*?([0-9a-f]{64})/.exec(
      groups,
    )?.[1];
  if (inGroups !== undefined) return inGroups;
  const mounts = readText(join(root, '/proc/self/mountinfo')) ?? '';
  return (
    /\/(?:docker|overlay-containers|sandboxes|io\.containerd[^/]*)\/(?:[^/\s]+\/)*?([0-9a-f]{64})\//.exec(
      mounts,
    )?.[1] ??
    /\/containers\/([0-9a-f]{64})\//.exec(mounts)?.[1] ??
    null
  );
}

/** Podman tells a container of root all, and one without root only that it is one. */
function readPodman(text: string, id: string | null): Found {
  const field = (name: string): string | null =>
    new RegExp(`^${name}="(.*)"$`, 'm').exec(text)?.[1] || null;
  const imageId = field('imageid');
  return {
    kind: 'podman',
    id: field('id') ?? id,
    image: field('image'),
    ...(imageId === null ? {} : { imageId: `sha256:${imageId.replace(/^sha256:/, '')}` }),
  };
}

/** A SIF file or folder; what it was built from is in its labels. */
function apptainer(image: string | undefined, root: string): Found {
  const labels = readText(join(root, '/.singularity.d/labels.json'));
  const from = labels === null ? null : readLabel(labels);
  const found = { kind: 'apptainer', id: null, image: image ?? from };
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(from ?? '')?.[1];
  return digest === undefined ? found : { ...found, digest };
}

function readLabel(text: string): string | null {
  try {
    const labels = JSON.parse(text) as Record<string, unknown>;
    const from = labels['org.label-schema.usage.singularity.deffile.from'];
    return typeof from === 'string' ? from : null;
  } catch {
    return null;
  }
}

/** Amazon's scheduler of containers leaves a file, where it was told to. */
function readEcs(env: Variables): Found | null {
  const path = env.ECS_CONTAINER_METADATA_FILE;
  const text = path ? readText(path) : null;
  if (text === null) return null;
  try {
    const said = JSON.parse(text) as Record<string, unknown>;
    const of = (name: string): string | null =>
      typeof said[name] === 'string' ? (said[name] as string) : null;
    const imageId = of('ImageID');
    return {
      kind: 'ecs',
      id: of('ContainerID'),
      image: of('ImageName'),
      ...(imageId === null ? {} : { imageId }),
    };
  } catch {
    return null;
  }
}

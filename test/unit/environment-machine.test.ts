import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readBlas } from '../../agent/capture/environment/blas.ts';
import { readContainer } from '../../agent/capture/environment/container.ts';
import { parseDisplays } from '../../agent/capture/environment/gpus.ts';
import { selectFeatures } from '../../agent/capture/environment/hardware.ts';
import { readLocale } from '../../agent/capture/environment/locale.ts';
import { nvidiaState, readNvidiaFiles } from '../../agent/capture/environment/nvidia.ts';
import { readProcessorLimit } from '../../agent/capture/environment/processor-limit.ts';

// What lies here stands for `/`: files as the runtimes and the kernel leave them.
let root: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'machine-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the container of a run', () => {
  const id = 'a1'.repeat(32);
  const digest = `sha256:${'b2'.repeat(32)}`;

  it('is none outside of one', () => {
    write('proc/self/cgroup', '0::/user.slice/user-1000.slice/session-2.scope\n');
    write('proc/sys/kernel/osrelease', '6.1.0-13-amd64\n');
    assert.equal(readContainer({}, root), null);
  });

  it('of Docker has its id, in the groups of old kernels and the mounts of new ones', () => {
    write('.dockerenv', '');
    write('proc/self/cgroup', `12:cpu,cpuacct:/docker/${id}\n`);
    assert.deepEqual(readContainer({}, root), { kind: 'docker', id, image: null, digest: null });
    write('proc/self/cgroup', '0::/\n');
    write(
      'proc/self/mountinfo',
      `611 597 254:1 /var/lib/docker/containers/${id}/resolv.conf /etc/resolv.conf rw - ext4 /dev/vda1 rw\n`,
    );
    assert.equal(readContainer({}, root)?.id, id);
  });

  it('of Docker has the image that the environment names, with its digest', () => {
    write('.dockerenv', '');
    const env = { CONTAINER_IMAGE: `registry.example/lab/train:1@${digest}` };
    assert.deepEqual(readContainer(env, root), {
      kind: 'docker',
      id: null,
      image: env.CONTAINER_IMAGE,
      digest,
    });
    const beside = { CONTAINER_IMAGE: 'train:1', CONTAINER_IMAGE_DIGEST: digest };
    assert.equal(readContainer(beside, root)?.digest, digest);
  });

  it('of Podman tells image and id where it runs for root, and that it is one elsewhere', () => {
    write(
      'run/.containerenv',
      `engine="podman-4.9"\nname="x"\nid="${id}"\nimage="docker.io/library/python:3.12"\nimageid="${'c3'.repeat(32)}"\n`,
    );
    assert.deepEqual(readContainer({}, root), {
      kind: 'podman',
      id,
      image: 'docker.io/library/python:3.12',
      digest: null,
      imageId: `sha256:${'c3'.repeat(32)}`,
    });
    write('run/.containerenv', '');
    assert.equal(readContainer({}, root)?.kind, 'podman');
  });

  it('of Kubernetes is known by its groups, also without its variables', () => {
    const group = `0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1234.slice/cri-containerd-${id}.scope`;
    write('proc/self/cgroup', `${group}\n`);
    assert.deepEqual(readContainer({}, root), {
      kind: 'kubernetes',
      id,
      image: null,
      digest: null,
    });
  });

  it('of Apptainer is its file, or what its labels say that it was built from', () => {
    assert.equal(
      readContainer({ APPTAINER_CONTAINER: '/data/train.sif' }, root)?.image,
      '/data/train.sif',
    );
    const from = `docker.io/lab/train@${digest}`;
    write(
      '.singularity.d/labels.json',
      JSON.stringify({ 'org.label-schema.usage.singularity.deffile.from': from }),
    );
    assert.deepEqual(readContainer({}, root), {
      kind: 'apptainer',
      id: null,
      image: from,
      digest,
    });
  });

  it('of Amazon’s scheduler is what its file says', () => {
    write(
      'ecs.json',
      JSON.stringify({ ContainerID: id, ImageName: 'lab/train:1', ImageID: digest }),
    );
    const env = { ECS_CONTAINER_METADATA_FILE: join(root, 'ecs.json') };
    assert.deepEqual(readContainer(env, root), {
      kind: 'ecs',
      id,
      image: 'lab/train:1',
      imageId: digest,
      digest: null,
    });
  });

  it('may be LXC, systemd’s, or Windows around Linux', () => {
    write('proc/self/cgroup', '0::/lxc.payload.web1/init.scope\n');
    assert.deepEqual([readContainer({}, root)?.kind, readContainer({}, root)?.id], ['lxc', 'web1']);
    write('run/systemd/container', 'systemd-nspawn\n');
    assert.equal(readContainer({}, root)?.kind, 'systemd-nspawn');
    rmSync(join(root, 'run'), { recursive: true });
    write('proc/self/cgroup', '0::/\n');
    write('proc/sys/kernel/osrelease', '5.15.153.1-microsoft-standard-WSL2\n');
    assert.deepEqual(readContainer({ WSL_DISTRO_NAME: 'Debian' }, root), {
      kind: 'wsl',
      id: null,
      image: 'Debian',
      digest: null,
    });
  });
});

describe('GPUs without a tool', () => {
  it('of NVIDIA are named by the files of their driver', () => {
    assert.equal(readNvidiaFiles(root), null);
    write(
      'proc/driver/nvidia/version',
      'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\n',
    );
    const before = nvidiaState(root);
    write(
      'proc/driver/nvidia/gpus/0000:01:00.0/information',
      'Model: \t\t NVIDIA A100-SXM4-40GB\nIRQ:   \t\t 41\nGPU UUID: \t GPU-5d5ba0d6\n',
    );
    assert.deepEqual(readNvidiaFiles(root), [
      {
        name: 'NVIDIA A100-SXM4-40GB',
        uuid: 'GPU-5d5ba0d6',
        memoryBytes: null,
        driver: '550.54.15',
      },
    ]);
    assert.notEqual(nvidiaState(root), before);
  });

  it('of a Mac are named by its own report', () => {
    const report = { SPDisplaysDataType: [{ _name: 'Apple M2', sppci_model: 'Apple M2' }, {}] };
    assert.deepEqual(
      parseDisplays(JSON.stringify(report)).map(({ name }) => name),
      ['Apple M2'],
    );
    for (const text of ['', '{}', 'null', '[1]']) assert.deepEqual(parseDisplays(text), []);
  });
});

describe('what changes numbers', () => {
  it('of the processor are the instructions by which libraries choose their kernels', () => {
    const flags = 'fpu sse sse4_2 avx2 fma avx512f avx512_bf16 amx_tile ht smep rdrand'.split(' ');
    assert.deepEqual(selectFeatures(flags), [
      'amx_tile',
      'avx2',
      'avx512_bf16',
      'avx512f',
      'fma',
      'sse4_2',
    ]);
  });

  it('is the time that a control group gives, the least of all above it', () => {
    assert.equal(readProcessorLimit(root), null);
    write('proc/self/cgroup', '0::/jobs/one\n');
    write('sys/fs/cgroup/jobs/one/cpu.max', 'max 100000\n');
    assert.equal(readProcessorLimit(root), null);
    write('sys/fs/cgroup/jobs/cpu.max', '150000 100000\n');
    assert.equal(readProcessorLimit(root), 1.5);
    write('proc/self/cgroup', '3:cpu,cpuacct:/old\n');
    write('sys/fs/cgroup/cpu/old/cpu.cfs_quota_us', '-1\n');
    write('sys/fs/cgroup/cpu/old/cpu.cfs_period_us', '100000\n');
    assert.equal(readProcessorLimit(root), null);
    write('sys/fs/cgroup/cpu/old/cpu.cfs_quota_us', '50000\n');
    assert.equal(readProcessorLimit(root), 0.5);
  });

  it('is the locale of each kind, as POSIX decides, and the time zone', () => {
    const env = { LANG: 'de_DE.UTF-8', LC_NUMERIC: 'C' };
    assert.deepEqual(readLocale(env, root), {
      ctype: 'de_DE.UTF-8',
      collate: 'de_DE.UTF-8',
      numeric: 'C',
      timezone: null,
    });
    assert.equal(readLocale({ ...env, LC_ALL: 'C.UTF-8' }, root).numeric, 'C.UTF-8');
    assert.equal(readLocale({}, root).collate, 'C');
    mkdirSync(join(root, 'etc'));
    symlinkSync('/usr/share/zoneinfo/Europe/Berlin', join(root, 'etc/localtime'));
    assert.equal(readLocale({}, root).timezone, 'Europe/Berlin');
    assert.equal(readLocale({ TZ: ':Asia/Tokyo' }, root).timezone, 'Asia/Tokyo');
    assert.equal(readLocale({ TZ: '' }, root).timezone, 'UTC');
  });
});

describe('the BLAS below numpy and scipy', () => {
  const conda = (name: string, version: string, build: string) => ({
    ecosystem: 'conda',
    name,
    version,
    source: null,
    imported: null,
    build,
  });

  it('is the one bundled in their wheels', () => {
    write('site/numpy/__config__.py', '');
    write('site/numpy.libs/libgfortran-040039e1.so.5.0.0', '');
    write('site/numpy.libs/libopenblas64_p-r0-0cf96a72.3.23.dev.so', '');
    write(
      'site/scipy/__config__.py',
      '"blas": {\n "name": "scipy-openblas",\n "version": "0.3.27",\n }',
    );
    write('site/scipy.libs/libscipy_openblas-68440149.so', '');
    assert.deepEqual(
      readBlas([join(root, 'none'), join(root, 'site')], [], null).map((one) => [
        one.package,
        one.library,
        one.version,
      ]),
      [
        ['numpy', 'openblas', '0.3.23.dev'],
        ['scipy', 'openblas', '0.3.27'],
      ],
    );
  });

  it('is the one that conda chose', () => {
    write('site/numpy/__config__.py', '');
    const packages = [
      conda('libblas', '3.9.0', '31_h5e41251_mkl'),
      conda('mkl', '2024.2.2', 'ha957f24_16'),
    ];
    assert.deepEqual(readBlas([join(root, 'site')], packages, '/env'), [
      { library: 'mkl', version: '2024.2.2', package: 'numpy', file: null },
    ]);
  });

  it('is what the package says of itself, as Accelerate on a Mac, else unknown', () => {
    write(
      'site/numpy/__config__.py',
      '"blas": {\n  "name": "accelerate",\n  "version": "unknown" }',
    );
    assert.deepEqual(readBlas([join(root, 'site')], [], null), [
      { library: 'accelerate', version: null, package: 'numpy', file: null },
    ]);
    write('site/numpy/__config__.py', '');
    assert.deepEqual(readBlas([join(root, 'site')], [], null), []);
  });
});

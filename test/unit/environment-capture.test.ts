import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import * as v from 'valibot';
import {
  type CapturedEnvironment,
  captureEnvironment,
} from '../../agent/capture/environment/capture-environment.ts';
import { sameVersion } from '../../agent/capture/environment/locks/pep440.ts';
import { describeDistribution } from '../../agent/capture/environment/operating-system.ts';
import { Environment } from '../../agent/protocol/record.ts';

interface Real {
  executable: string;
  version: string;
  folder: string;
}

let root: string;
let python: Real;
let objects: Map<string, Buffer>;

function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function capture(
  argv: string[],
  env: Record<string, string | undefined> = {},
): Promise<CapturedEnvironment> {
  const captured = await captureEnvironment({
    workspaceRoot: root,
    cwd: root,
    argv,
    env: { PATH: `${quietTools()}:${process.env.PATH}`, HOME: root, ...env },
    cacheFolder: join(root, 'cache'),
    keepObject: (bytes) => {
      objects.set(sha256(bytes), Buffer.from(bytes));
      return sha256(bytes);
    },
    redact: (_, value) => value.replace('hunter2', '[redacted]'),
    redactText: (text) => text.replace('hunter2', '[redacted]'),
    nowMs: Date.now(),
  });
  v.parse(v.strictObject(Environment.entries), captured.value);
  return captured;
}

/** What the machine has of GPUs is no part of these tests, unless one brings its own tool. */
function quietTools(): string {
  chmodSync(write('quiet/nvidia-smi', '#!/bin/sh\necho No devices were found\nexit 6\n'), 0o755);
  return join(root, 'quiet');
}

function write(path: string, text: string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  return join(root, path);
}

/** A virtual environment with packages of our own; nothing has to be installed for it. */
function makeVenv(): { python: string; site: string } {
  const site = `venv/lib/python${python.version.split('.').slice(0, 2).join('.')}/site-packages`;
  mkdirSync(join(root, 'venv/bin'), { recursive: true });
  mkdirSync(join(root, site), { recursive: true });
  symlinkSync(python.executable, join(root, 'venv/bin/python'));
  write(
    'venv/pyvenv.cfg',
    `home = ${python.folder}\ninclude-system-site-packages = false\nversion = ${python.version}\n`,
  );
  write(
    `${site}/Alpha_Beta-1.0.dist-info/METADATA`,
    'Metadata-Version: 2.1\nName: Alpha.Beta\nVersion: 1.0\n\nName: no\n',
  );
  write(`${site}/Alpha_Beta-1.0.dist-info/INSTALLER`, 'pip\n');
  write(`${site}/gamma-2.0.egg-info`, 'Metadata-Version: 1.0\nName: gamma\nVersion: 2.0\n');
  write(`${site}/delta.egg-info/PKG-INFO`, 'Name: delta\nVersion: 3.0\n');
  write(`${site}/vcs-1.dist-info/METADATA`, 'Name: vcs\nVersion: 1\n');
  write(
    `${site}/vcs-1.dist-info/direct_url.json`,
    JSON.stringify({
      url: 'https://me:hunter2@example.org/x.git',
      vcs_info: { vcs: 'git', commit_id: 'abc' },
    }),
  );
  write(`${site}/dev-1.dist-info/METADATA`, 'Name: dev\nVersion: 1\n');
  write(
    `${site}/dev-1.dist-info/direct_url.json`,
    JSON.stringify({ url: 'file:///src/dev', dir_info: { editable: true } }),
  );
  return { python: 'venv/bin/python', site };
}

before(() => {
  const source =
    'import sys, os; e = os.path.realpath(sys.executable); print(e); print("%d.%d.%d" % sys.version_info[:3]); print(os.path.dirname(e))';
  const output = execFileSync('python3', ['-c', source], { encoding: 'utf8' });
  const [executable = '', version = '', folder = ''] = output.split('\n');
  python = { executable, version, folder };
});
beforeEach(() => {
  objects = new Map();
  root = realpathSync(mkdtempSync(join(tmpdir(), 'environment-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the environment of a run', () => {
  it('tells system, hardware, limits and the interpreter with its digest', async () => {
    const { value, status, executable } = await capture([python.executable, 'a.py']);
    assert.equal(status, 'captured');
    assert.match(value.hardware.class, /^\w+, \d+ cores?, \d+ GB, /);
    assert.ok((value.hardware.memoryBytes ?? 0) > 0);
    assert.equal(value.interpreter?.version, python.version);
    assert.match(executable.digest ?? '', /^sha256:/);
    assert.equal(executable.digest, value.interpreter?.digest);
  });

  it('lists the packages that Python itself finds', async () => {
    const source =
      'import importlib.metadata as m, json, re; d = {}\nfor x in m.distributions():\n    d.setdefault(re.sub(r"[-_.]+", "-", x.metadata["Name"]).lower(), x.version)\nprint(json.dumps(d))';
    const env = { PATH: process.env.PATH, HOME: root };
    const output = execFileSync('python3', ['-c', source], { cwd: root, env, encoding: 'utf8' });
    const expected = Object.entries(JSON.parse(output) as Record<string, string>).sort();
    for (const round of ['asked', 'remembered']) {
      const { value } = await capture(['python3', 'a.py']);
      const found = value.packages
        ?.filter(({ ecosystem }) => ecosystem === 'pypi')
        .map(({ name, version }) => [name, version]);
      assert.deepEqual(found?.sort(), expected.sort(), round);
    }
  });

  it('lists the packages of a virtual environment: wheels, eggs, where they came from', async () => {
    const venv = makeVenv();
    const { value, status } = await capture([venv.python, 'a.py']);
    assert.equal(status, 'captured');
    assert.deepEqual(
      value.packages?.map(({ name, version, source }) => [name, version, source]),
      [
        ['alpha-beta', '1.0', null],
        ['delta', '3.0', null],
        ['dev', '1', '-e file:///src/dev'],
        ['gamma', '2.0', null],
        ['vcs', '1', 'git+https://example.org/x.git@abc'],
      ],
    );
    assert.equal(value.manager, 'pip');
  });

  it('sees a package that was installed since the launch before', async () => {
    const venv = makeVenv();
    const old = new Date(Date.now() - 60_000);
    utimesSync(join(root, venv.site), old, old);
    await capture([venv.python, 'a.py']);
    write(`${venv.site}/late-9.dist-info/METADATA`, 'Name: late\nVersion: 9\n');
    const { value } = await capture([venv.python, 'a.py']);
    assert.ok(value.packages?.some(({ name }) => name === 'late'));
  });

  it('looks where PYTHONPATH and .pth files lead', async () => {
    const venv = makeVenv();
    write('extra/one-1.dist-info/METADATA', 'Name: one\nVersion: 1\n');
    write('more/two-1.dist-info/METADATA', 'Name: two\nVersion: 1\n');
    write(`${venv.site}/more.pth`, `${join(root, 'more')}\n`);
    const { value } = await capture([venv.python, 'a.py'], { PYTHONPATH: `extra${delimiter}gone` });
    const names = value.packages?.map(({ name }) => name);
    assert.ok(names?.includes('one') && names.includes('two'));
  });

  it('is partial where Python cannot be asked, and reads its usual folders', async () => {
    const venv = makeVenv();
    rmSync(join(root, venv.python));
    write(venv.python, '#!/bin/sh\necho broken >&2\nexit 3\n');
    chmodSync(join(root, venv.python), 0o755);
    const { value, status, detail } = await capture([venv.python, 'a.py']);
    assert.equal(status, 'partial');
    assert.match(detail ?? '', /could not be asked/);
    assert.ok(value.packages?.some(({ name }) => name === 'alpha-beta'));
  });

  it('starts nothing of the user’s: a file beside the script is not imported', async () => {
    for (const name of ['json', 'sys', 'site', 'encodings', 'io']) {
      write(`${name}.py`, `open(${JSON.stringify(join(root, 'ran'))}, "w")\n`);
    }
    await capture([python.executable, 'a.py']);
    assert.equal(existsSync(join(root, 'ran')), false);
  });

  it('says that packages do not apply to other programs, and that a program is not there', async () => {
    const native = await capture([process.execPath, 'a.js']);
    assert.equal(native.value.packages, null);
    assert.equal(native.status, 'captured');
    assert.match(native.detail ?? '', /packages do not apply/);
    const missing = await capture(['nothing-of-that-name']);
    assert.equal(missing.status, 'partial');
    assert.equal(missing.value.interpreter, null);
  });
});

describe('settings', () => {
  it('are those that change numbers, always with three that matter when unset', async () => {
    const { value } = await capture(['true'], {
      OMP_NUM_THREADS: '2',
      CUBLAS_WORKSPACE_CONFIG: ':4096:8',
      AWS_SECRET_ACCESS_KEY: 'x',
      TF_VAR_password: 'x',
      WANDB_API_KEY: 'x',
      PYTHONPATH: 'hunter2',
      EDITOR: 'vi',
    });
    assert.deepEqual(value.settings, {
      CUBLAS_WORKSPACE_CONFIG: ':4096:8',
      CUDA_VISIBLE_DEVICES: null,
      OMP_NUM_THREADS: '2',
      PYTHONHASHSEED: null,
      PYTHONPATH: '[redacted]',
    });
  });

  it('tell the allocation of a scheduler, and none outside', async () => {
    const inside = { SLURM_JOB_ID: '7', SLURM_JOB_PARTITION: 'gpu', SLURM_JWT: 'x' };
    const { value } = await capture(['true'], inside);
    assert.deepEqual(value.allocation, { SLURM_JOB_ID: '7', SLURM_JOB_PARTITION: 'gpu' });
    assert.equal((await capture(['true'])).value.allocation, null);
  });
});

describe('GPUs', () => {
  function tool(text: string): Record<string, string> {
    chmodSync(write('tools/nvidia-smi', `#!/bin/sh\n${text}\n`), 0o755);
    return { PATH: `${root}/tools:${process.env.PATH}` };
  }

  it('are what nvidia-smi lists, asked once', async () => {
    const env = tool(
      `echo x >> ${root}/asked; case "$1" in --query*) ;; *) exit 1;; esac; echo 'NVIDIA A100, GPU-1, 40960, 550.1'; echo 'NVIDIA A100, [N/A], [N/A], 550.1'`,
    );
    const { value } = await capture(['true'], env);
    assert.deepEqual(value.hardware.gpus, [
      { name: 'NVIDIA A100', uuid: 'GPU-1', memoryBytes: 40_960 * 2 ** 20, driver: '550.1' },
      { name: 'NVIDIA A100', uuid: null, memoryBytes: null, driver: '550.1' },
    ]);
    assert.match(value.hardware.class, /2 x NVIDIA A100$/);
    const asked = () => readFileSync(join(root, 'asked'), 'utf8');
    const first = asked();
    await capture(['true'], env);
    assert.equal(asked(), first);
  });

  it('of NVIDIA have their parts, and the CUDA of the driver', async () => {
    // What nvidia-smi prints on a machine with a partitioned GPU, in short; there is none here.
    const { value } = await capture(
      ['true'],
      tool(`case "$1" in
--query*) echo 'NVIDIA A100, GPU-1, 40960, 550.54.15'; echo 'NVIDIA A100, GPU-2, 40960, 550.54.15';;
-L) echo 'GPU 0: NVIDIA A100 (UUID: GPU-1)'; echo '  MIG 3g.20gb     Device  0: (UUID: MIG-a)'; echo '  MIG 1g.5gb      Device  1: (UUID: MIG-b)'; echo 'GPU 1: NVIDIA A100 (UUID: GPU-2)';;
*) echo '| NVIDIA-SMI 550.54.15    Driver Version: 550.54.15    CUDA Version: 12.4     |';;
esac`),
    );
    assert.equal(value.runtimes.cudaDriver, '12.4');
    assert.deepEqual(
      value.hardware.gpus?.map(({ mig }) => mig),
      [
        [
          { profile: '3g.20gb', uuid: 'MIG-a' },
          { profile: '1g.5gb', uuid: 'MIG-b' },
        ],
        undefined,
      ],
    );
  });

  it('are unknown, not none, where the tool fails or hangs', async function () {
    this.timeout(20_000);
    const failing = await capture(['true'], tool('echo "driver not loaded"; exit 9'));
    assert.equal(failing.value.hardware.gpus, null);
    assert.equal(failing.status, 'partial');
    assert.match(failing.detail ?? '', /nvidia-smi: driver not loaded/);
    const hanging = await capture(['true'], tool('sleep 6'));
    assert.equal(hanging.value.hardware.gpus, null);
    assert.match(hanging.detail ?? '', /no answer/);
    // One that hangs is not waited for at each launch.
    const asked = () => existsSync(join(root, 'again'));
    const again = await capture(['true'], tool(`touch ${root}/again; sleep 6`));
    assert.ok(asked());
    rmSync(join(root, 'again'));
    const env = { PATH: `${root}/tools:${process.env.PATH}` };
    assert.equal((await capture(['true'], env)).detail, again.detail);
    assert.equal(asked(), false);
  });
});

describe('lock files', () => {
  it('are kept, and compared with what is installed', async () => {
    const venv = makeVenv();
    write(
      'requirements.txt',
      '# pins\nalpha.beta==1.0.0\ngamma == 2.1 \\\n    --hash=sha256:00\nmissing==1\nold==1 ; python_version < "3"\ndelta>=1\n',
    );
    write(
      'uv.lock',
      'version = 1\n\n[[package]]\nname = "alpha-beta"\nversion = "1.0"\nsource = { registry = "x" }\n\n[[package]]\nname = "unused"\nversion = "9"\n\n[[package]]\nname = "gamma"\nversion = "9"\nsource = { virtual = "." }\n',
    );
    write('environment.yml', 'name: x\n');
    const { value, lockDifferences } = await capture([venv.python, 'a.py']);
    assert.deepEqual(
      value.locks.map(({ path, agrees }) => [path, agrees]),
      [
        ['environment.yml', null],
        ['requirements.txt', false],
        ['uv.lock', true],
      ],
    );
    assert.ok(value.locks.every(({ digest }) => digest !== null && objects.has(digest)));
    assert.deepEqual(lockDifferences, [
      { lock: 'requirements.txt', line: 3, name: 'gamma', expected: '2.1', found: '2.0' },
      { lock: 'requirements.txt', line: 5, name: 'missing', expected: '1', found: null },
    ]);
  });

  it('of poetry, pdm and pipenv are compared too', async () => {
    const venv = makeVenv();
    write(
      'poetry.lock',
      '[[package]]\nname = "gamma"\nversion = "2.5"\n\n[package.dependencies]\ndelta = {version = "9"}\n\n[metadata]\nlock-version = "2.0"\n',
    );
    write(
      'Pipfile.lock',
      JSON.stringify({ default: { gamma: { version: '==2.5' } }, develop: {} }, null, 2),
    );
    write('pdm.lock', '[[package]]\nname = "delta"\nversion = "3.0"\n');
    const { value, lockDifferences } = await capture([venv.python, 'a.py']);
    assert.deepEqual(Object.fromEntries(value.locks.map(({ path, agrees }) => [path, agrees])), {
      'Pipfile.lock': false,
      'pdm.lock': true,
      'poetry.lock': false,
    });
    assert.deepEqual(
      lockDifferences.map(({ lock, line }) => [lock, line]),
      [
        ['Pipfile.lock', 3],
        ['poetry.lock', 3],
      ],
    );
  });

  it('are kept without a password, under the digest of the file as it is', async () => {
    const text = '--index-url https://me:hunter2@example.org/simple\n';
    write('requirements.txt', text);
    const { value } = await capture(['true']);
    assert.equal(value.locks[0]?.digest, sha256(text));
    assert.ok([...objects.values()].every((bytes) => !bytes.includes('hunter2')));
  });
});

describe('small readings', () => {
  it('name a distribution by name and version', () => {
    assert.equal(
      describeDistribution(
        'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n',
      ),
      'Debian 12',
    );
    assert.equal(describeDistribution('NAME=Arch\nPRETTY_NAME="Arch Linux"\n'), 'Arch Linux');
  });

  it('compare versions as PEP 440 does', () => {
    assert.ok(sameVersion('1.0', '1.0.0'));
    assert.ok(sameVersion('2.1.0', '2.1.0+cu118'));
    assert.ok(sameVersion('1.0-RC1', '1.0rc1'));
    assert.ok(!sameVersion('2.1.0+cpu', '2.1.0+cu118'));
    assert.ok(!sameVersion('1.0', '1.0.1'));
    assert.ok(!sameVersion('1.0', '1.0rc1'));
    assert.ok(!sameVersion('1.10', '1.1'));
  });
});

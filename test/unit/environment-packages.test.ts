import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readCondaPackages } from '../../agent/capture/environment/conda-packages.ts';
import { describeDirectUrl } from '../../agent/capture/environment/direct-url.ts';
import { readDistributions } from '../../agent/capture/environment/distribution-metadata.ts';
import { surveyPython } from '../../agent/capture/environment/python-packages.ts';
import { resolveInterpreter } from '../../agent/capture/environment/resolve-interpreter.ts';

let root: string;
let python: { executable: string; minor: string };

function write(path: string, text: string): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

/** Permissions mean nothing to root: it steps down for the moment. */
async function asUser<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

/** As `uv venv` makes one: no pip, no setuptools, nothing but links and a folder. */
function makeBareVenv(): string {
  mkdirSync(join(root, 'venv/bin'), { recursive: true });
  symlinkSync(python.executable, join(root, 'venv/bin/python'));
  write(
    'venv/pyvenv.cfg',
    `home = ${dirname(python.executable)}\nimplementation = CPython\nuv = 0.9.1\nversion_info = ${python.minor}.0\ninclude-system-site-packages = false\nprompt = x\n`,
  );
  const site = `venv/lib/python${python.minor}/site-packages`;
  mkdirSync(join(root, site), { recursive: true });
  return site;
}

async function survey(env: Record<string, string> = {}) {
  const interpreter = resolveInterpreter({
    argv: ['venv/bin/python', 'a.py'],
    cwd: root,
    env: { PATH: process.env.PATH, HOME: root, ...env },
  });
  assert.ok(interpreter);
  return surveyPython(interpreter, join(root, 'cache'), Date.now());
}

before(() => {
  const print =
    'import os, sys; print(os.path.realpath(sys.executable)); print("%d.%d" % sys.version_info[:2])';
  const [executable = '', minor = ''] = execFileSync('python3', ['-c', print], {
    encoding: 'utf8',
  }).split('\n');
  python = { executable, minor };
});
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'packages-')));
  chmodSync(root, 0o755);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('clearml#1423: packages of an environment without pip', () => {
  it('are listed all the same', async () => {
    const site = makeBareVenv();
    write(`${site}/numpy-2.3.1.dist-info/METADATA`, 'Name: numpy\nVersion: 2.3.1\n');
    write(`${site}/numpy-2.3.1.dist-info/INSTALLER`, 'uv');
    const { packages, problems, installers } = await survey();
    assert.deepEqual(problems, []);
    assert.deepEqual(
      packages?.map(({ name, version }) => [name, version]),
      [['numpy', '2.3.1']],
    );
    assert.deepEqual([...installers], [['uv', 1]]);
  });

  it('are an empty list only where there are none, and unknown where they cannot be read', async () => {
    const site = makeBareVenv();
    assert.deepEqual((await survey()).packages, []);
    // Whoever has no rights to the folder need not have any to the real Python either: this one
    // only answers what it is asked.
    const facts = { version: '3.11.0', path: [join(root, site)], prefix: join(root, 'venv') };
    rmSync(join(root, 'venv/bin/python'));
    const answer = `#!/bin/sh\necho 'runrecord-facts:${JSON.stringify(facts)}'\n`;
    chmodSync(write('venv/bin/python', answer), 0o755);
    chmodSync(join(root, site), 0);
    const { packages, problems } = await asUser(() => survey());
    chmodSync(join(root, site), 0o755);
    assert.equal(packages, null);
    assert.match(problems.join(), /site-packages: EACCES/);
  });

  it('are unknown where Python itself fails and its folders hold nothing', async () => {
    makeBareVenv();
    rmSync(join(root, 'venv/bin/python'));
    chmodSync(write('venv/bin/python', '#!/bin/sh\nexit 3\n'), 0o755);
    const { packages, problems } = await survey();
    assert.equal(packages, null);
    assert.match(problems.join(), /could not be asked/);
  });
});

describe('where a package came from', () => {
  it('is told by direct_url.json: archive with its hash, commit, folder, part of a repository', () => {
    const of = (value: unknown): string | null => describeDirectUrl(JSON.stringify(value));
    assert.equal(
      of({ url: 'https://h.example/a-1.whl', archive_info: { hashes: { sha256: 'ab' } } }),
      'https://h.example/a-1.whl#sha256=ab',
    );
    assert.equal(
      of({ url: 'https://h.example/a-1.whl', archive_info: { hash: 'sha256=cd' } }),
      'https://h.example/a-1.whl#sha256=cd',
    );
    assert.equal(
      of({
        url: 'ssh://git:pw@h.example/a.git?x=1',
        subdirectory: 'python',
        vcs_info: { vcs: 'git', commit_id: 'abc', requested_revision: 'main' },
      }),
      'git+ssh://h.example/a.git@abc#subdirectory=python',
    );
    assert.equal(of({ url: 'file:///src', dir_info: { editable: true } }), '-e file:///src');
    assert.equal(of({ url: 'file:///src', dir_info: {} }), 'file:///src');
    for (const nothing of [{}, [], null, 1, { url: 1 }]) assert.equal(of(nothing), null);
  });

  it('is not guessed for one from an index', () => {
    write('site/a-1.dist-info/METADATA', 'Name: a\nVersion: 1\n');
    assert.equal(readDistributions(join(root, 'site'))[0]?.source, null);
  });

  it('is the address with channel and build for one of conda, without what opens a channel', () => {
    // The layout of conda's own files, in short: what a package installed comes before its address.
    const record = {
      build: 'py311h64a7726_0',
      channel: 'https://conda.example/lab',
      files: ['lib/python3.11/site-packages/numpy/__init__.py'],
      link: { source: '/pkgs/numpy', type: 1 },
      name: 'numpy',
      paths_data: { paths: [{ _path: 'x', sha256: 'ab' }] },
      url: 'https://me:pw@conda.example/t/secret-token/lab/linux-64/numpy-1.26.4-py311h64a7726_0.conda',
      version: '1.26.4',
    };
    write('env/conda-meta/numpy-1.26.4-py311h64a7726_0.json', JSON.stringify(record, null, 2));
    write(
      'env/conda-meta/blas-1-mkl.json',
      JSON.stringify({ ...record, name: 'blas', version: '1' }),
    );
    write('env/conda-meta/_libgcc_mutex-0.1-main.json', 'torn {');
    write('env/conda-meta/history', '');
    const packages = readCondaPackages(join(root, 'env'));
    assert.deepEqual(
      packages.map(({ name, version, build }) => [name, version, build]),
      [
        ['_libgcc_mutex', '0.1', 'main'],
        ['blas', '1', 'py311h64a7726_0'],
        ['numpy', '1.26.4', 'py311h64a7726_0'],
      ],
    );
    assert.deepEqual(
      packages.map(({ source }) => source),
      [
        null,
        ...Array(2).fill('https://conda.example/lab/linux-64/numpy-1.26.4-py311h64a7726_0.conda'),
      ],
    );
  });
});

describe('packages in unusual places', () => {
  it('are found in a zip on the path, as importlib.metadata finds them', async () => {
    makeBareVenv();
    write('z/one/__init__.py', '');
    write('z/one-1.5.dist-info/METADATA', `Name: One\nVersion: 1.5\n\n${'text '.repeat(5_000)}`);
    write('z/one-1.5.dist-info/INSTALLER', 'pip\n');
    const zip = join(root, 'libs.zip');
    const make = 'import shutil, sys; shutil.make_archive(sys.argv[1][:-4], "zip", sys.argv[2])';
    execFileSync('python3', ['-c', make, zip, join(root, 'z')]);
    const { packages } = await survey({ PYTHONPATH: zip });
    const print =
      'import importlib.metadata as m; print(*((d.name, d.version) for d in m.distributions()))';
    const seen = execFileSync(join(root, 'venv/bin/python'), ['-c', print], {
      env: { PYTHONPATH: zip },
      encoding: 'utf8',
    });
    assert.equal(seen.trim(), "('One', '1.5')");
    assert.deepEqual(
      packages?.map(({ name, version }) => [name, version]),
      [['one', '1.5']],
    );
    write('not.zip', 'PK, but no more');
    assert.deepEqual((await survey({ PYTHONPATH: join(root, 'not.zip') })).packages, []);
  });

  it('are those of the system too, where an environment shares them', async () => {
    const site = makeBareVenv();
    write(
      'venv/pyvenv.cfg',
      `home = ${dirname(python.executable)}\ninclude-system-site-packages = true\n`,
    );
    write(`${site}/mine-1.dist-info/METADATA`, 'Name: mine\nVersion: 1\n');
    const print =
      'import importlib.metadata as m; print(*sorted({d.name.lower().replace("_", "-").replace(".", "-") for d in m.distributions()}))';
    const expected = execFileSync(join(root, 'venv/bin/python'), ['-c', print], {
      env: { HOME: root },
      cwd: root,
      encoding: 'utf8',
    });
    const names = (await survey()).packages?.map(({ name }) => name);
    assert.deepEqual(names, expected.trim().split(' '));
    assert.ok(names?.includes('mine'));
  });

  it('are told by their folder’s name where their file cannot be read, and not by leftovers of pip', async () => {
    const site = 'site';
    chmodSync(write(`${site}/locked-4.2.dist-info/METADATA`, 'Name: locked\nVersion: 4.2\n'), 0);
    write(`${site}/~eftover-1.dist-info/METADATA`, 'Name: leftover\nVersion: 1\n');
    mkdirSync(join(root, site, 'empty-1.dist-info'));
    const found = await asUser(async () => readDistributions(join(root, site)));
    assert.deepEqual(
      found.map(({ name, version }) => [name, version]),
      [['locked', '4.2']],
    );
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  compareWanted,
  indexPackages,
} from '../../agent/capture/environment/locks/compare-locks.ts';
import { markerValues } from '../../agent/capture/environment/locks/markers.ts';
import { readLock } from '../../agent/capture/environment/locks/read-lock.ts';
import type { LockContext, Wanted } from '../../agent/capture/environment/locks/wanted.ts';

function contextOf(version: string, platform = 'linux', files = {}): LockContext {
  return {
    markers: markerValues({
      version,
      implementation: 'cpython',
      platform,
      machine: 'x86_64',
      release: '6.1',
    }),
    subdir: platform === 'linux' ? 'linux-64' : 'win-64',
    pixiEnvironment: 'default',
    readBeside: (path) => new Map<string, string>(Object.entries(files)).get(path) ?? null,
  };
}

function read(fileName: string, text: string, context = contextOf('3.11.7')): Wanted[] {
  const wanted = readLock(fileName, text, context);
  assert.ok(wanted, `${fileName} is not read`);
  return wanted;
}

/** `name version`, with `?` behind what may be missing, sorted. */
function describeWanted(wanted: Wanted[]): string[] {
  return wanted
    .map(({ name, choices, required }) => {
      const versions = choices.map(({ version, specifier }) => version ?? specifier ?? '');
      return `${name} ${versions.join('|')}${required ? '' : ' ?'}`;
    })
    .sort();
}

describe('lock files that their own tools wrote, of one project', () => {
  // attrs, click, colorama on Windows, exceptiongroup before 3.11; an extra `plot` with pyparsing,
  // a group `dev` with iniconfig. click 8.1 is the last for Python 3.9.
  const text = (name: string): string =>
    readFileSync(join(import.meta.dirname, 'fixtures/locks', name), 'utf8');
  const onWindows = contextOf('3.9.18', 'win32');

  it('uv.lock: what the project needs here, what an extra or group may add, no other platform', () => {
    assert.deepEqual(describeWanted(read('uv.lock', text('uv.lock'))), [
      'attrs 26.1.0',
      'click 8.5.1',
      'iniconfig 2.3.1 ?',
      'pyparsing 3.3.3 ?',
    ]);
    assert.deepEqual(describeWanted(read('uv.lock', text('uv.lock'), onWindows)), [
      'attrs 26.1.0',
      'click 8.1.8',
      'colorama 0.4.6',
      'exceptiongroup 1.3.2',
      'iniconfig 2.1.0 ?',
      'pyparsing 3.3.3 ?',
      'typing-extensions 4.16.0',
    ]);
  });

  it('requirements.txt with hashes, exported by uv', () => {
    assert.deepEqual(describeWanted(read('requirements.txt', text('requirements.txt'))), [
      'attrs 26.1.0',
      'click 8.5.1',
    ]);
    assert.deepEqual(
      describeWanted(read('requirements.txt', text('requirements.txt'), onWindows)),
      [
        'attrs 26.1.0',
        'click 8.1.8',
        'colorama 0.4.6',
        'exceptiongroup 1.3.2',
        'typing-extensions 4.16.0',
      ],
    );
  });

  it('pylock.toml (PEP 751)', () => {
    const names = (context?: LockContext) =>
      describeWanted(read('pylock.toml', text('pylock.toml'), context));
    assert.deepEqual(names().slice(0, 2), ['attrs 26.1.0', 'click 8.5.1']);
    assert.ok(!names().some((line) => /colorama|exceptiongroup/.test(line)));
    assert.ok(names(onWindows).includes('colorama 0.4.6'));
  });

  it('poetry.lock', () => {
    const here = describeWanted(read('poetry.lock', text('poetry.lock')));
    assert.ok(here.includes('attrs 26.1.0') && here.includes('pyparsing 3.3.3 ?'), here.join());
    assert.ok(!here.some((line) => /colorama|exceptiongroup/.test(line)), here.join());
    const there = describeWanted(read('poetry.lock', text('poetry.lock'), onWindows));
    assert.ok(there.includes('exceptiongroup 1.3.2') && there.includes('colorama 0.4.6'));
  });

  it('pdm.lock', () => {
    const here = describeWanted(read('pdm.lock', text('pdm.lock')));
    assert.ok(here.includes('attrs 26.1.0') && here.includes('pyparsing 3.3.3 ?'), here.join());
    assert.ok(!here.some((line) => /colorama|exceptiongroup/.test(line)), here.join());
    const there = describeWanted(read('pdm.lock', text('pdm.lock'), onWindows));
    assert.ok(there.some((line) => line.startsWith('exceptiongroup ')));
  });

  it('Pipfile.lock', () => {
    const here = describeWanted(read('Pipfile.lock', text('Pipfile.lock')));
    assert.deepEqual(
      here.map((line) => line.replace(/ \d\S*/, '')),
      ['attrs', 'click', 'iniconfig ?'],
    );
  });
});

describe('requirements files', () => {
  it('include others, and limits that only count for what is installed', () => {
    const files = {
      'requirements/base.txt': 'one==1 # why\n-r ../deep.txt\n',
      'deep.txt': 'two==2\n-r requirements.txt\n',
      'limits.txt': 'three<3\n',
    };
    const wanted = read(
      'requirements.txt',
      '--index-url https://x.example\n-r requirements/base.txt\n-c limits.txt\nfour\n-e .\n',
      contextOf('3.11.7', 'linux', files),
    );
    assert.deepEqual(describeWanted(wanted), ['four ', 'one 1', 'three <3 ?', 'two 2']);
    assert.deepEqual(
      wanted.find(({ name }) => name === 'two')?.choices.map(({ file, line }) => [file, line]),
      [['deep.txt', 1]],
    );
  });

  it('of development are compared as far as they are installed', () => {
    assert.deepEqual(describeWanted(read('requirements-dev.txt', 'pytest==8\n')), ['pytest 8 ?']);
  });

  it('name a commit, which the installed one must have', () => {
    const commit = 'a'.repeat(40);
    const wanted = read('requirements.txt', `x @ git+https://h.example/x.git@${commit}\n`);
    const found = (source: string | null) =>
      compareWanted(
        'requirements.txt',
        wanted,
        indexPackages([{ ecosystem: 'pypi', name: 'x', version: '1', source, imported: null }]),
      );
    assert.deepEqual(found(`git+https://h.example/x.git@${commit}`), []);
    const other = `git+https://h.example/x.git@${'b'.repeat(40)}`;
    assert.deepEqual(found(other), [
      {
        lock: 'requirements.txt',
        line: 1,
        name: 'x',
        expected: `commit ${commit}`,
        found: `1 (${other})`,
      },
    ]);
  });
});

describe('what conda and pixi lock', () => {
  const conda = (name: string, version: string) => ({
    ecosystem: 'conda',
    name,
    version,
    source: null,
    imported: null,
  });
  const pypi = (name: string, version: string) => ({ ...conda(name, version), ecosystem: 'pypi' });

  it('environment.yml: versions of conda, and a list for pip', () => {
    const text = `name: x
channels: [conda-forge]
dependencies:
  - python=3.11
  - conda-forge::numpy=1.26.4=py311_0
  - scipy>=1.10,<2   # why
  - "pandas==2.1.0"
  - zlib
  - pip:
    - attrs==23.1
    - torch>=2
  - blas
variables:
  - nothing=1
`;
    const wanted = read('environment.yml', text);
    assert.deepEqual(describeWanted(wanted), [
      'attrs 23.1',
      'blas ',
      'numpy 1.26.4',
      'pandas 2.1.0',
      'python ==3.11.*',
      'scipy >=1.10,<2',
      'torch >=2',
      'zlib ',
    ]);
    const packages = [
      conda('python', '3.11.9'),
      conda('numpy', '1.26.3'),
      conda('scipy', '2.0'),
      conda('pandas', '2.1.0'),
      conda('zlib', '1.3'),
      conda('blas', '1'),
      pypi('attrs', '23.1.0'),
      pypi('torch', '1.13'),
    ];
    assert.deepEqual(
      compareWanted('environment.yml', wanted, indexPackages(packages))?.map(
        ({ name, line, expected, found }) => [name, line, expected, found],
      ),
      [
        ['numpy', 5, '1.26.4', '1.26.3'],
        ['scipy', 6, '>=1.10,<2', '2.0'],
        ['torch', 11, '>=2', '1.13'],
      ],
    );
  });

  it('is not compared with an environment that conda did not make', () => {
    const text = 'dependencies:\n  - numpy=1.26\n  - pip:\n    - torch==2\n';
    const wanted = read('environment.yml', text);
    assert.equal(compareWanted('x', wanted, indexPackages([pypi('numpy', '2.0')])), null);
  });

  it('conda-lock.yml: this platform, without what is optional', () => {
    const item = (name: string, platform: string, more = '') =>
      `- name: ${name}\n  version: 1.2.3\n  manager: conda\n  platform: ${platform}\n  dependencies:\n    version: '>=9'\n  url: https://x\n  category: main\n  optional: ${more || 'false'}\n`;
    const text = `version: 1\npackage:\n${item('numpy', 'linux-64')}${item('numpy', 'osx-64')}${item('pytest', 'linux-64', 'true')}`;
    assert.deepEqual(describeWanted(read('conda-lock.yml', text)), [
      'numpy 1.2.3',
      'pytest 1.2.3 ?',
    ]);
  });

  it('an explicit list and pixi.lock name packages by their files', () => {
    const url = 'https://conda.anaconda.org/conda-forge/linux-64';
    const explicit = `@EXPLICIT\n${url}/ld_impl_linux-64-2.40-h41732ed_0.conda#abc\n`;
    assert.deepEqual(describeWanted(read('conda-linux-64.lock', explicit)), [
      'ld-impl-linux-64 2.40',
    ]);
    const pixi = `version: 6
environments:
  default:
    channels:
    - url: https://conda.anaconda.org/conda-forge/
    packages:
      linux-64:
      - conda: ${url}/python-3.11.9-hb806964_0_cpython.conda
      - pypi: https://files.example/attrs-23.1.0-py3-none-any.whl
      osx-64:
      - conda: ${url}/other-1-0.conda
  test:
    packages:
      linux-64:
      - conda: ${url}/pytest-8.0-0.conda
packages:
- conda: ${url}/python-3.11.9-hb806964_0_cpython.conda
  sha256: x
`;
    assert.deepEqual(describeWanted(read('pixi.lock', pixi)), ['attrs 23.1.0', 'python 3.11.9']);
  });
});

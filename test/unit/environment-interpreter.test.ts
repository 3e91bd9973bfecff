import assert from 'node:assert/strict';
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
import {
  type Interpreter,
  resolveInterpreter,
} from '../../agent/capture/environment/resolve-interpreter.ts';

let folder: string;

function program(path: string, text = '\x7fELF'): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  chmodSync(full, 0o755);
  return full;
}

function resolve(argv: string[], env: Record<string, string> = {}): Interpreter | null {
  const all = { PATH: `${folder}/bin`, HOME: folder, ...env };
  return resolveInterpreter({ argv, cwd: folder, env: all });
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'interpreter-')));
  program('bin/python3.11');
  symlinkSync('python3.11', join(folder, 'bin/python3'));
  symlinkSync('python3', join(folder, 'bin/python'));
  for (const name of [
    'env',
    'bash',
    'Rscript',
    'uv',
    'poetry',
    'conda',
    'nice',
    'timeout',
    'tool',
  ]) {
    program(`bin/${name}`);
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the interpreter of a command', () => {
  it('is found past entries of PATH that are files, or lead nowhere', () => {
    program('file');
    const found = resolve(['python', 'a.py'], {
      PATH: `${folder}/file:${folder}/none:${folder}/bin`,
      VIRTUAL_ENV: `${folder}/file`,
    });
    assert.equal(found?.path, join(folder, 'bin/python'));
    assert.equal(resolve(['uv', 'run', 'a.py'], { VIRTUAL_ENV: `${folder}/file` })?.venv, null);
  });

  it('is found on PATH, with the script and the program’s own arguments', () => {
    const found = resolve(['python', '-u', '-W', 'error', 'train.py', '--lr', '1']);
    assert.equal(found?.kind, 'python');
    assert.equal(found.path, join(folder, 'bin/python'));
    assert.equal(found.realPath, join(folder, 'bin/python3.11'));
    assert.equal(found.version, '3.11');
    assert.equal(found.script, join(folder, 'train.py'));
    assert.deepEqual(found.arguments, ['--lr', '1']);
  });

  it('keeps modules and code apart from scripts', () => {
    const module = resolve(['python', '-Im', 'pkg.train', 'a']);
    assert.equal(module?.module, 'pkg.train');
    assert.deepEqual(module.arguments, ['a']);
    assert.deepEqual(module.isolation, ['-I']);
    const code = resolve(['python', '-c', 'print(1)', 'a']);
    assert.equal(code?.script, null);
    assert.deepEqual(code.arguments, ['a']);
  });

  it('is that of the virtual environment it lies in', () => {
    mkdirSync(join(folder, 'venv/bin'), { recursive: true });
    symlinkSync(join(folder, 'bin/python3.11'), join(folder, 'venv/bin/python'));
    writeFileSync(join(folder, 'venv/pyvenv.cfg'), 'home = x\nversion = 3.11.9\n');
    const found = resolve(['venv/bin/python', 'a.py']);
    assert.equal(found?.venv, join(folder, 'venv'));
    assert.equal(found.version, '3.11.9');
  });

  it('is found behind env, nice, timeout and their options', () => {
    for (const before of [
      ['env', 'A=1', '-u', 'B'],
      ['nice', '-n', '5'],
      ['timeout', '-k', '1', '10'],
      ['env', '-S', 'A=1 nice'],
    ]) {
      const found = resolve([...before, 'python', 'a.py', 'x']);
      assert.equal(found?.kind, 'python', before.join(' '));
      assert.deepEqual(found.arguments, ['x']);
    }
    assert.equal(resolve(['env', 'A=1', 'python'])?.env.A, '1');
  });

  it('is told by the shebang of a script or console script', () => {
    program('train.py', `#!${folder}/bin/env python3\n`);
    program('bin/torchrun', `#!${folder}/bin/python3.11\nimport sys\n`);
    program('bin/long', `#!/bin/sh\n'''exec' "${folder}/bin/python3.11" "$0" "$@"\n' '''\n`);
    writeFileSync(join(folder, 'job.py'), '');
    const script = resolve(['./train.py', 'x']);
    assert.equal(script?.kind, 'python');
    assert.equal(script.script, join(folder, 'train.py'));
    assert.deepEqual(script.arguments, ['x']);
    const runner = resolve(['torchrun', '--nproc', '2', 'job.py', '--lr', '1']);
    assert.equal(runner?.script, join(folder, 'job.py'));
    assert.deepEqual(runner.arguments, ['--lr', '1']);
    assert.equal(resolve(['long'])?.kind, 'python');
  });

  it('is what a shim of pyenv would start, by pyenv’s rules', () => {
    const shim = '#!/usr/bin/env bash\nexport PYENV_ROOT="@"\nexec "@/libexec/pyenv" exec\n';
    program('pyenv/shims/python', shim.replaceAll('@', `${folder}/pyenv`));
    for (const version of ['3.9.1', '3.11.2', '3.11.10']) {
      program(`pyenv/versions/${version}/bin/python`);
    }
    const PATH = `${folder}/pyenv/shims:${folder}/bin`;
    const version = (env: Record<string, string> = {}): string | null | undefined =>
      resolve(['python', 'a.py'], { PATH, ...env })?.version;
    const system = resolve(['python'], { PATH });
    assert.equal(system?.path, join(folder, 'bin/python'));
    writeFileSync(join(folder, 'pyenv/version'), '3.9.1\n');
    assert.equal(version(), '3.9.1');
    writeFileSync(join(folder, '.python-version'), '3.11\n');
    assert.equal(version(), '3.11.10');
    assert.equal(version({ PYENV_VERSION: '3.11.2' }), '3.11.2');
  });

  it('is that of the project for uv, poetry and conda', () => {
    writeFileSync(join(folder, 'pyproject.toml'), '');
    const own = program('.venv/bin/python');
    assert.equal(resolve(['uv', 'run', 'train.py'])?.path, own);
    assert.equal(resolve(['uv', 'run', '--with', 'x', 'python', '-m', 'm'])?.path, own);
    assert.equal(resolve(['poetry', 'run', 'python', 'a.py'])?.path, own);
    const conda = program('conda/envs/ml/bin/python');
    const env = { CONDA_EXE: join(folder, 'conda/bin/conda') };
    assert.equal(resolve(['conda', 'run', '-n', 'ml', 'python', 'a.py'], env)?.path, conda);
  });

  it('is named for other languages, and there is none for a program of its own', () => {
    assert.equal(resolve(['Rscript', 'a.R', '1'])?.name, 'Rscript');
    assert.equal(resolve(['bash', '-c', 'python a.py'])?.kind, 'other');
    assert.equal(resolve(['tool'])?.kind, 'native');
    assert.equal(resolve(['nothing-of-that-name']), null);
  });
});

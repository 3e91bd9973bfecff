import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
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
import { captureEnvironment } from '../../agent/capture/environment/capture-environment.ts';
import {
  type Interpreter,
  resolveInterpreter,
} from '../../agent/capture/environment/resolve-interpreter.ts';

let root: string;
let project: string;

function write(path: string, text = ''): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

function program(path: string, text = '\x7fELF'): void {
  chmodSync(write(path, text), 0o755);
}

function venv(path: string): string {
  program(`${path}/bin/python`);
  write(`${path}/pyvenv.cfg`, 'version = 3.12.1\n');
  return join(root, path);
}

function resolve(command: string, env: Record<string, string> = {}): Interpreter | null {
  const all = { PATH: join(root, 'bin'), HOME: join(root, 'home'), ...env };
  return resolveInterpreter({ argv: command.split(' '), cwd: project, env: all });
}

const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 8);

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'runners-')));
  project = join(root, 'project');
  for (const name of ['uv', 'uvx', 'poetry', 'pdm', 'pipenv', 'conda', 'pixi', 'python']) {
    program(`bin/${name}`);
  }
  write('project/pyproject.toml', '[project]\nname = "My Proj"\n');
  write('project/train.py');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the interpreter behind uv run', () => {
  it('is that of the project’s environment, for a script, a module, a command', () => {
    const environment = venv('project/.venv');
    for (const [command, script, module] of [
      ['uv run train.py a', 'train.py', null],
      ['uv run python train.py a', 'train.py', null],
      ['uv run -m pkg.train a', null, 'pkg.train'],
      ['uv -q run --extra plot --with-requirements x.txt -- python train.py a', 'train.py', null],
    ] as const) {
      const found = resolve(command);
      assert.equal(found?.venv, environment, command);
      assert.equal(found.script, script && join(project, script), command);
      assert.equal(found.module, module, command);
      assert.deepEqual(found.arguments, ['a'], command);
      assert.equal(found.syncs, true);
    }
    assert.equal(resolve('uv run --no-sync train.py')?.syncs, false);
  });

  it('may be in another folder, or in one that is named', () => {
    const other = venv('other/.venv');
    write('other/pyproject.toml');
    write('other/go.py');
    assert.equal(resolve('uv run --directory ../other go.py')?.script, join(root, 'other/go.py'));
    assert.equal(resolve('uv run --project ../other train.py')?.venv, other);
    const elsewhere = venv('elsewhere');
    const named = resolve('uv run train.py', { UV_PROJECT_ENVIRONMENT: elsewhere });
    assert.equal(named?.venv, elsewhere);
  });

  it('is not known before the start, where uv makes the environment', () => {
    assert.match(resolve('uv run train.py')?.unsure?.reason ?? '', /uv run makes .*\.venv/);
    venv('project/.venv');
    write('project/inline.py', '# /// script\n# dependencies = ["rich"]\n# ///\n');
    for (const command of ['uv run inline.py', 'uv run --isolated train.py']) {
      assert.equal(resolve(command)?.unsure?.isOther, true, command);
    }
    const more = resolve('uv run --with rich train.py');
    assert.deepEqual([more?.unsure?.isOther, more?.venv], [false, join(project, '.venv')]);
    assert.equal(resolve('uv run train.py')?.unsure, null);
  });
});

describe('the interpreter behind other tools', () => {
  it('poetry: in the project, or where poetry keeps environments', () => {
    const name = `my proj-${shortHash(project)}-py3.12`.replace(' ', '_');
    const kept = venv(`home/.cache/pypoetry/virtualenvs/${name}`);
    assert.equal(resolve('poetry run python train.py')?.venv, kept);
    const own = venv('project/.venv');
    assert.equal(resolve('poetry run python train.py')?.venv, own);
    const other = venv('other/.venv');
    write('other/pyproject.toml', '[project]\nname = "o"\n');
    assert.equal(resolve('poetry -C ../other run python train.py')?.venv, other);
  });

  it('pipenv: by the path of its Pipfile', () => {
    write('project/Pipfile');
    const name = `project-${shortHash(join(project, 'Pipfile'))}`;
    const kept = venv(`home/.local/share/virtualenvs/${name}`);
    assert.equal(resolve('pipenv run python train.py')?.venv, kept);
    const active = venv('active');
    assert.equal(resolve('pipenv run python train.py', { VIRTUAL_ENV: active })?.venv, active);
  });

  it('pdm takes a script as it is; pixi and conda have environments by name', () => {
    const own = venv('project/.venv');
    assert.equal(resolve('pdm run train.py a')?.venv, own);
    const pixi = venv('project/.pixi/envs/gpu');
    assert.equal(resolve('pixi run -e gpu python train.py')?.venv, pixi);
    const conda = venv('miniforge/envs/lab');
    const env = { CONDA_EXE: join(root, 'miniforge/bin/conda') };
    assert.equal(resolve('conda run -n lab python train.py', env)?.venv, conda);
    assert.equal(resolve('conda run --name=lab python train.py', env)?.venv, conda);
  });

  it('pipx: a command is a link into an environment of its own', () => {
    const kept = venv('home/.local/pipx/venvs/lab-tool');
    program('home/.local/pipx/venvs/lab-tool/bin/lab', `#!${kept}/bin/python\n`);
    symlinkSync(join(kept, 'bin/lab'), join(root, 'bin/lab'));
    assert.equal(resolve('lab train')?.venv, kept);
  });

  it('launchers as modules run the script among their words', () => {
    const found = resolve('python -m torch.distributed.run --nproc_per_node 2 train.py a b');
    assert.equal(found?.script, join(project, 'train.py'));
    assert.deepEqual(found.arguments, ['a', 'b']);
    assert.equal(resolve('python -m other train.py')?.script, null);
  });
});

describe('an environment that is made at the start', () => {
  async function capture(command: string) {
    return captureEnvironment({
      workspaceRoot: project,
      cwd: project,
      argv: command.split(' '),
      env: { PATH: join(root, 'bin'), HOME: root },
      cacheFolder: join(root, 'cache'),
      keepObject: () => `sha256:${'0'.repeat(64)}`,
      redact: (_, value) => value,
      nowMs: Date.now(),
    });
  }

  it('is not taken for the one that was found: no packages, no interpreter, and it says so', async () => {
    const { value, status, detail, executable } = await capture('uv run train.py');
    assert.equal(status, 'partial');
    assert.match(detail ?? '', /packages: uv run makes/);
    assert.equal(value.packages, null);
    assert.equal(value.interpreter, null);
    assert.equal(executable.path, join(root, 'bin/uv'));
  });

  it('that uv will bring to its lock file is no drift, but is not what was listed', async () => {
    venv('project/.venv');
    const facts = {
      version: '3.12.1',
      path: [join(project, '.venv/lib/python3.12/site-packages')],
      prefix: join(project, '.venv'),
    };
    program(
      'project/.venv/bin/python',
      `#!/bin/sh\necho 'runrecord-facts:${JSON.stringify(facts)}'\n`,
    );
    const site = 'project/.venv/lib/python3.12/site-packages';
    write(`${site}/attrs-25.1.dist-info/METADATA`, 'Name: attrs\nVersion: 25.1\n');
    write(
      'project/uv.lock',
      'version = 1\n\n[[package]]\nname = "attrs"\nversion = "26.1"\nsource = { registry = "x" }\n',
    );
    const synced = await capture('uv run train.py');
    assert.deepEqual(synced.lockDifferences, []);
    assert.match(synced.detail ?? '', /attrs 26\.1 \(was 25\.1\)/);
    const plain = await capture('uv run --no-sync train.py');
    assert.equal(plain.lockDifferences.length, 1);
    assert.doesNotMatch(plain.detail ?? '', /attrs/);
  });
});

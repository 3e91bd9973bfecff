import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { Workspace } from '../support/workspace.ts';
import { bringUv, uvVariables } from './bring-uv.ts';

const project = `[project]
name = "proj"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["attrs>=25", "click", "exceptiongroup; python_version < '3.5'"]

[dependency-groups]
dev = ["iniconfig"]
`;

describe('environments that real tools made', function () {
  this.timeout(180_000);
  let uv: string | null;
  let workspace: Workspace;
  const env = () => ({
    ...process.env,
    ...uvVariables,
    PATH: [...(uv === null ? [] : [dirname(uv)]), process.env.PATH].join(delimiter),
  });

  function run(command: string, ...words: string[]): string {
    const options = { cwd: workspace.root, env: env(), encoding: 'utf8' } as const;
    return execFileSync(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  before(() => {
    uv = bringUv();
  });
  beforeEach(function () {
    if (uv === null) this.skip();
    workspace = new Workspace({
      'pyproject.toml': project,
      '.gitignore': '.venv\n',
      'x.py': 'import attr\n',
    });
  });
  afterEach(() => workspace?.dispose());

  it('uv: what it installs when the program starts is in the record, and agrees with uv.lock', async () => {
    run('uv', 'lock', '--quiet');
    // No environment yet: uv makes it between the launch and the program's first line.
    const { record, stderr } = await workspace.record(['--', 'uv', 'run', '-q', 'x.py'], {
      env: env(),
    });
    const { packages, locks, manager, interpreter } = record.environment ?? {};
    assert.equal(manager, 'uv', stderr);
    assert.equal(interpreter?.path, join(workspace.root, '.venv/bin/python'));
    assert.deepEqual(
      locks?.map(({ path, agrees }) => [path, agrees]),
      [['uv.lock', true]],
    );
    const list = JSON.parse(run('uv', 'pip', 'list', '--format', 'json')) as {
      name: string;
      version: string;
    }[];
    assert.deepEqual(
      packages?.map(({ name, version }) => ({ name, version })),
      list.map(({ name, version }) => ({ name, version })),
    );
    assert.equal(packages?.find(({ name }) => name === 'attrs')?.imported, true);
  });

  it('uv: a package that was changed by hand is drift, a group that is left out is not', async () => {
    run('uv', 'sync', '--quiet', '--no-dev');
    const words = ['--', '.venv/bin/python', 'x.py'];
    const clean = await workspace.record(words, { env: env() });
    assert.doesNotMatch(clean.stderr, /environment-drift/);
    run('uv', 'pip', 'install', '--quiet', 'attrs==24.2.0');
    const { stderr, record } = await workspace.record(words, { env: env() });
    assert.match(
      stderr,
      /attrs is 24\.2\.0, and the lock file says \d+\.\d+\.\d+.*environment-drift/,
    );
    assert.equal(record.environment?.locks[0]?.agrees, false);
  });

  it('pip: an environment of venv and its frozen requirements agree, and name where a package is from', async () => {
    run('python3', '-m', 'venv', '.venv');
    const pip = [
      '.venv/bin/python',
      '-m',
      'pip',
      '--quiet',
      '--disable-pip-version-check',
    ] as const;
    run(pip[0], ...pip.slice(1), 'install', 'attrs==25.3.0');
    workspace.write('lib/pyproject.toml', '[project]\nname = "lib"\nversion = "1.2"\n');
    workspace.write('lib/lib.py', '');
    run('uv', 'pip', 'install', '--quiet', '--python', '.venv/bin/python', '--editable', './lib');
    workspace.write('requirements.txt', 'attrs==25.3.0\n-e ./lib\n');
    const { record } = await workspace.record(['--', '.venv/bin/python', 'x.py'], { env: env() });
    const { packages, locks, manager } = record.environment ?? {};
    assert.deepEqual(
      locks?.map(({ path, agrees }) => [path, agrees]),
      [['requirements.txt', true]],
    );
    assert.equal(manager, 'pip');
    const sources = new Map(packages?.map(({ name, source }) => [name, source]));
    assert.equal(sources.get('attrs'), null);
    assert.equal(sources.get('lib'), `-e file://${workspace.root}/lib`);
  });

  it('DVC: what it tracks has its version and agrees, and what was not pulled is a pointer', async function () {
    const dvc = ['tool', 'run', '--quiet', '--from', 'dvc==3.67.1', 'dvc'];
    try {
      run('uv', ...dvc, '--version');
    } catch {
      this.skip();
    }
    for (const name of ['a', 'sub/b é', 'sub-c', 'new\nline'])
      workspace.write(`data/${name}`, name);
    workspace.write('one.csv', 'a,b\n');
    run('uv', ...dvc, 'init', '--quiet');
    run('uv', ...dvc, 'add', '--quiet', 'data', 'one.csv');
    run('rm', 'one.csv');
    const words = ['--data', 'data', '--data', 'one.csv', '--', 'true'];
    const { record, stderr } = await workspace.record(words);
    const [data, one] = record.data;
    assert.deepEqual(
      [data?.mode, data?.pointer?.agrees, data?.pointer?.cached],
      ['tree', true, true],
    );
    assert.match(data?.version ?? '', /^dvc:md5:[0-9a-f]{32}\.dir$/);
    assert.deepEqual([one?.mode, one?.pointer?.cached], ['pointer', true]);
    assert.match(stderr, /one\.csv is declared, and only a pointer to it is there, one\.csv\.dvc/);
  });
});

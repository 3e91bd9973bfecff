import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkSnapshot } from '../../agent/capture/code/check-snapshot.ts';
import { type ImportPath, repositoriesOnPath } from '../../agent/capture/code/import-path.ts';
import { surveyPython } from '../../agent/capture/environment/python-packages.ts';
import { resolveInterpreter } from '../../agent/capture/environment/resolve-interpreter.ts';
import { createFixture, type Fixture, observe, readFiles } from './code-fixture.ts';

describe('repositories on the import path', function () {
  this.timeout(120_000);

  let fixture: Fixture;
  beforeEach(() => {
    fixture = createFixture();
    fixture.write('train.py', 'import mylib\n');
    fixture.commit();
  });
  afterEach(() => fixture.close());

  function makeRepository(folder: string, files: Record<string, string>): void {
    mkdirSync(folder, { recursive: true });
    fixture.gitIn(folder, 'init', '--quiet', '--initial-branch=main');
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    fixture.gitIn(folder, 'add', '.');
    fixture.gitIn(folder, 'commit', '--quiet', '-m', 'first');
  }

  const pathOf = (folders: string[], more: Partial<ImportPath> = {}) => ({
    importPath: Promise.resolve({ folders, sources: [], prefixes: [], home: undefined, ...more }),
  });

  it('an editable install in another repository has commit, changes and a snapshot of its own', async () => {
    const { root, repo, capture, restore, gitIn } = fixture;
    const lib = join(root, 'mylib');
    makeRepository(lib, { 'src/mylib/__init__.py': 'x = 1\n', 'setup.cfg': '[metadata]\n' });
    // Built by pip: on the path is the source folder or a finder's module, the source says where.
    const how = pathOf([], { sources: [null, `-e ${pathToFileURL(lib)}`] });
    const clean = await capture(how);
    assert.equal(clean.status, 'captured', clean.detail ?? '');
    assert.equal(clean.value.repositories[0]?.clean, true);
    writeFileSync(join(lib, 'src/mylib/__init__.py'), 'x = 2\n');
    writeFileSync(join(lib, 'src/mylib/new.py'), 'new\n');
    const before = [observe(fixture), observe(fixture, join(lib, '.git'))];
    const run = await capture(how);
    assert.deepEqual([observe(fixture), observe(fixture, join(lib, '.git'))], before);
    assert.equal(run.status, 'captured', run.detail ?? '');
    const [other] = run.value.repositories;
    assert.equal(other?.path, lib);
    assert.equal(other?.commit, gitIn(lib, 'rev-parse', 'HEAD').trim());
    assert.equal(other?.clean, false);
    const changed = ((other?.changes ?? []) as { path: string }[]).map(({ path }) => path);
    assert.deepEqual(changed, ['src/mylib/__init__.py', 'src/mylib/new.py']);
    assert.deepEqual(restore(run.runId, lib), readFiles(lib));
    assert.equal(run.value.clean, true);
    gitIn(lib, 'gc', '--quiet', '--prune=now');
    assert.deepEqual(await checkSnapshot(run.value, repo), []);
  });

  it('a folder of PYTHONPATH counts by the repository around it, once', async () => {
    const { root, repo, capture } = fixture;
    const tools = join(root, 'tools');
    makeRepository(tools, { 'a/x.py': '', 'b/y.py': '' });
    const run = await capture(
      pathOf([join(tools, 'a'), join(tools, 'b'), repo, join(repo, 'src')]),
    );
    assert.deepEqual(
      run.value.repositories.map(({ path }) => path),
      [tools],
    );
  });

  it('a clone below the workspace that git ignores is captured where it is on the path', async () => {
    const { repo, write, commit, capture, restore } = fixture;
    write('.gitignore', 'src/\n');
    commit();
    makeRepository(join(repo, 'src/pkg'), { 'pkg.py': 'pkg\n' });
    writeFileSync(join(repo, 'src/pkg/pkg.py'), 'edited\n');
    const run = await capture(pathOf([join(repo, 'src/pkg')]));
    assert.equal(run.value.repositories[0]?.path, 'src/pkg');
    assert.equal(run.value.repositories[0]?.clean, false);
    assert.deepEqual(restore(run.runId, join(repo, 'src/pkg')), readFiles(join(repo, 'src/pkg')));
    assert.deepEqual((await capture()).value.repositories, []);
  });

  it('a submodule on the path stands among the submodules alone', async () => {
    const { root, repo, gitIn, capture } = fixture;
    makeRepository(join(root, 'lib'), { 'lib.py': 'lib\n' });
    const local = ['-c', 'protocol.file.allow=always'];
    gitIn(repo, ...local, 'submodule', '--quiet', 'add', join(root, 'lib'), 'vendor/lib');
    const run = await capture(pathOf([join(repo, 'vendor/lib')]));
    assert.equal(run.value.submodules.length, 1);
    assert.deepEqual(run.value.repositories, []);
  });

  it('worktrees of one repository keep their snapshots apart', async () => {
    const { root, repo, git, write, capture, restore } = fixture;
    git('worktree', 'add', '--quiet', '-b', 'other', join(root, 'beside'));
    git('worktree', 'add', '--quiet', '-b', 'third', join(repo, 'inside'));
    writeFileSync(join(root, 'beside', 'train.py'), 'beside\n');
    writeFileSync(join(repo, 'inside', 'train.py'), 'inside\n');
    write('train.py', 'main\n');
    const run = await capture(pathOf([join(root, 'beside')]));
    assert.equal(run.status, 'captured', run.detail ?? '');
    const all = [run.value, ...run.value.repositories].map(({ snapshot }) => snapshot?.ref ?? '');
    assert.equal(new Set(all).size, 3);
    const contents = all.map((ref) => git('show', `${ref}:train.py`));
    assert.deepEqual(contents, ['main\n', 'inside\n', 'beside\n']);
    assert.equal(restore(run.runId).get('train.py'), 'file main\n');
    assert.deepEqual(await checkSnapshot(run.value, repo), []);
  });

  it('one that cannot be written is told by commit and changes, and the code is partial', async () => {
    const { root, capture, gitIn } = fixture;
    if (process.getuid?.() === 0) execFileSync('chmod', ['a+rx', root]);
    const lib = join(root, 'lib');
    makeRepository(lib, { 'lib.py': 'lib\n' });
    writeFileSync(join(lib, 'lib.py'), 'edited\n');
    const objects = join(lib, '.git', 'objects');
    const folders = [objects, ...readdirSync(objects).map((name) => join(objects, name))];
    // Root may write anywhere: a file in the place of the folder stops it too.
    const blob = gitIn(lib, 'hash-object', 'lib.py').trim();
    writeFileSync(join(objects, blob.slice(0, 2)), '');
    for (const folder of folders) chmodSync(folder, 0o555);
    const run = await capture(pathOf([lib]));
    for (const folder of folders) chmodSync(folder, 0o755);
    assert.equal(run.status, 'partial');
    assert.match(run.detail ?? '', /lib/);
    const [other] = run.value.repositories;
    assert.equal(other?.commit, gitIn(lib, 'rev-parse', 'HEAD').trim());
    assert.equal(other?.clean, false);
    assert.equal(other?.snapshot, null);
    assert.notEqual(run.value.snapshot, null);
  });

  it('neither the interpreter nor a repository around the home folder is code of the user', () => {
    const { root } = fixture;
    const pyenv = join(root, 'home/.pyenv');
    const version = join(pyenv, 'versions/3.11');
    for (const folder of [
      join(root, 'home/.git'),
      join(pyenv, '.git'),
      join(version, 'lib'),
      join(version, 'src/p/.git'),
    ])
      mkdirSync(folder, { recursive: true });
    mkdirSync(join(root, 'home/scripts'));
    const path = {
      folders: [
        join(version, 'lib'),
        join(root, 'home/scripts'),
        join(version, 'src/p'),
        join(root, 'gone'),
      ],
      sources: [],
      prefixes: [version],
      home: join(root, 'home'),
    };
    assert.deepEqual(repositoriesOnPath(path), [join(version, 'src/p')]);
  });

  it('is captured without a repository around the workspace, too', async () => {
    const { root, capture } = fixture;
    const lib = join(root, 'lib');
    makeRepository(lib, { 'lib.py': 'lib\n' });
    const plain = join(root, 'plain');
    mkdirSync(plain);
    writeFileSync(join(plain, 'run.py'), 'import lib\n');
    const run = await capture({
      workspaceRoot: plain,
      cwd: plain,
      programFiles: ['run.py'],
      ...pathOf([lib]),
    });
    assert.equal(run.status, 'partial');
    assert.equal(run.value.files?.length, 1);
    assert.equal(run.value.repositories[0]?.path, lib);
    assert.deepEqual(await checkSnapshot(run.value, plain), []);
  });

  it('Python itself tells what is on its path: .pth files, finders of editable installs, PYTHONPATH', async () => {
    const { root, repo } = fixture;
    const venv = join(root, 'venv');
    execFileSync('python3', ['-m', 'venv', '--without-pip', venv]);
    const python = join(venv, 'bin/python');
    const site = execFileSync(
      python,
      ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'],
      { encoding: 'utf8' },
    ).trim();
    for (const name of ['by-pth', 'by-finder', 'by-egg-link', 'by-variable']) {
      makeRepository(join(root, name), {
        'src/m.py': '',
        'x.egg-info/PKG-INFO': 'Name: x\nVersion: 1\n',
      });
    }
    writeFileSync(join(site, '__editable__.a-1.pth'), `${join(root, 'by-pth/src')}\n`);
    mkdirSync(join(site, 'b-1.dist-info'));
    writeFileSync(join(site, 'b-1.dist-info/METADATA'), 'Name: b\nVersion: 1\n');
    const direct = {
      url: `${pathToFileURL(join(root, 'by-finder'))}`,
      dir_info: { editable: true },
    };
    writeFileSync(join(site, 'b-1.dist-info/direct_url.json'), JSON.stringify(direct));
    writeFileSync(join(site, 'x.egg-link'), `${join(root, 'by-egg-link')}\n.`);
    const env = { ...process.env, PYTHONPATH: '../by-variable/src' };
    const interpreter = resolveInterpreter({ argv: [python, 'train.py'], cwd: repo, env });
    assert.ok(interpreter);
    const survey = await surveyPython(interpreter, join(root, 'cache'), Date.now());
    const found = repositoriesOnPath({
      folders: survey.facts.path,
      sources: (survey.packages ?? []).map(({ source }) => source),
      prefixes: [survey.facts.prefix, survey.facts.basePrefix],
      home: undefined,
    });
    const names = ['by-egg-link', 'by-finder', 'by-pth', 'by-variable'];
    assert.deepEqual(
      found.sort(),
      names.map((name) => join(root, name)),
    );
  });
});

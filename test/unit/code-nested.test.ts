import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSnapshot } from '../../agent/capture/code/check-snapshot.ts';
import { createFixture, type Fixture, observe, readFiles } from './code-fixture.ts';

/** A repository of one file at `folder`. */
function makeRepository({ gitIn }: Fixture, folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  gitIn(folder, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(folder, name), `${name}\n`);
  gitIn(folder, 'add', '.');
  gitIn(folder, 'commit', '--quiet', '-m', name);
}

function addSubmodule({ gitIn }: Fixture, into: string, source: string, path: string): void {
  const local = ['-c', 'protocol.file.allow=always'];
  gitIn(into, ...local, 'submodule', '--quiet', 'add', source, path);
  gitIn(into, 'commit', '--quiet', '-m', `with ${path}`);
}

describe('submodules, worktrees and clones of every kind', function () {
  this.timeout(120_000);

  let fixture: Fixture;
  beforeEach(() => {
    fixture = createFixture();
  });
  afterEach(() => fixture.close());

  /** main.py, and `vendor/outer` with `deep/inner` in it. */
  function nestedSubmodules(): { outer: string; inner: string } {
    const { root, repo, write, commit, gitIn } = fixture;
    makeRepository(fixture, join(root, 'inner'), 'inner.py');
    makeRepository(fixture, join(root, 'outer'), 'outer.py');
    addSubmodule(fixture, join(root, 'outer'), join(root, 'inner'), 'deep/inner');
    write('main.py', 'main\n');
    commit();
    addSubmodule(fixture, repo, join(root, 'outer'), 'vendor/outer');
    const local = ['-c', 'protocol.file.allow=always'];
    gitIn(repo, ...local, 'submodule', '--quiet', 'update', '--init', '--recursive');
    return { outer: join(repo, 'vendor/outer'), inner: join(repo, 'vendor/outer/deep/inner') };
  }

  it('a submodule of a submodule has changes and a snapshot of its own, and all comes back at once', async () => {
    const { repo, capture, restore } = fixture;
    const { inner } = nestedSubmodules();
    writeFileSync(join(inner, 'inner.py'), 'edited\n');
    writeFileSync(join(inner, 'new.py'), 'new\n');
    const before = observe(fixture);
    const run = await capture();
    assert.deepEqual(observe(fixture), before);
    assert.equal(run.status, 'captured', run.detail ?? '');
    const told = run.value.submodules.map(({ path, clean }) => ({ path, clean }));
    assert.deepEqual(told, [
      { path: 'vendor/outer', clean: false },
      { path: 'vendor/outer/deep/inner', clean: false },
    ]);
    assert.equal(run.value.clean, false);
    assert.deepEqual(restore(run.runId), readFiles(repo));
    assert.deepEqual(await checkSnapshot(run.value, repo), []);
  });

  it('a submodule with an old-style .git folder is captured the same', async () => {
    const { repo, capture, restore, gitIn } = fixture;
    makeRepository(fixture, join(repo, 'old'), 'old.py');
    gitIn(repo, 'add', 'old');
    gitIn(repo, 'commit', '--quiet', '-m', 'a gitlink without .gitmodules');
    const clean = await capture();
    assert.equal(clean.status, 'captured', clean.detail ?? '');
    assert.equal(clean.value.clean, true);
    writeFileSync(join(repo, 'old', 'old.py'), 'edited\n');
    const run = await capture();
    assert.equal(run.value.submodules[0]?.clean, false);
    assert.deepEqual(restore(run.runId), readFiles(repo));
  });

  it('a linked worktree has its own submodule, and its snapshot lies where all its worktrees see it', async () => {
    const { root, repo, capture, restore, gitIn } = fixture;
    nestedSubmodules();
    const linked = join(root, 'linked');
    gitIn(repo, 'worktree', 'add', '--quiet', '-b', 'other', linked);
    const local = ['-c', 'protocol.file.allow=always'];
    gitIn(linked, ...local, 'submodule', '--quiet', 'update', '--init', '--recursive');
    writeFileSync(join(linked, 'vendor/outer/outer.py'), 'edited in the worktree\n');
    writeFileSync(join(linked, 'main.py'), 'edited in the worktree\n');
    const before = observe(fixture);
    const run = await capture({ workspaceRoot: linked, cwd: linked });
    assert.deepEqual(observe(fixture), before);
    assert.equal(run.status, 'captured', run.detail ?? '');
    assert.equal(run.value.branch, 'other');
    assert.equal(run.value.submodules[0]?.clean, false);
    assert.deepEqual(restore(run.runId, linked), readFiles(linked));
    gitIn(linked, 'gc', '--quiet', '--prune=now');
    gitIn(repo, 'gc', '--quiet', '--prune=now');
    gitIn(join(linked, 'vendor/outer'), 'gc', '--quiet', '--prune=now');
    assert.deepEqual(await checkSnapshot(run.value, linked), []);
  });

  it('a submodule whose repository is gone is told, and the rest is there', async () => {
    const { repo, capture } = fixture;
    nestedSubmodules();
    rmSync(join(repo, '.git/modules'), { recursive: true });
    const run = await capture();
    assert.equal(run.status, 'partial');
    assert.match(run.detail ?? '', /vendor\/outer/);
    assert.notEqual(run.value.snapshot, null);
  });

  it('what is too large in a submodule or nested repository is listed with its digest', async () => {
    const { repo, capture } = fixture;
    const { inner } = nestedSubmodules();
    writeFileSync(join(inner, 'big.bin'), Buffer.alloc(5000, 7));
    makeRepository(fixture, join(repo, 'nested'), 'n.py');
    writeFileSync(join(repo, 'nested', 'large.bin'), Buffer.alloc(6000, 8));
    writeFileSync(join(repo, 'nested', '.env'), 'TOKEN=abcdefghij12345\n');
    const run = await capture({ snapshotFileLimit: 4000 });
    const told = run.value.leftOut.map(({ path, reason, sizeBytes }) => [path, reason, sizeBytes]);
    assert.deepEqual(told.sort(), [
      ['nested/.env', 'secret', 22],
      ['nested/large.bin', 'size-limit', 6000],
      ['vendor/outer/deep/inner/big.bin', 'size-limit', 5000],
    ]);
    assert.ok(
      run.value.leftOut.every((entry) => (entry.digest === null) === (entry.reason === 'secret')),
    );
  });

  it('a partial clone without blobs is captured without a network, cone or not', async () => {
    const { root, repo, write, commit, capture, restore, git, gitIn } = fixture;
    for (const name of ['a', 'b', 'c']) {
      write(`${name}/one.py`, `${name} one\n`);
      write(`${name}/two.py`, `${name} two\n`);
    }
    write('top.py', 'top\n');
    commit();
    git('config', 'uploadpack.allowFilter', 'true');
    for (const kind of ['--cone', '--no-cone']) {
      const clone = join(root, `clone${kind}`);
      gitIn(
        root,
        'clone',
        '--quiet',
        '--filter=blob:none',
        '--no-checkout',
        `file://${repo}`,
        clone,
      );
      gitIn(clone, 'sparse-checkout', 'set', kind, 'a');
      gitIn(clone, 'checkout', '--quiet');
      gitIn(clone, 'remote', 'set-url', 'origin', 'file:///nowhere/at/all');
      writeFileSync(join(clone, 'a/one.py'), 'edited\n');
      writeFileSync(join(clone, 'a/new.py'), 'new\n');
      mkdirSync(join(clone, '.runrecord'));
      const run = await capture({ workspaceRoot: clone, cwd: clone });
      assert.equal(run.status, 'captured', run.detail ?? '');
      assert.deepEqual(
        (run.value.changes as { path: string }[])
          .map((change) => change.path)
          .filter((p) => !p.startsWith('.runrecord')),
        ['a/new.py', 'a/one.py'],
      );
      assert.deepEqual(restore(run.runId, clone), readFiles(clone));
      assert.deepEqual(await checkSnapshot(run.value, clone), []);
      gitIn(clone, 'gc', '--quiet', '--prune=now');
      assert.deepEqual(restore(run.runId, clone), readFiles(clone));
    }
  });

  it('a partial clone in which a renamed file has no blob is told all the same', async () => {
    const { root, repo, write, commit, capture, git, gitIn } = fixture;
    write('a.py', 'a\n'.repeat(50));
    write('b.py', 'b\n');
    commit();
    write('b.py', 'b changed\n');
    commit();
    git('config', 'uploadpack.allowFilter', 'true');
    const clone = join(root, 'clone');
    gitIn(root, 'clone', '--quiet', '--filter=blob:none', `file://${repo}`, clone);
    gitIn(clone, 'remote', 'set-url', 'origin', 'file:///nowhere/at/all');
    gitIn(clone, 'reset', '--quiet', '--soft', 'HEAD~1');
    const run = await capture({ workspaceRoot: clone, cwd: clone });
    assert.ok(['captured', 'partial'].includes(run.status), run.detail ?? '');
    assert.notEqual(run.value.snapshot, null);
    assert.equal(run.value.clean, false);
  });

  it('a clone that borrows objects is whole after git gc in both', async () => {
    const { root, repo, write, commit, capture, restore, gitIn } = fixture;
    write('a.py', 'a\n');
    commit();
    const clone = join(root, 'borrower');
    gitIn(root, 'clone', '--quiet', '--shared', repo, clone);
    writeFileSync(join(clone, 'a.py'), 'edited\n');
    const run = await capture({ workspaceRoot: clone, cwd: clone });
    assert.equal(run.status, 'captured', run.detail ?? '');
    for (const folder of [clone, repo]) gitIn(folder, 'gc', '--quiet', '--prune=now');
    assert.deepEqual(restore(run.runId, clone), readFiles(clone));
    assert.deepEqual(await checkSnapshot(run.value, clone), []);
  });

  it('a repository of a format that this git does not know is told as such', async () => {
    const { write, commit, capture, git, objects } = fixture;
    write('a.py', 'a\n');
    commit();
    git('config', 'core.repositoryformatversion', '1');
    git('config', 'extensions.somethingNew', 'true');
    const run = await capture({ programFiles: ['a.py'] });
    assert.equal(run.status, 'failed');
    assert.match(run.detail ?? '', /somethingnew/i);
    const [file] = run.value.files ?? [];
    assert.equal(objects.get(file?.digest ?? '')?.toString(), 'a\n');
  });

  it('the program may run in a submodule, reached by a link, in the middle of a rebase', async () => {
    const { root, repo, capture, restore, gitIn } = fixture;
    const { outer } = nestedSubmodules();
    gitIn(outer, 'checkout', '--quiet', '-b', 'side');
    writeFileSync(join(outer, 'outer.py'), 'side\n');
    gitIn(outer, 'commit', '--quiet', '-am', 'side');
    gitIn(outer, 'checkout', '--quiet', 'main');
    writeFileSync(join(outer, 'outer.py'), 'main\n');
    gitIn(outer, 'commit', '--quiet', '-am', 'main');
    try {
      gitIn(outer, 'rebase', 'side');
    } catch {}
    symlinkSync(outer, join(root, 'link'));
    const run = await capture({ workspaceRoot: repo, cwd: join(root, 'link') });
    assert.equal(run.status, 'captured', run.detail ?? '');
    assert.equal(run.value.submodules.length, 2);
    assert.deepEqual(run.value.repositories, []);
    assert.match(readFileSync(join(outer, 'outer.py'), 'latin1'), /<<<<<<</);
    assert.deepEqual(restore(run.runId), readFiles(repo));
  });

  it('a linked worktree may be sparse by itself, with a sparse index', async () => {
    const { root, repo, write, commit, capture, restore, git, gitIn } = fixture;
    for (const name of ['in', 'out', 'other/deep']) write(`${name}/a.py`, `${name}\n`);
    commit();
    const linked = join(root, 'linked');
    git('worktree', 'add', '--quiet', '-b', 'sparse', linked);
    gitIn(linked, 'sparse-checkout', 'init', '--cone', '--sparse-index');
    gitIn(linked, 'sparse-checkout', 'set', 'in');
    for (let time = 0; time < 2; time += 1) {
      writeFileSync(join(linked, 'in/a.py'), `edited ${time}\n`);
      writeFileSync(join(linked, 'in/new.py'), 'new\n');
      const before = observe(fixture);
      const run = await capture({ workspaceRoot: linked, cwd: linked });
      assert.deepEqual(observe(fixture), before);
      assert.equal(run.status, 'captured', run.detail ?? '');
      const changed = (run.value.changes as { path: string }[]).map(({ path }) => path);
      assert.deepEqual(changed, ['in/a.py', 'in/new.py']);
      assert.deepEqual(restore(run.runId, linked), readFiles(linked));
      // What lies outside of the cone and is there all the same runs too.
      mkdirSync(join(linked, 'out'), { recursive: true });
    }
    mkdirSync(join(linked, 'other/deep'), { recursive: true });
    writeFileSync(join(linked, 'other/deep/a.py'), 'brought back by hand\n');
    const run = await capture({ workspaceRoot: linked, cwd: linked });
    assert.deepEqual(restore(run.runId, linked), readFiles(linked));
    assert.equal((await capture()).value.clean, true);
    assert.equal(readFiles(repo).has('out/a.py'), true);
  });

  it('a sha256 repository with a submodule comes back at once too', async () => {
    fixture.close();
    fixture = createFixture({ initArgs: ['--object-format=sha256'] });
    const { root, repo, write, commit, capture, restore, gitIn } = fixture;
    const lib = join(root, 'lib');
    mkdirSync(lib);
    gitIn(lib, 'init', '--quiet', '--initial-branch=main', '--object-format=sha256');
    writeFileSync(join(lib, 'lib.py'), 'lib\n');
    gitIn(lib, 'add', '.');
    gitIn(lib, 'commit', '--quiet', '-m', 'lib');
    write('main.py', 'main\n');
    commit();
    addSubmodule(fixture, repo, lib, 'vendor/lib');
    writeFileSync(join(repo, 'vendor/lib/lib.py'), 'edited\n');
    const run = await capture();
    assert.equal(run.status, 'captured', run.detail ?? '');
    assert.equal(run.value.tree?.length, 64);
    assert.deepEqual(restore(run.runId), readFiles(repo));
    assert.deepEqual(await checkSnapshot(run.value, repo), []);
  });

  it('a shallow clone, cut again between two runs, keeps what ran', async () => {
    const { root, repo, write, commit, capture, restore, gitIn } = fixture;
    for (const content of ['1', '2', '3']) {
      write('a.py', `${content}\n`);
      commit();
    }
    const clone = join(root, 'shallow');
    gitIn(root, 'clone', '--quiet', '--depth=2', `file://${repo}`, clone);
    writeFileSync(join(clone, 'a.py'), 'edited\n');
    const first = await capture({ workspaceRoot: clone, cwd: clone });
    gitIn(clone, 'fetch', '--quiet', '--depth=1', 'origin', 'main');
    gitIn(clone, 'gc', '--quiet', '--prune=now');
    const second = await capture({ workspaceRoot: clone, cwd: clone });
    for (const run of [first, second]) {
      assert.equal(run.status, 'captured', run.detail ?? '');
      assert.deepEqual(restore(run.runId, clone), readFiles(clone));
    }
  });

  it('many submodules are told in the order of their paths', async () => {
    const { root, repo, write, commit, gitIn, capture, restore } = fixture;
    makeRepository(fixture, join(root, 'lib'), 'lib.py');
    write('main.py', 'main\n');
    commit();
    const paths = Array.from({ length: 9 }, (_, at) => `vendor/lib${at}`);
    const local = ['-c', 'protocol.file.allow=always'];
    for (const path of paths)
      gitIn(repo, ...local, 'submodule', '--quiet', 'add', join(root, 'lib'), path);
    gitIn(repo, 'commit', '--quiet', '-m', 'with all');
    for (const at of [7, 2, 5]) writeFileSync(join(repo, `vendor/lib${at}/lib.py`), `${at}\n`);
    const run = await capture();
    assert.equal(run.status, 'captured', run.detail ?? '');
    assert.deepEqual(
      run.value.submodules.map(({ path, clean }) => [path, clean]),
      paths.map((path, at) => [path, ![7, 2, 5].includes(at)]),
    );
    const changed = (run.value.changes as { path: string }[]).map(({ path }) => path);
    assert.deepEqual(changed, ['vendor/lib2', 'vendor/lib5', 'vendor/lib7']);
    assert.deepEqual(restore(run.runId), readFiles(repo));
  });
});

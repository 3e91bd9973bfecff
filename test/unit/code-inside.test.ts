import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSnapshot } from '../../agent/capture/code/check-snapshot.ts';
import { createFixture, type Fixture, observe, readFiles } from './code-fixture.ts';

describe('repositories inside the repository', function () {
  this.timeout(60_000);

  let fixture: Fixture;
  beforeEach(() => {
    fixture = createFixture();
    const { root, gitIn, write, git, commit } = fixture;
    mkdirSync(join(root, 'lib'));
    gitIn(root, 'init', '--quiet', '--initial-branch=main', 'lib');
    writeFileSync(join(root, 'lib', 'lib.py'), 'lib\n');
    gitIn(join(root, 'lib'), 'add', '.');
    gitIn(join(root, 'lib'), 'commit', '--quiet', '-m', 'lib');
    write('main.py', 'main\n');
    git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      join(root, 'lib'),
      'vendor/lib',
    );
    commit();
  });
  afterEach(() => fixture.close());

  it('a dirty submodule has changes, tree and snapshot of its own', async () => {
    const { repo, capture, restore, git, gitIn } = fixture;
    const lib = join(repo, 'vendor/lib');
    const clean = await capture();
    assert.equal(clean.status, 'captured', clean.detail ?? '');
    assert.equal(clean.value.clean, true);
    assert.equal(clean.value.submodules[0]?.clean, true);
    writeFileSync(join(lib, 'lib.py'), 'edited\n');
    writeFileSync(join(lib, 'new.py'), 'new\n');
    const before = observe(fixture);
    const run = await capture();
    assert.deepEqual(observe(fixture), before);
    assert.equal(run.value.clean, false);
    const flags = { staged: false, unstaged: true, untracked: false };
    assert.deepEqual(run.value.changes, [{ path: 'vendor/lib', kind: 'modified', ...flags }]);
    const [sub] = run.value.submodules;
    assert.equal(sub?.path, 'vendor/lib');
    assert.equal(sub?.clean, false);
    assert.equal(sub?.snapshot?.ref, `refs/runrecord/${run.runId}`);
    assert.deepEqual(restore(run.runId, lib), readFiles(lib));
    assert.deepEqual(await checkSnapshot(run.value, repo), []);
    gitIn(lib, 'add', '-A');
    gitIn(lib, 'commit', '--quiet', '-m', 'more');
    const moved = await capture();
    const head = gitIn(lib, 'rev-parse', 'HEAD').trim();
    const link = git('ls-tree', moved.value.tree ?? '', 'vendor/lib');
    assert.match(link, new RegExp(`160000 commit ${head}`));
    gitIn(lib, 'checkout', '--quiet', 'HEAD~1');
    assert.equal((await capture()).value.tree, clean.value.tree);
  });

  it('a submodule that is not initialised is told by its commit alone', async () => {
    const { root, gitIn, repo, capture } = fixture;
    gitIn(root, 'clone', '--quiet', repo, 'clone');
    const top = join(root, 'clone');
    for (let time = 0; time < 2; time += 1) {
      const run = await capture({ workspaceRoot: top, cwd: top });
      assert.equal(run.status, 'captured', run.detail ?? '');
      assert.equal(run.value.clean, true);
      const commit = gitIn(join(root, 'lib'), 'rev-parse', 'HEAD').trim();
      assert.deepEqual(run.value.submodules, [
        { path: 'vendor/lib', commit, clean: null, tree: null, snapshot: null, changes: [] },
      ]);
      assert.equal(run.value.tree, gitIn(top, 'rev-parse', 'HEAD^{tree}').trim());
    }
  });

  it('an untracked repository inside is captured beside the outer one', async () => {
    const { root, gitIn, repo, capture, restore } = fixture;
    gitIn(root, 'clone', '--quiet', 'lib', 'repo/nested');
    writeFileSync(join(repo, 'nested', 'lib.py'), 'edited\n');
    const run = await capture();
    assert.equal(run.status, 'captured', run.detail ?? '');
    assert.equal(run.value.repositories[0]?.path, 'nested');
    assert.equal(run.value.repositories[0]?.clean, false);
    assert.deepEqual(restore(run.runId, join(repo, 'nested')), readFiles(join(repo, 'nested')));
    assert.equal(restore(run.runId).has('nested/lib.py'), false);
  });

  it('the program may run in a repository of its own', async () => {
    const { root, repo, capture } = fixture;
    const run = await capture({ workspaceRoot: repo, cwd: join(root, 'lib') });
    assert.equal(run.value.repositories[0]?.path, join(root, 'lib'));
    assert.equal(run.value.repositories[0]?.clean, true);
  });
});

import assert from 'node:assert/strict';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createFixture, type Fixture, observe, readFiles, sha256 } from './code-fixture.ts';

describe('the code in repositories of every kind', function () {
  this.timeout(60_000);

  let fixture: Fixture;
  const open = (options?: Parameters<typeof createFixture>[0]) => {
    fixture = createFixture(options);
    return fixture;
  };
  afterEach(() => fixture.close());

  it('keeps the program files as objects where there is no repository', async () => {
    const { write, capture, objects } = open({ init: false });
    write('train.py', 'print(1)\n');
    const run = await capture({ programFiles: ['train.py', 'gone.py'] });
    assert.equal(run.status, 'partial');
    assert.match(run.detail ?? '', /not in a git repository/);
    assert.equal(run.value.commit, null);
    const digest = sha256(Buffer.from('print(1)\n'));
    assert.deepEqual(run.value.files, [{ path: 'train.py', digest, sizeBytes: 9 }]);
    assert.equal(objects.get(digest)?.toString(), 'print(1)\n');
    assert.equal(run.value.leftOut[0]?.reason, 'unreadable');
  });

  it('has tree and snapshot before the first commit', async () => {
    const { write, git, capture, restore, repo } = open();
    write('staged.py', 's\n');
    git('add', 'staged.py');
    write('new.py', 'n\n');
    const run = await capture();
    assert.equal(run.status, 'captured', run.detail ?? '');
    assert.equal(run.value.commit, null);
    assert.equal(run.value.branch, 'main');
    assert.equal(git('rev-list', '--count', run.value.snapshot?.commit ?? '').trim(), '1');
    assert.deepEqual(restore(run.runId), readFiles(repo));
    assert.deepEqual(run.value.changes, [
      { path: 'new.py', kind: 'added', staged: false, unstaged: false, untracked: true },
      { path: 'staged.py', kind: 'added', staged: true, unstaged: false, untracked: false },
    ]);
  });

  it('has an empty tree in an empty repository', async () => {
    const { capture, restore } = open();
    const run = await capture();
    assert.equal(run.status, 'captured', run.detail ?? '');
    assert.equal(run.value.clean, true);
    assert.deepEqual(restore(run.runId), new Map());
  });

  it('tells branch, upstream and the remote without credentials; a detached HEAD has no branch', async () => {
    const { write, git, gitIn, capture, commit, root } = open();
    write('a.py', 'a\n');
    commit();
    gitIn(root, 'clone', '--quiet', '--bare', 'repo', 'other.git');
    git('remote', 'add', 'origin', join(root, 'other.git'));
    git('fetch', '--quiet', 'origin');
    git('branch', '--quiet', '--set-upstream-to=origin/main');
    write('a.py', 'b\n');
    commit();
    git('remote', 'set-url', 'origin', 'https://ada:s3cret@example.org/lab/x.git?token=abc#f');
    const run = await capture();
    assert.deepEqual(run.value.upstream, { name: 'origin/main', ahead: 1, behind: 0 });
    assert.equal(run.value.remote, 'https://example.org/lab/x.git');
    assert.equal(run.value.clean, true);
    git('checkout', '--quiet', '--detach');
    const detached = await capture();
    assert.equal(detached.value.branch, null);
    assert.equal(detached.value.commit, run.value.commit);
    assert.equal(detached.status, 'captured');
  });

  it('is partial in a bare repository', async () => {
    const { write, commit, gitIn, root, capture } = open();
    write('a.py', 'a\n');
    commit();
    gitIn(root, 'clone', '--quiet', '--bare', 'repo', 'bare.git');
    const bare = join(root, 'bare.git');
    const run = await capture({ workspaceRoot: bare, cwd: bare });
    assert.equal(run.status, 'partial');
    assert.match(run.detail ?? '', /bare/);
  });

  it('captures a shallow clone, a partial clone and a linked worktree', async () => {
    const { write, commit, git, gitIn, root, repo, capture, restore } = open();
    write('a.py', 'a\n');
    write('big/b.py', 'b\n');
    commit();
    write('a.py', 'aa\n');
    commit();
    git('config', 'uploadpack.allowFilter', 'true');
    gitIn(root, 'clone', '--quiet', '--depth=1', `file://${repo}`, 'shallow');
    gitIn(root, 'clone', '--quiet', '--filter=blob:none', `file://${repo}`, 'partial');
    git('worktree', 'add', '--quiet', '-b', 'other', join(root, 'linked'));
    for (const name of ['shallow', 'partial', 'linked']) {
      const top = join(root, name);
      writeFileSync(join(top, 'a.py'), `${name}\n`);
      writeFileSync(join(top, 'new.py'), 'new\n');
      for (let time = 0; time < 2; time += 1) {
        const run = await capture({ workspaceRoot: top, cwd: top });
        assert.equal(run.status, 'captured', `${name}: ${run.detail}`);
        assert.deepEqual(restore(run.runId, top), readFiles(top), name);
        gitIn(top, 'fsck', '--no-dangling');
      }
    }
  });

  for (const sparseIndex of [false, true]) {
    it(`captures what is there of a sparse checkout${sparseIndex ? ' with a sparse index' : ''}`, async () => {
      const { write, commit, git, repo, capture, restore } = open();
      write('in/a.py', 'a\n');
      write('out-of/b.py', 'b\n');
      write('out-of/deep/c.py', 'c\n');
      write('top.py', 't\n');
      commit();
      git('sparse-checkout', 'init', '--cone', ...(sparseIndex ? ['--sparse-index'] : []));
      git('sparse-checkout', 'set', 'in');
      write('in/a.py', 'edited\n');
      const before = observe(fixture);
      const run = await capture();
      assert.equal(run.status, 'captured', run.detail ?? '');
      assert.deepEqual(observe(fixture), before);
      assert.deepEqual(restore(run.runId), readFiles(repo));
      write('out-of/b.py', 'there all the same\n');
      const next = await capture();
      assert.deepEqual(restore(next.runId), readFiles(repo));
      git('sparse-checkout', 'disable');
      const whole = await capture();
      assert.deepEqual(restore(whole.runId), readFiles(repo));
    });
  }

  it('captures a sha256 repository', async () => {
    const { write, commit, repo, capture, restore } = open({
      initArgs: ['--object-format=sha256'],
    });
    write('a.py', 'a\n');
    commit();
    write('a.py', 'edited\n');
    for (let time = 0; time < 2; time += 1) {
      const run = await capture();
      assert.equal(run.status, 'captured', run.detail ?? '');
      assert.equal(run.value.tree?.length, 64);
      assert.deepEqual(restore(run.runId), readFiles(repo));
    }
  });

  for (const version of ['2', '3', '4']) {
    it(`reads an index of version ${version}, split or whole`, async () => {
      const { write, commit, git, repo, capture, restore } = open();
      for (let at = 0; at < 30; at += 1) write(`folder-${at % 3}/file-${at}.py`, `${at}\n`);
      commit();
      git('update-index', '--index-version', version);
      if (version === '3') git('update-index', '--skip-worktree', 'folder-0/file-0.py');
      write('folder-1/file-1.py', 'edited\n');
      const whole = await capture();
      assert.deepEqual(restore(whole.runId), readFiles(repo));
      git('update-index', '--split-index');
      write('folder-1/file-4.py', 'staged\n');
      git('add', 'folder-1/file-4.py');
      write('new.py', 'new\n');
      const before = observe(fixture);
      const run = await capture();
      assert.equal(run.status, 'captured', run.detail ?? '');
      assert.deepEqual(observe(fixture), before);
      assert.deepEqual(restore(run.runId), readFiles(repo));
      const kinds = (run.value.changes as { path: string; staged: boolean }[]).map(
        (change) => `${change.path} ${change.staged}`,
      );
      assert.deepEqual(kinds, [
        'folder-1/file-1.py false',
        'folder-1/file-4.py true',
        'new.py false',
      ]);
    });
  }

  it('does not mind a lock that another process holds', async () => {
    const { write, commit, repo, capture } = open();
    write('a.py', 'a\n');
    commit();
    write('a.py', 'edited\n');
    writeFileSync(join(repo, '.git', 'index.lock'), '');
    const run = await capture();
    assert.equal(run.status, 'captured', run.detail ?? '');
  });

  it('has commit, changes and the exact tree, and is partial, where the index is corrupt', async () => {
    for (const damage of ['garbage', 'one byte', 'cut']) {
      const { write, commit, repo, capture, restore } = open();
      write('a.py', 'a\n');
      write('b.py', 'b\n');
      const head = commit();
      write('a.py', 'edited\n');
      const index = join(repo, '.git', 'index');
      const bytes = readFileSync(index);
      if (damage === 'one byte') bytes[80] = (bytes[80] ?? 0) ^ 1;
      writeFileSync(
        index,
        { garbage: 'garbage', 'one byte': bytes, cut: bytes.subarray(0, 99) }[damage] ?? '',
      );
      const before = observe(fixture);
      for (let time = 0; time < 2; time += 1) {
        const run = await capture();
        assert.equal(run.status, 'partial', damage);
        assert.match(run.detail ?? '', /index cannot be read/);
        assert.equal(run.value.commit, head);
        assert.deepEqual(
          (run.value.changes as { path: string }[]).map((c) => c.path),
          ['a.py'],
        );
        assert.deepEqual(restore(run.runId), readFiles(repo));
        assert.deepEqual(observe(fixture), before);
      }
      fixture.close();
    }
  });

  it('fails with the reason where git is missing or refuses the folder', async () => {
    const { write, commit, capture } = open();
    write('a.py', 'a\n');
    commit();
    const { PATH } = process.env;
    process.env.PATH = '/nowhere';
    const missing = await capture().finally(() => {
      process.env.PATH = PATH;
    });
    assert.equal(missing.status, 'failed');
    assert.match(missing.detail ?? '', /git could not be run/);
    process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = '1';
    const refused = await capture().finally(() => {
      delete process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER;
    });
    assert.equal(refused.status, 'failed');
    assert.match(refused.detail ?? '', /dubious ownership.*safe\.directory/s);
  });

  it('fails with the reason, and tells what it knows, where no object can be written', async () => {
    const { write, commit, repo, capture } = open();
    write('a.py', 'a\n');
    const head = commit();
    write('a.py', 'edited\n');
    write('new.py', 'new\n');
    // As good as read-only, for root too: no object finds a folder.
    const objects = join(repo, '.git', 'objects');
    const present = new Set(readdirSync(objects));
    for (let byte = 0; byte < 256; byte += 1) {
      const name = byte.toString(16).padStart(2, '0');
      if (!present.has(name)) writeFileSync(join(objects, name), '');
    }
    const run = await capture();
    assert.equal(run.status, 'failed');
    assert.match(run.detail ?? '', /no snapshot of the code: git/);
    assert.equal(run.value.commit, head);
    assert.equal(run.value.snapshot, null);
    assert.equal((run.value.changes as unknown[]).length, 2);
  });

  it('tells renames, conflicts, type changes and deletions', async () => {
    const { write, commit, git, repo, capture, restore } = open();
    write('old.py', 'a long enough line to be found again\n'.repeat(5));
    write('kind.py', 'x\n');
    write('both.py', 'base\n');
    write('gone.py', 'gone\n');
    commit();
    git('checkout', '--quiet', '-b', 'other');
    write('both.py', 'other\n');
    commit();
    git('checkout', '--quiet', 'main');
    write('both.py', 'mine\n');
    commit();
    try {
      git('merge', '--quiet', 'other');
    } catch {}
    git('mv', 'old.py', 'new.py');
    rmSync(join(repo, 'gone.py'));
    rmSync(join(repo, 'kind.py'));
    symlinkSync('new.py', join(repo, 'kind.py'));
    const run = await capture();
    assert.equal(run.status, 'captured', run.detail ?? '');
    const flags = (staged: boolean, unstaged: boolean) => ({ staged, unstaged, untracked: false });
    assert.deepEqual(run.value.changes, [
      { path: 'both.py', kind: 'modified', ...flags(true, true) },
      { path: 'gone.py', kind: 'deleted', ...flags(false, true) },
      { path: 'kind.py', kind: 'typechange', ...flags(false, true) },
      { path: 'new.py', kind: 'renamed', from: 'old.py', ...flags(true, false) },
    ]);
    assert.deepEqual(restore(run.runId), readFiles(repo));
  });

  it('goes on where a required filter is not installed, and says so', async () => {
    const { write, commit, git, repo, capture, restore } = open();
    write('a.bin', 'a\n');
    write('b.py', 'b\n');
    commit();
    git('config', 'filter.big.clean', 'no-such-program-here clean');
    git('config', 'filter.big.smudge', 'no-such-program-here smudge');
    git('config', 'filter.big.required', 'true');
    write('.gitattributes', '*.bin filter=big\n');
    // Of the same size: only the filter could tell.
    write('a.bin', 'e\n');
    const run = await capture();
    assert.equal(run.status, 'partial');
    assert.match(run.detail ?? '', /filter/);
    assert.deepEqual(restore(run.runId), readFiles(repo));
    assert.deepEqual(run.value.conversions, ['a.bin']);
  });

  it('keeps nothing of a copied tree but time: a copy is captured as the original was', async () => {
    const { write, commit, repo, root, capture } = open();
    for (let at = 0; at < 20; at += 1) write(`${at}.py`, `${at}\n`);
    commit();
    const run = await capture();
    const copy = join(root, 'copy');
    cpSync(repo, copy, { recursive: true });
    const index = statSync(join(copy, '.git', 'index'), { bigint: true }).mtimeNs;
    const cacheFolder = join(copy, '.runrecord', 'cache');
    for (let time = 0; time < 2; time += 1) {
      const again = await capture({ workspaceRoot: copy, cwd: copy, cacheFolder });
      assert.equal(again.value.tree, run.value.tree);
      assert.equal(again.value.clean, true);
    }
    assert.equal(statSync(join(copy, '.git', 'index'), { bigint: true }).mtimeNs, index);
  });

  it('is not misled by a repository that was made anew in the same place', async () => {
    const { write, commit, git, repo, capture, restore } = open();
    write('a.py', 'a\n');
    write('folder/b.py', 'b\n');
    commit();
    await capture();
    rmSync(join(repo, '.git'), { recursive: true });
    git('init', '--quiet', '--initial-branch=main');
    const run = await capture();
    assert.equal(run.status, 'captured', run.detail ?? '');
    assert.deepEqual(restore(run.runId), readFiles(repo));
    mkdirSync(join(repo, 'x'));
    copyFileSync(join(repo, 'a.py'), join(repo, 'x', 'a.py'));
    assert.deepEqual(restore((await capture()).runId), readFiles(repo));
  });
});

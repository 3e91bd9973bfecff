import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createFixture, type Fixture, observe, readFiles } from './code-fixture.ts';

describe('the snapshot of the code', function () {
  this.timeout(60_000);

  let fixture: Fixture;
  beforeEach(() => {
    fixture = createFixture();
  });
  afterEach(() => fixture.close());

  it('gives back staged, unstaged and untracked files, modes and links by the documented recipe', async () => {
    const { repo, write, git } = fixture;
    for (const name of ['kept.py', 'edited.py', 'staged.py', 'twice.py', 'gone.py', 'dropped.py']) {
      write(name, `${name}\n`);
    }
    write('tool.sh', '#!/bin/sh\n', 0o755);
    write('folder/file.py', 'in a folder\n');
    write('plain', 'a file that becomes a folder\n');
    symlinkSync('kept.py', join(repo, 'link'));
    fixture.commit();
    write('edited.py', 'edited\n');
    write('staged.py', 'staged\n');
    git('add', 'staged.py');
    write('twice.py', 'staged\n');
    git('add', 'twice.py');
    write('twice.py', 'and again\n');
    rmSync(join(repo, 'gone.py'));
    git('rm', '--quiet', '--cached', 'dropped.py');
    write('new.py', 'new\n');
    write('promise.py', 'intent to add\n');
    git('add', '--intent-to-add', 'promise.py');
    chmodSync(join(repo, 'kept.py'), 0o755);
    rmSync(join(repo, 'plain'));
    write('plain/inside.py', 'a folder now\n');
    rmSync(join(repo, 'folder'), { recursive: true });
    write('folder', 'a file now\n');
    symlinkSync('nowhere', join(repo, 'broken'));
    symlinkSync('plain', join(repo, 'to-folder'));
    rmSync(join(repo, 'link'));
    symlinkSync('edited.py', join(repo, 'link'));
    const before = observe(fixture);
    const first = await fixture.capture();
    assert.equal(first.status, 'captured', first.detail ?? '');
    assert.deepEqual(fixture.restore(first.runId), readFiles(repo));
    assert.deepEqual(observe(fixture), before);
    const second = await fixture.capture();
    assert.equal(second.value.tree, first.value.tree);
    assert.deepEqual(fixture.restore(second.runId), readFiles(repo));
    git('fsck', '--strict', '--no-dangling');
  });

  it('keeps names with spaces, quotes, newlines, backslashes and bytes that are not UTF-8', async () => {
    const { repo, write } = fixture;
    write('a b.py', '1');
    write('quo"te\'s.py', '2');
    write('new\nline.py', '3');
    write('back\\slash.py', '4');
    write('tab\t.py', '5');
    write('-dash.py', '6');
    write(':(top)magic.py', '7');
    fixture.commit();
    write('new\nline.py', '33');
    write(Buffer.from('caf\xe9.py', 'latin1'), '8');
    write('ünï/cødé.py', '9');
    const run = await fixture.capture();
    assert.equal(run.status, 'captured', run.detail ?? '');
    assert.deepEqual(fixture.restore(run.runId), readFiles(repo));
    assert.ok(Array.isArray(run.value.changes));
    const odd = run.value.changes.find((change) => change.pathBytes !== undefined);
    assert.equal(Buffer.from(odd?.pathBytes ?? '', 'base64').toString('latin1'), 'caf\xe9.py');
    assert.equal(odd?.path, 'caf\ufffd.py');
    assert.ok(run.value.changes.some((change) => change.path === 'ünï/cødé.py'));
  });

  it('holds the bytes on disk under eol, ident, filters, encodings and mixed line ends', async () => {
    const { repo, write, git } = fixture;
    git('config', 'filter.rot13.clean', 'tr a-z n-za-m');
    git('config', 'filter.rot13.smudge', 'tr a-z n-za-m');
    write(
      '.gitattributes',
      '*.crlf text eol=crlf\n*.id ident\n*.rot filter=rot13\n*.u16 text working-tree-encoding=UTF-16LE\n*.auto text=auto\n*.l1 working-tree-encoding=latin1\n',
    );
    const files: Record<string, string | Buffer> = {
      'dos.crlf': 'one\r\ntwo\r\n',
      'unix.crlf': 'one\ntwo\n',
      'mixed.crlf': 'one\ntwo\r\n',
      'keyword.id': 'x $Id$ y\n',
      'expanded.id': 'x $Id: 0123456789012345678901234567890123456789 $ y\n',
      'foreign.id': 'x $Id: file.c 1.2 ada $ y\n',
      'plain.id': 'nothing\n',
      'secret.rot': 'hello world\n',
      'wide.u16': Buffer.from('wide\n', 'utf16le'),
      'mixed.auto': 'one\r\ntwo\n',
      'dos.auto': 'one\r\n',
      'accent.l1': Buffer.from('caf\xe9\n', 'latin1'),
      'ascii.l1': 'cafe\n',
      'any.txt': 'one\r\ntwo\n',
    };
    for (const [name, content] of Object.entries(files)) write(name, content);
    fixture.commit();
    const first = await fixture.capture();
    assert.equal(first.status, 'captured', first.detail ?? '');
    assert.deepEqual(fixture.restore(first.runId), readFiles(repo));
    for (const [name, content] of Object.entries(files)) write(`new/${name}`, content);
    write('dos.auto', 'one\n');
    const second = await fixture.capture();
    assert.deepEqual(fixture.restore(second.runId), readFiles(repo));
    for (const run of [first, second]) {
      const plain = plainCheckout(fixture, run.value.snapshot?.commit ?? '');
      const exact = fixture.restore(run.runId);
      const differ = [...exact].filter(([path, content]) => plain.get(path) !== content);
      assert.deepEqual(run.value.conversions, differ.map(([path]) => path).sort());
    }
  });

  for (const autocrlf of ['true', 'input']) {
    it(`holds the bytes on disk where core.autocrlf=${autocrlf}, and after it is switched off`, async () => {
      const { repo, write, git } = fixture;
      git('config', 'core.autocrlf', autocrlf);
      write('dos.txt', 'one\r\ntwo\r\n');
      write('unix.txt', 'one\ntwo\n');
      write('binary.bin', Buffer.from([0, 10, 13, 10, 1]));
      fixture.commit();
      const run = await fixture.capture();
      assert.deepEqual(fixture.restore(run.runId), readFiles(repo));
      const plain = plainCheckout(fixture, run.value.snapshot?.commit ?? '');
      const differ = [...fixture.restore(run.runId)].filter(([at, text]) => plain.get(at) !== text);
      assert.deepEqual(run.value.conversions, differ.map(([path]) => path).sort());
      git('config', 'core.autocrlf', 'false');
      const fresh = await fixture.capture();
      assert.deepEqual(fixture.restore(fresh.runId), readFiles(repo));
      write('dos.txt', 'one\ntwo\n');
      const after = await fixture.capture();
      assert.deepEqual(fixture.restore(after.runId), readFiles(repo));
    });
  }

  it('sees edits under assume-unchanged and skip-worktree', async () => {
    const { repo, write, git } = fixture;
    write('assumed.py', 'a\n');
    write('skipped.py', 'b\n');
    fixture.commit();
    git('update-index', '--assume-unchanged', 'assumed.py');
    git('update-index', '--skip-worktree', 'skipped.py');
    write('assumed.py', 'edited\n');
    write('skipped.py', 'edited too\n');
    const before = observe(fixture);
    const run = await fixture.capture();
    assert.deepEqual(observe(fixture), before);
    assert.deepEqual(fixture.restore(run.runId), readFiles(repo));
    assert.deepEqual(paths(run.value.changes), ['assumed.py', 'skipped.py']);
    write('skipped.py', 'b\n');
    assert.deepEqual(paths((await fixture.capture()).value.changes), ['assumed.py']);
  });

  it('follows every step of work between launches', async () => {
    const { repo, write, git } = fixture;
    write('a.py', 'a\n');
    write('b.py', 'b\n');
    write('folder/c.py', 'c\n');
    fixture.commit();
    const steps: (() => void)[] = [
      () => {},
      () => write('a.py', 'A\n'),
      () => write('a.py', 'a\n'),
      () => write('new.py', 'new\n'),
      () => write('new.py', 'newer\n'),
      () => git('add', 'new.py'),
      () => void fixture.commit(),
      () => git('rm', '--quiet', '--cached', 'new.py'),
      () => write('.gitignore', 'new.py\n'),
      () => rmSync(join(repo, '.gitignore')),
      () => git('add', 'new.py'),
      () => rmSync(join(repo, 'b.py')),
      () => write('b.py', 'b\n'),
      () => renameSync(join(repo, 'b.py'), join(repo, 'moved.py')),
      () => renameSync(join(repo, 'moved.py'), join(repo, 'b.py')),
      () => git('checkout', '--quiet', '-b', 'other'),
      () => git('rm', '--quiet', '-r', 'folder'),
      () => git('commit', '--quiet', '-am', 'without folder'),
      () => git('checkout', '--quiet', 'main'),
      () => write('a.py', 'dirty\n'),
      () => git('stash', '--quiet'),
      () => git('stash', 'pop', '--quiet'),
      () => git('checkout', '--quiet', '--', 'a.py'),
      () => {
        rmSync(join(repo, 'folder'), { recursive: true });
        symlinkSync('.', join(repo, 'folder'));
      },
      () => {
        rmSync(join(repo, 'folder'));
        write('folder/c.py', 'c\n');
      },
    ];
    for (const [at, step] of steps.entries()) {
      step();
      const before = observe(fixture);
      const run = await fixture.capture();
      assert.equal(run.status, 'captured', `step ${at}: ${run.detail}`);
      assert.deepEqual(observe(fixture), before, `step ${at}`);
      const ignored = at === 8 ? (path: string) => path === 'new.py' : undefined;
      assert.deepEqual(fixture.restore(run.runId), readFiles(repo, ignored), `step ${at}`);
      const dirt = git('status', '--porcelain', '--untracked-files=all').trim();
      assert.equal(run.value.clean, dirt === '', `step ${at}: ${dirt}`);
    }
  });

  it('sees an edit of the same size within the tick in which the index was written', async () => {
    const { repo, write } = fixture;
    for (let at = 0; at < 6; at += 1) {
      write('racy.py', `${100 + at}\n`);
      fixture.commit();
      write('racy.py', `${200 + at}\n`);
      const time = statSync(join(repo, '.git', 'index')).mtime;
      utimesSync(join(repo, 'racy.py'), time, time);
      const run = await fixture.capture();
      assert.equal(run.value.clean, false);
      assert.deepEqual(fixture.restore(run.runId), readFiles(repo));
      write('racy.py', `${300 + at}\n`);
      const next = await fixture.capture();
      assert.deepEqual(fixture.restore(next.runId), readFiles(repo));
    }
  });

  it('is the same for launches at the same time', async () => {
    const { repo, write } = fixture;
    for (let at = 0; at < 50; at += 1) write(`f${at}.py`, `${at}\n`);
    fixture.commit();
    write('f1.py', 'edited\n');
    write('new.py', 'new\n');
    const runs = await Promise.all(Array.from({ length: 6 }, () => fixture.capture()));
    for (const run of runs) {
      assert.equal(run.status, 'captured', run.detail ?? '');
      assert.equal(run.value.tree, runs[0]?.value.tree);
    }
    assert.deepEqual(fixture.restore(runs[3]?.runId ?? ''), readFiles(repo));
    write('f2.py', 'edited\n');
    const next = await fixture.capture();
    assert.deepEqual(fixture.restore(next.runId), readFiles(repo));
  });

  it('outlives git gc, a deleted cache, a damaged cache and collected objects', async () => {
    const { repo, write, git } = fixture;
    write('a.py', 'a\n');
    fixture.commit();
    write('a.py', 'edited\n');
    write('new.py', 'new\n');
    const first = await fixture.capture();
    git('gc', '--quiet', '--prune=now');
    assert.deepEqual(fixture.restore(first.runId), readFiles(repo));
    const cache = join(repo, '.runrecord', 'cache', 'git');
    const folder = execFileSync('ls', [cache], { encoding: 'utf8' }).trim();
    writeFileSync(join(cache, folder, 'index'), 'garbage');
    assert.equal((await fixture.capture()).value.tree, first.value.tree);
    writeFileSync(join(cache, folder, 'state.json'), '{');
    assert.equal((await fixture.capture()).value.tree, first.value.tree);
    rmSync(cache, { recursive: true });
    assert.equal((await fixture.capture()).value.tree, first.value.tree);
    for (const ref of git('for-each-ref', '--format=%(refname)', 'refs/runrecord')
      .trim()
      .split('\n')) {
      git('update-ref', '-d', ref);
    }
    git('gc', '--quiet', '--prune=now');
    const last = await fixture.capture();
    assert.equal(last.value.tree, first.value.tree);
    assert.deepEqual(fixture.restore(last.runId), readFiles(repo));
  });

  it('runs no hook, asks no file system monitor, writes no reflog', async () => {
    const { write, git } = fixture;
    write('a.py', 'a\n');
    fixture.commit();
    const marks = join(fixture.root, 'marks');
    mkdirSync(marks);
    for (const hook of ['reference-transaction', 'post-index-change', 'fsmonitor', 'pre-auto-gc']) {
      write(`.git/hooks/${hook}`, `#!/bin/sh\necho x > ${marks}/${hook}\n`, 0o755);
    }
    git('config', 'core.fsmonitor', '.git/hooks/fsmonitor');
    git('config', 'core.logAllRefUpdates', 'always');
    write('a.py', 'edited\n');
    execFileSync('sh', ['-c', `rm -f ${marks}/*`]);
    const before = observe(fixture);
    await fixture.capture();
    await fixture.capture();
    assert.deepEqual(observe(fixture), before);
    assert.deepEqual(readFiles(marks), new Map());
  });

  it('is not misled by the variables of a hook', async () => {
    const { repo, write } = fixture;
    write('a.py', 'a\n');
    fixture.commit();
    const names = { GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index', GIT_PREFIX: 'x/' };
    Object.assign(process.env, names);
    try {
      const run = await fixture.capture();
      assert.equal(run.status, 'captured', run.detail ?? '');
      assert.notEqual(run.value.tree, null);
    } finally {
      for (const name of Object.keys(names)) delete process.env[name];
    }
    assert.ok(readFileSync(join(repo, '.git', 'HEAD')).length > 0);
  });
});

function paths(changes: unknown): string[] {
  return (changes as { path: string }[]).map((change) => change.path);
}

function plainCheckout(fixture: Fixture, commit: string): Map<string, string> {
  const folder = join(fixture.root, `plain-${commit}`);
  fixture.git('worktree', 'add', '--quiet', '--detach', folder, commit);
  const files = readFiles(folder);
  fixture.git('worktree', 'remove', '--force', folder);
  return files;
}

import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchorJournal, listAnchors, readAnchor } from '../../agent/capture/code/anchor.ts';
import { checkSnapshot } from '../../agent/capture/code/check-snapshot.ts';
import { compareCode } from '../../agent/capture/code/compare-code.ts';
import { createFixture, type Fixture } from './code-fixture.ts';

describe('a snapshot that was kept', function () {
  this.timeout(60_000);

  let fixture: Fixture;
  beforeEach(() => {
    fixture = createFixture();
  });
  afterEach(() => fixture.close());

  it('is checked down to the bytes: gone, moved, another tree, a damaged or missing object', async () => {
    const { repo, write, git, commit, capture } = fixture;
    write('a.py', 'a\n');
    write('folder/b.py', 'b\n');
    commit();
    write('a.py', 'edited\n');
    write('folder/new.py', 'new\n');
    const { value, runId } = await capture();
    const ref = `refs/runrecord/${runId}`;
    assert.deepEqual(await checkSnapshot(value, repo), []);
    const [wrong] = await checkSnapshot(
      { ...value, tree: git('rev-parse', 'HEAD^{tree}').trim() },
      repo,
    );
    assert.match(wrong?.what ?? '', /another tree/);
    git('update-ref', ref, 'HEAD');
    assert.match((await checkSnapshot(value, repo))[0]?.what ?? '', /another commit/);
    git('update-ref', '-d', ref);
    assert.match((await checkSnapshot(value, repo))[0]?.what ?? '', /is gone/);
    git('update-ref', ref, value.snapshot?.commit ?? '');
    const damage = (id: string, change: (file: string) => void) => {
      const file = join(repo, '.git', 'objects', id.slice(0, 2), id.slice(2));
      const bytes = readFileSync(file);
      chmodSync(file, 0o644);
      change(file);
      return () => writeFileSync(file, bytes);
    };
    const blob = git('rev-parse', `${ref}:folder/new.py`).trim();
    const other = git('rev-parse', `${ref}:a.py`).trim();
    const object = (id: string) => join(repo, '.git', 'objects', id.slice(0, 2), id.slice(2));
    const damages: ((file: string) => void)[] = [
      (file) => rmSync(file),
      (file) => writeFileSync(file, 'garbage'),
      // A whole object, but not the one that its name says.
      (file) => writeFileSync(file, readFileSync(object(other))),
    ];
    for (const change of damages) {
      const mend = damage(blob, change);
      const problems = await checkSnapshot(value, repo);
      assert.deepEqual(
        problems.map((problem) => problem.subject),
        [`${ref}:folder/new.py`],
      );
      mend();
    }
    const mend = damage(git('rev-parse', `${ref}:folder`).trim(), (file) => rmSync(file));
    assert.equal((await checkSnapshot(value, repo)).length, 1);
    mend();
    const known = damage(git('rev-parse', 'HEAD:folder/b.py').trim(), (file) => rmSync(file));
    assert.deepEqual(
      (await checkSnapshot(value, repo)).map((p) => p.subject),
      [`${ref}:folder/b.py`],
    );
    known();
    assert.deepEqual(await checkSnapshot(value, repo), []);
    rmSync(join(repo, '.git'), { recursive: true });
    assert.equal((await checkSnapshot(value, repo)).length, 1);
  });

  it('is compared with another file by file, with lines added and removed', async () => {
    const { repo, write, git, commit, capture } = fixture;
    write('a.py', '1\n2\n3\n');
    write('gone.py', 'gone\n');
    write('old name.py', 'one long line of many, to be known again\n'.repeat(9));
    write('kind', 'x\n');
    write('data.bin', Buffer.from([0, 1, 2]));
    commit();
    const a = (await capture()).value;
    write('a.py', '1\n2\nthree\n4\n');
    rmSync(join(repo, 'gone.py'));
    git('mv', 'old name.py', 'new\nname.py');
    rmSync(join(repo, 'kind'));
    symlinkSync('a.py', join(repo, 'kind'));
    write('data.bin', Buffer.from([0, 1, 3]));
    write(Buffer.from('caf\xe9.py', 'latin1'), 'x\n');
    write('ünï "quoted".py', 'x\n');
    const b = (await capture()).value;
    const { EDITOR } = process.env;
    process.env.EDITOR = 'vi';
    const compared = await compareCode(a, b, repo).finally(() => {
      if (EDITOR === undefined) delete process.env.EDITOR;
      else process.env.EDITOR = EDITOR;
    });
    const file = (path: string, kind: string, added: number | null, removed: number | null) => ({
      path,
      kind,
      added,
      removed,
    });
    assert.deepEqual(compared.files, [
      file('a.py', 'modified', 2, 1),
      file('caf\ufffd.py', 'added', 1, 0),
      file('data.bin', 'modified', null, null),
      file('gone.py', 'deleted', 0, 1),
      file('kind', 'typechange', 1, 1),
      file('new\nname.py', 'renamed', 0, 0),
      file('ünï "quoted".py', 'added', 1, 0),
    ]);
    assert.deepEqual((await compareCode(b, b, repo)).files, []);
    rmSync(join(repo, '.git'), { recursive: true });
    assert.deepEqual((await compareCode(b, b, repo)).files, []);
    assert.equal((await compareCode(a, b, repo)).files.length, 7);
  });

  it('falls back to the commits where it is gone', async () => {
    const { repo, write, commit, capture } = fixture;
    write('a.py', '1\n');
    commit();
    const a = (await capture()).value;
    write('a.py', '1\n2\n');
    commit();
    const b = (await capture()).value;
    const gone = { ...a, tree: '0'.repeat(40) };
    assert.deepEqual((await compareCode(gone, b, repo)).files, [
      { path: 'a.py', kind: 'modified', added: 1, removed: 0 },
    ]);
  });

  it('has the journal of its run beside it', async () => {
    const { root, repo, git, capture } = fixture;
    const { runId } = await capture();
    const journal = Buffer.from('{"seq":0}\r\n\xff');
    assert.equal(await readAnchor(repo, runId), null);
    assert.match((await anchorJournal(repo, runId, journal)) ?? '', /^[0-9a-f]{40}$/);
    assert.deepEqual(await readAnchor(repo, runId), journal);
    assert.deepEqual(await listAnchors(repo), [runId]);
    git('gc', '--quiet', '--prune=now');
    assert.deepEqual(await readAnchor(repo, runId), journal);
    assert.equal(await anchorJournal(root, runId, journal), null);
    assert.equal(await readAnchor(root, runId), null);
    assert.deepEqual(await listAnchors(root), []);
  });
});

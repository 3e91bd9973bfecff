import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchorJournal } from '../../agent/capture/code/anchor.ts';
import { undoLaunch } from '../../agent/recorder/launch/undo-launch.ts';
import {
  findLostRecords,
  problemsOfLost,
  pruneLostRecords,
} from '../../agent/recorder/lost-records.ts';
import { ensureHome, type Layout, workspaceLayout } from '../../agent/store/layout.ts';
import { createFixture, type Fixture } from './code-fixture.ts';

describe('the refs of a record', function () {
  this.timeout(60_000);

  let fixture: Fixture;
  let layout: Layout;
  let workspaceId: string;
  let lib: string;
  beforeEach(() => {
    fixture = createFixture();
    const { root, repo, write, commit, gitIn } = fixture;
    layout = workspaceLayout(repo);
    workspaceId = ensureHome(layout);
    write('train.py', 'x\n');
    commit();
    lib = join(root, 'lib');
    mkdirSync(lib);
    gitIn(lib, 'init', '--quiet', '--initial-branch=main');
    writeFileSync(join(lib, 'lib.py'), 'lib\n');
    gitIn(lib, 'add', '.');
    gitIn(lib, 'commit', '--quiet', '-m', 'lib');
  });
  afterEach(() => fixture.close());

  /** A launch with a repository on its path, and the folder that its record lies in. */
  async function launch(id: string, workspace = workspaceId): Promise<void> {
    const importPath = Promise.resolve({
      folders: [lib],
      sources: [],
      prefixes: [],
      home: undefined,
    });
    await fixture.capture({ runId: id, workspaceId: workspace, importPath });
    mkdirSync(layout.runFolder(id), { recursive: true });
  }
  const refsIn = (folder: string) =>
    fixture.gitIn(folder, 'for-each-ref', '--format=%(refname)', 'refs/runrecord').trim();
  const idOf = (n: number) => `019a8f0e-7a54-7c3e-9d51-00000000000${n}`;

  it('are told and deleted only where the record was, in every repository, and nothing else is', async () => {
    const { repo, git } = fixture;
    for (const n of [1, 2]) await launch(idOf(n));
    await anchorJournal(repo, idOf(2), Buffer.from('{}\n'));
    // Another workspace that shares the repository: its records are not ours to miss.
    await launch(idOf(3), 'another-workspace');
    rmSync(layout.runFolder(idOf(3)), { recursive: true });
    assert.deepEqual(await findLostRecords(layout), []);
    assert.deepEqual(await pruneLostRecords(layout), { pruned: [], problems: [] });
    rmSync(layout.runFolder(idOf(1)), { recursive: true });
    rmSync(layout.runFolder(idOf(2)), { recursive: true });
    const lost = await findLostRecords(layout);
    assert.deepEqual(
      lost.map(({ id, isAnchored }) => [id, isAnchored]),
      [
        [idOf(1), false],
        [idOf(2), true],
      ],
    );
    const [gone, anchored] = problemsOfLost(lost);
    assert.match(gone?.what ?? '', /--prune/);
    assert.match(anchored?.what ?? '', /--recover/);
    mkdirSync(layout.runFolder(idOf(2)));
    const before = git('for-each-ref', 'refs/heads');
    assert.deepEqual(await pruneLostRecords(layout), { pruned: [idOf(1)], problems: [] });
    assert.equal(git('for-each-ref', 'refs/heads'), before);
    const kept = [`refs/runrecord/${idOf(2)}`, `refs/runrecord/${idOf(3)}`];
    assert.equal(refsIn(repo), [...kept, `refs/runrecord/journal/${idOf(2)}`].join('\n'));
    assert.equal(refsIn(lib), kept.join('\n'));
  });

  it('of a launch that came to nothing are taken back in every repository', async () => {
    const { repo } = fixture;
    await launch(idOf(1));
    await launch(idOf(2));
    await undoLaunch(layout, idOf(1));
    for (const folder of [repo, lib]) assert.equal(refsIn(folder), `refs/runrecord/${idOf(2)}`);
  });

  it('one that cannot be deleted is told', async () => {
    const { repo } = fixture;
    await launch(idOf(1));
    rmSync(layout.runFolder(idOf(1)), { recursive: true });
    writeFileSync(join(repo, `.git/refs/runrecord/${idOf(1)}.lock`), '');
    const { pruned, problems } = await pruneLostRecords(layout);
    assert.deepEqual(pruned, []);
    assert.match(problems.join(), /could not be deleted/);
    assert.equal(refsIn(repo), `refs/runrecord/${idOf(1)}`);
  });
});

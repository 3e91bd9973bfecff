import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { createFixture, type Fixture, readFiles } from './code-fixture.ts';

/** What other trackers were reported to lose, done here the way their users did it. */
describe('failures of other trackers', function () {
  this.timeout(120_000);

  let fixture: Fixture;
  beforeEach(() => {
    fixture = createFixture();
  });
  afterEach(() => fixture.close());

  it('clearml#287, dvc#7842, wandb#11155: a script that is entirely new is kept, and told as a change', async () => {
    const { write, commit, capture, restore, git } = fixture;
    write('examples/reporting/pandas_reporting.py', 'import pandas\n');
    commit();
    const modified = 'import pandas as pd\nprint(pd)\n';
    write('examples/reporting/pandas_reporting_tutorial.py', modified);
    const run = await capture({
      programFiles: ['examples/reporting/pandas_reporting_tutorial.py'],
    });
    assert.equal(run.status, 'captured', run.detail ?? '');
    assert.deepEqual(run.value.changes, [
      {
        path: 'examples/reporting/pandas_reporting_tutorial.py',
        kind: 'added',
        staged: false,
        unstaged: false,
        untracked: true,
      },
    ]);
    const ref = run.value.snapshot?.ref;
    assert.equal(git('show', `${ref}:examples/reporting/pandas_reporting_tutorial.py`), modified);
    // Its author deletes it; another reader of the record still has it.
    git('clean', '-fdq');
    assert.equal(
      restore(run.runId).get('examples/reporting/pandas_reporting_tutorial.py'),
      `file ${modified}`,
    );
  });

  it('clearml#457: changes that are staged, and changed again, come back as one state that needs no patch', async () => {
    const { write, commit, capture, restore, git, gitIn, repo, root } = fixture;
    const lines = (middle: string) => `one\ntwo\n${middle}\nfour\nfive\n`;
    for (const name of ['both.py', 'staged.py', 'unstaged.py']) write(name, lines('three'));
    const head = commit();
    write('both.py', lines('three, staged'));
    write('staged.py', lines('three, staged'));
    git('add', '--all');
    write('both.py', lines('three, staged, and changed again'));
    write('unstaged.py', lines('three, not staged'));
    write('staged-new.py', 'new\n');
    git('add', 'staged-new.py');
    write('staged-new.py', 'new, and changed again\n');
    const run = await capture();
    assert.deepEqual(
      (run.value.changes as { path: string; staged: boolean; unstaged: boolean }[]).map(
        ({ path, staged, unstaged }) => [path, staged, unstaged],
      ),
      [
        ['both.py', true, true],
        ['staged-new.py', true, true],
        ['staged.py', true, false],
        ['unstaged.py', false, true],
      ],
    );
    const files = readFiles(repo);
    assert.deepEqual(restore(run.runId), files);
    // Who wants a patch after all gets one that applies to the commit.
    const clone = join(root, 'clone');
    gitIn(root, 'clone', '--quiet', repo, clone);
    assert.equal(gitIn(clone, 'rev-parse', 'HEAD').trim(), head);
    const patch = git('diff', '--binary', head, run.value.snapshot?.commit ?? '');
    execFileSync('git', ['apply', '-'], { cwd: clone, input: patch });
    assert.deepEqual(readFiles(clone), files);
  });

  it('ClearML’s detection beside the program: an edit right after the capture changes nothing of it', async () => {
    const { write, commit, capture, restore } = fixture;
    write('train.py', 'lr = 0.1\n');
    commit();
    write('train.py', 'lr = 0.2\n');
    for (const later of ['lr = 0.3\n', 'lr = 0.9\n', 'lr = 0.4\n']) {
      const before = readFileSync(join(fixture.repo, 'train.py'), 'utf8');
      const run = await capture();
      // Same size, same moment: nothing but the content tells the two apart.
      write('train.py', later);
      assert.equal(restore(run.runId).get('train.py'), `file ${before}`);
      assert.equal((await capture()).value.tree === run.value.tree, before === later);
    }
  });

  it('MLflow and ZenML: a detached HEAD, a tag, a bisect and an unborn branch are states like any other', async () => {
    const { write, commit, capture, restore, git, repo } = fixture;
    write('a.py', '1\n');
    const first = commit();
    write('a.py', '2\n');
    commit();
    git('tag', 'v1', first);
    const states = [
      () => git('checkout', '--quiet', '--detach', first),
      () => git('checkout', '--quiet', 'v1'),
      () => git('bisect', 'start', 'main', first),
      () => git('switch', '--quiet', '--orphan', 'fresh'),
    ];
    for (const enter of states) {
      enter();
      write('new.py', 'new\n');
      const run = await capture();
      assert.equal(run.status, 'captured', run.detail ?? '');
      assert.equal(run.value.branch === null, run.value.commit !== null);
      assert.deepEqual(restore(run.runId), readFiles(repo));
    }
  });

  it('wandb#3932: a hundred runs of one dirty tree take the room of one, and what is large is not copied at all', async () => {
    const { write, commit, capture, repo } = fixture;
    write('train.py', 'x\n');
    write('notebook.ipynb', randomText(400_000, 1));
    commit();
    write('notebook.ipynb', randomText(400_000, 2));
    write('checkpoint.bin', '');
    // A hundred gigabytes, of which the disk holds nothing.
    truncateSync(join(repo, 'checkpoint.bin'), 100_000_000_000);
    const limits = { snapshotFileLimit: 10_000_000, hashLimit: 256_000_000 };
    const first = await capture(limits);
    const [large] = first.value.leftOut;
    assert.equal(large?.path, 'checkpoint.bin');
    assert.deepEqual([large?.reason, large?.sizeBytes, large?.digest], ['size-limit', 1e11, null]);
    assert.match(large?.stat ?? '', /^\d+:\d+:100000000000:\d+:\d+$/);
    const sizeBytes = sizeOf(join(repo, '.git/objects'));
    for (let run = 0; run < 20; run += 1) await capture(limits);
    // A commit of a few hundred bytes each.
    assert.ok(sizeOf(join(repo, '.git/objects')) - sizeBytes < 20 * 1000);
  });

  it('wandb#3932: a data set of small files that nobody named is not written into the repository', async () => {
    const { write, commit, capture, restore, repo } = fixture;
    write('train.py', 'x\n');
    commit();
    for (let at = 0; at < 300; at += 1) write(`images/${at % 7}/${at}.png`, Buffer.alloc(1000, at));
    write('images/load.py', 'code\n');
    write('notes.txt', 'note\n');
    const run = await capture({ snapshotLimit: 50_000 });
    assert.equal(run.status, 'partial');
    assert.match(
      run.detail ?? '',
      /images: untracked files of 300 kB are not kept.*limits\.snapshot \(50 kB\)/,
    );
    assert.equal(run.value.leftOut.length, 300);
    assert.ok(run.value.leftOut.every(({ reason }) => reason === 'size-limit'));
    assert.deepEqual([...restore(run.runId).keys()], ['images/load.py', 'notes.txt', 'train.py']);
    assert.equal((await capture({ snapshotLimit: 50_000 })).value.tree, run.value.tree);
    const whole = await capture({ snapshotLimit: 400_000 });
    assert.equal(whole.status, 'captured', whole.detail ?? '');
    assert.deepEqual(restore(whole.runId), readFiles(repo));
    assert.equal((await capture({ snapshotLimit: 50_000 })).value.tree, run.value.tree);
  });
});

/** Text that does not compress, the same each time. */
function randomText(length: number, seed: number): string {
  let state = seed;
  const chars: string[] = [];
  while (chars.length < length) {
    state = (state * 1103515245 + 12345) % 2147483648;
    chars.push(String.fromCharCode(33 + (state % 90)));
  }
  return chars.join('');
}

function sizeOf(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.reduce((sum, name) => {
    const stat = statSync(join(folder, name));
    return sum + (stat.isFile() ? stat.size : 0);
  }, 0);
}

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createFixture, type Fixture, observe, readFiles } from './code-fixture.ts';

const names = ['a.txt', 'b.id', 'c.c', 'd/a.txt', 'd/e/f.c', 'g h.txt', 'x', 'x/y.txt', 'd', 'd/e'];
const contents = ['one\n', 'two\r\n', 'one\r\ntwo\n', '$Id$\n', '$Id: x $\n', '', 'three\n'];
const flags = ['--assume-unchanged', '--skip-worktree', '--no-assume-unchanged', '--chmod=+x'];
const attributes = ['*.txt text\n', '* -text\n', '*.c eol=crlf\n', '*.id ident\n', ''];

/** Numbers in [0, 1) that are the same for a seed on every machine. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** One step of somebody who works: writes, deletes, links, stages, commits, resets, marks. */
function work({ repo, git, write }: Fixture, random: () => number): void {
  const pick = (list: string[]) => list[Math.floor(random() * list.length)] ?? '';
  const name = pick(names);
  const file = join(repo, name);
  const steps: (() => void)[] = [
    () => rmSync(file, { recursive: true, force: true }),
    () => git('add', '--all'),
    () => git('commit', '--quiet', '--all', '--message', 'work'),
    () => git('reset', '--quiet', pick(['--hard', '--mixed'])),
    () => git('rm', '--quiet', '--cached', '-r', name),
    () => git('update-index', pick(flags), name),
    () => write('.gitattributes', pick(attributes)),
    () => git('config', 'core.autocrlf', pick(['true', 'false', 'input'])),
    () => {
      rmSync(file, { recursive: true, force: true });
      mkdirSync(join(file, '..'), { recursive: true });
      symlinkSync(pick(names), file);
    },
  ];
  const chosen = Math.floor(random() * (steps.length + 5));
  try {
    (steps[chosen] ?? (() => write(name, pick(contents))))();
  } catch {
    // A folder in the way, nothing to commit: the next step, then.
  }
}

describe('a random walk of work between launches', function () {
  this.timeout(60_000);

  for (const seed of [3, 7, 11]) {
    it(`is captured exactly at every step (seed ${seed})`, async () => {
      const fixture = createFixture();
      try {
        const random = createRandom(seed);
        for (let launch = 0; launch < 25; launch += 1) {
          for (let step = 0; step < 3; step += 1) work(fixture, random);
          const before = observe(fixture);
          const run = await fixture.capture();
          assert.equal(run.status, 'captured', `launch ${launch}: ${run.detail}`);
          assert.deepEqual(observe(fixture), before, `launch ${launch}`);
          assert.deepEqual(fixture.restore(run.runId), readFiles(fixture.repo), `launch ${launch}`);
        }
      } finally {
        fixture.close();
      }
    });
  }
});

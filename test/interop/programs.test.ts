import assert from 'node:assert/strict';
import { findDifferences } from './compare-runs.ts';
import { findDeviations } from './judge.ts';
import { programs } from './programs.ts';
import { ProgramRuns, python } from './run-program.ts';

/**
 * Each program runs as it is, and once more recorded while strace follows all of it: what the system
 * saw of its files is the truth that the record is held against, by path and by digest.
 */
describe('real programs', () => {
  before(function () {
    if (python === undefined) this.skip();
  });

  for (const program of programs) {
    it(`${program.name}: each file that it read and wrote is in the record, and no other`, async () => {
      const runs = new ProgramRuns(program);
      try {
        const plain = await runs.runPlain();
        const recorded = await runs.runRecorded();
        const { record, jobs, finished } = recorded;
        assert.equal(finished.code, program.exitCode ?? 0, finished.stderr);
        assert.deepEqual(findDeviations(recorded, program.unseen?.files ?? null), []);
        const unseen = [record, ...jobs].flatMap(({ capture }) =>
          [capture.data, capture.artifacts].flatMap(({ status, detail }) =>
            ['captured', 'absent'].includes(status) ? [] : [`${status}: ${detail}`],
          ),
        );
        if (program.unseen === undefined) assert.deepEqual(unseen, []);
        else assert.match(unseen.join('\n'), program.unseen.says);
        await program.check?.({ ...recorded, stdout: finished.stdout });
        // A further run takes the place of what was recorded.
        let differences = findDifferences(program, recorded, plain, null);
        if (differences.length > 0)
          differences = findDifferences(program, recorded, plain, await runs.runPlain());
        assert.deepEqual(differences, []);
      } finally {
        runs.dispose();
      }
    });
  }
});

import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import type { Judgement } from '../../agent/protocol/judgement.ts';
import { judgementPath, readJudgements, writeJudgement } from '../../agent/store/judgements.ts';
import { makeWorkspace, timeAt } from '../support/journals.ts';

function makeJudgement(changes: Partial<Judgement> = {}): Judgement {
  return {
    schemaVersion: 1,
    id: uuidv7(),
    kind: 'note',
    subject: { kind: 'run', run: null, digest: null, path: null, name: null, version: null },
    by: { name: 'Ada', email: null, kind: 'person', identity: null },
    at: timeAt(0),
    reason: 'seen',
    ...changes,
  };
}

describe('judgements', () => {
  let workspace: ReturnType<typeof makeWorkspace>;
  beforeEach(() => {
    workspace = makeWorkspace();
  });
  afterEach(() => workspace.remove());

  it('are files of their own, read-only, with every member', () => {
    const { layout } = workspace;
    const judgement = makeJudgement({ hypothesis: 'smaller is better' });
    writeJudgement(layout, judgement);
    const path = judgementPath(layout, judgement.id);
    assert.equal(statSync(path).mode & 0o777, 0o444);
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), judgement);
    assert.deepEqual(readJudgements(layout), [judgement]);
  });

  it('are never written over', () => {
    const { layout } = workspace;
    const judgement = makeJudgement();
    writeJudgement(layout, judgement);
    assert.throws(() => writeJudgement(layout, { ...judgement, reason: 'else' }), {
      code: 'judgement-exists',
    });
    assert.equal(readJudgements(layout)[0]?.reason, 'seen');
  });

  it('are read oldest first, without what is none', () => {
    const { layout } = workspace;
    const late = makeJudgement({ at: timeAt(9) });
    const early = makeJudgement({ at: timeAt(1) });
    for (const judgement of [late, early]) writeJudgement(layout, judgement);
    writeFileSync(judgementPath(layout, uuidv7()), JSON.stringify(early));
    writeFileSync(judgementPath(layout, uuidv7()), 'null');
    writeFileSync(join(layout.judgements, 'README.json'), '{}');
    assert.deepEqual(
      readJudgements(layout).map(({ id }) => id),
      [early.id, late.id],
    );
  });
});

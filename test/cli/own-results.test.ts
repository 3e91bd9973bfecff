import assert from 'node:assert/strict';
import { Workspace } from '../support/workspace.ts';

const program = `import os
with open('result.txt', 'a') as file: file.write('one more\\n')
os.makedirs('figures', exist_ok=True)
open('figures/loss.svg', 'w').write('<svg/>')
open('generated.py', 'w').write('VALUE = 1\\n')
`;

describe('files that an earlier run wrote beside the code', () => {
  let workspace: Workspace;
  before(() => {
    workspace = new Workspace({ 'a.py': program });
  });
  after(() => workspace.dispose());

  const launch = async () => {
    const { stderr, code } = await workspace.run(['run', '--', 'python3', 'a.py']);
    assert.equal(code, 0, stderr);
    return { stderr, record: await workspace.show(workspace.runs().at(-1) ?? '') };
  };

  it('are results and no uncommitted code, but for source files, which a person may have written', async () => {
    const first = await launch();
    assert.equal(first.record.code.clean, true);
    const second = await launch();
    assert.match(second.stderr, /1 file is not committed: generated\.py/);
    const changes = second.record.code.changes as { path: string }[];
    assert.deepEqual(
      changes.map(({ path }) => path),
      ['generated.py'],
    );
    const leftOut = second.record.code.leftOut.map(({ path, reason }) => `${path} ${reason}`);
    assert.deepEqual(leftOut.sort(), ['figures/loss.svg output', 'result.txt output']);
  });

  it('leave two runs of the same things with one fingerprint', async () => {
    workspace.git('add', 'generated.py');
    workspace.git('commit', '--quiet', '--message=generated');
    const one = await launch();
    const other = await launch();
    assert.equal(one.record.fingerprint, other.record.fingerprint);
  });

  it('are uncommitted where no run is known to have written them', async () => {
    workspace.write('notes.txt', 'by hand');
    const { stderr } = await launch();
    assert.match(stderr, /1 file is not committed: notes\.txt/);
  });
});

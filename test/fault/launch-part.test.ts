import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Workspace } from '../support/workspace.ts';

const config = 'lr: 0.1\n';
const data = '1 2\n3 4\n';
/** Copies the launch line as it finds it, then ruins all that the launch has captured. */
const program = `
import os, shutil, subprocess
journal = os.path.join(os.environ['RUNRECORD_DIR'], 'journal.jsonl')
os.makedirs('out')
with open(journal, 'rb') as source, open('out/first-line', 'wb') as copy: copy.write(source.readline())
open('train.py', 'w').write('raise SystemExit')
open('config.yaml', 'w').write('lr: 99\\n')
os.remove('data.csv')
open('untracked.py', 'w').write('changed')
subprocess.run(['git', 'commit', '-qam', 'another'], check=True)
`;

describe('the launch part of a record', () => {
  let workspace: Workspace;
  afterEach(() => workspace.dispose());

  it('is on disk before the program does anything, and nothing that it does changes it', async () => {
    workspace = new Workspace({ 'train.py': program, 'config.yaml': config, 'data.csv': data });
    workspace.write('untracked.py', 'as it was');
    const commit = workspace.git('rev-parse', 'HEAD').trim();
    const { code, record } = await workspace.record([
      ...['--config', 'config.yaml', '--data', 'data.csv', '--', 'python3', 'train.py'],
    ]);
    assert.equal(code, 0);

    const seen = workspace.read('out/first-line');
    const journal = workspace.read(`.runrecord/runs/${record.id}/journal.jsonl`);
    assert.ok(seen.endsWith('}\n') && journal.startsWith(seen), 'the line the program saw stands');
    assert.equal(JSON.parse(seen).type, 'launch');

    assert.equal(record.code.commit, commit);
    const inSnapshot = (path: string) =>
      workspace.git('show', `${record.code.snapshot?.commit}:${path}`);
    assert.equal(inSnapshot('train.py'), program);
    assert.equal(inSnapshot('untracked.py'), 'as it was');
    assert.deepEqual(record.config.resolved, { lr: 0.1 });
    const digest = `sha256:${createHash('sha256').update(data).digest('hex')}`;
    assert.equal(record.data.find(({ path }) => path === 'data.csv')?.digest, digest);
  });
});

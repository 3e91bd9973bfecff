import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../agent/protocol/record.ts';
import type { Verification } from '../../agent/protocol/verbs.ts';
import { Workspace } from '../support/workspace.ts';

const program = `
import os
os.makedirs('out', exist_ok=True)
open('out/model.bin', 'w').write('weights')
print('done')
`;

describe('a record in which one byte was changed', () => {
  let workspace: Workspace;
  let record: RunRecord;
  before(async () => {
    workspace = new Workspace({ 'train.py': program, 'config.yaml': 'lr: 0.1\n' });
    const words = ['--config', 'config.yaml', '--', 'python3', 'train.py'];
    ({ record } = await workspace.record(words));
  });
  after(() => workspace.dispose());

  const verify = async () => {
    const { code, stdout } = await workspace.run(['verify', record.id, '--json']);
    const { ok, problems } = JSON.parse(stdout) as Verification;
    assert.equal(code, ok ? 0 : 1);
    return problems.map(({ subject }) => subject);
  };
  /** What `verify` names while a byte of the file is another one. */
  const whileChanged = async (path: string, at: number) => {
    const file = join(workspace.root, path);
    const bytes = readFileSync(file);
    chmodSync(file, 0o644);
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(file, changed);
    const named = await verify();
    writeFileSync(file, bytes);
    return named;
  };

  it('has no problem before', async () => {
    assert.deepEqual(await verify(), []);
  });

  it('is named by the line of its journal', async () => {
    const journal = `.runrecord/runs/${record.id}/journal.jsonl`;
    const lines = workspace.read(journal).split('\n');
    const at = (lines[0]?.length ?? 0) + 1 + (lines[1]?.indexOf('startedAt') ?? 0);
    const named = await whileChanged(journal, at);
    assert.match(named[0] ?? '', /journal\.jsonl:2$/);
  });

  it('is named by the object, the log and the artifact', async () => {
    const [, hex = ''] = /^sha256:(.*)$/.exec(record.config.sources[0]?.digest ?? '') ?? [];
    const object = `.runrecord/objects/${hex.slice(0, 2)}/${hex.slice(2)}`;
    const log = `.runrecord/runs/${record.id}/output.log`;
    for (const path of [object, log, 'out/model.bin']) {
      const named = await whileChanged(path, 1);
      assert.equal(named.length, 1, path);
      assert.ok(path.endsWith(named[0] ?? 'nothing'), `${path} is told as ${named[0]}`);
    }
  });

  it('is named by the snapshot, changed or gone', async () => {
    const { ref, commit } = record.code.snapshot ?? { ref: '', commit: '' };
    workspace.git('update-ref', ref, 'HEAD^{commit}');
    const moved = await verify();
    workspace.git('update-ref', '-d', ref);
    const gone = await verify();
    workspace.git('update-ref', ref, commit);
    for (const named of [moved, gone]) assert.match(named.join(' '), new RegExp(ref));
    const blob = workspace.git('rev-parse', `${commit}:train.py`).trim();
    rmSync(join(workspace.root, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    assert.match((await verify()).join(' '), /train\.py|refs\/runrecord/);
  });

  it('is named by an end that was cut off, by the anchor in the repository', async () => {
    const journal = join(workspace.root, `.runrecord/runs/${record.id}/journal.jsonl`);
    const whole = readFileSync(journal, 'utf8');
    const lines = whole.trimEnd().split('\n');
    writeFileSync(journal, `${lines.slice(0, -1).join('\n')}\n`);
    const named = await verify();
    writeFileSync(journal, whole);
    assert.ok(named.length > 0);
  });
});

describe('a file that two runs have written, changed by hand', () => {
  it('is told once, with what the newer one left there', async () => {
    const workspace = new Workspace({});
    try {
      const digests: (string | null | undefined)[] = [];
      for (const content of ['first', 'second']) {
        const command = ['--', 'sh', '-c', 'mkdir -p out; echo $0 > out/model.bin', content];
        const { record } = await workspace.record(command);
        digests.push(record.artifacts[0]?.digest);
      }
      assert.equal((await workspace.run(['verify', '--all'])).code, 0);
      workspace.write('out/model.bin', 'by hand\n');
      const { code, stdout } = await workspace.run(['verify', '--all', '--json']);
      const { problems } = JSON.parse(stdout) as Verification;
      assert.equal(code, 1);
      assert.deepEqual(
        problems.map(({ subject, expected }) => [subject, expected]),
        [['out/model.bin', digests[1]]],
      );
    } finally {
      workspace.dispose();
    }
  });
});

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../agent/protocol/record.ts';
import { endAll, repositoryState, runFile } from '../support/faults.ts';
import { finish, until, Workspace } from '../support/workspace.ts';

const program = `
import json, os, sys, time
name = sys.argv[1]
os.makedirs(name, exist_ok=True)
for step in range(4):
    with open(name + '/model.tmp', 'w') as file: file.write('%s %d' % (name, step))
    os.replace(name + '/model.tmp', name + '/model.bin')
    with open(os.environ['RUNRECORD_EVENTS'], 'a') as file:
        file.write(json.dumps({'type': 'metric', 'name': 'loss', 'value': step, 'step': step}) + '\\n')
    print(name, step, flush=True)
    time.sleep(0.3)
`;
const views = [
  'runs',
  'config',
  'inputs',
  'artifacts',
  'metrics',
  'points',
  'packages',
  'custom',
  'judgements',
  'lineage',
  'capture',
];

describe('many recorders in one workspace', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace({
      'train.py': program,
      'config.yaml': 'lr: 0.1\n',
      'data.csv': '1 2\n',
      'fail.py': 'raise ValueError("no such mode")\n',
    });
  });
  afterEach(async () => {
    await endAll(workspace);
    workspace.dispose();
  });

  const start = (name: string) =>
    workspace.record([
      ...['--name', name, '--out', name, '--config', 'config.yaml', '--data', 'data.csv'],
      ...['--', 'python3', 'train.py', name],
    ]);

  const sqlite = (sql: string) => {
    const index = join(workspace.root, '.runrecord/runs.sqlite');
    return execFileSync('sqlite3', ['-cmd', '.timeout 5000', index, sql], { encoding: 'utf8' });
  };

  const rows = async () => {
    const found: Record<string, string[]> = {};
    for (const view of views) {
      const all = await workspace.query(`select * from ${view}`);
      found[view] = all.map((row) => JSON.stringify(row)).sort();
    }
    return found;
  };

  for (const count of [2, 6]) {
    it(`records ${count} at once whole, while the stock sqlite3 reads`, async () => {
      const names = Array.from({ length: count }, (_, at) => `r${at}`);
      await workspace.run(['run', '--quiet', '--name', 'first', '--', 'true']);
      let reads = 0;
      let over = false;
      const reading = (async () => {
        while (!over) {
          const answer = await finish(
            spawn('sqlite3', [
              ...['-cmd', '.timeout 5000', join(workspace.root, '.runrecord/runs.sqlite')],
              'select count(*) from runs; pragma integrity_check',
            ]),
          );
          assert.equal(answer.code, 0, answer.stderr);
          assert.match(answer.stdout, /^\d+\nok\n$/);
          reads += 1;
        }
      })();
      const finished = await Promise.all(names.map(start));
      over = true;
      await reading;
      assert.ok(reads > 1);
      for (const [at, { code, stdout, record }] of finished.entries()) {
        const name = names[at] as string;
        assert.equal(code, 0);
        assert.equal(stdout, [0, 1, 2, 3].map((step) => `${name} ${step}\n`).join(''));
        assert.equal(record.lifecycle.status, 'succeeded');
        assert.equal(record.complete, true);
        assert.equal(record.metrics[0]?.count, 4);
        const present = record.artifacts.filter(({ state }) => state === 'present');
        assert.deepEqual(
          present.map(({ path, attribution }) => [path, attribution]),
          [[`${name}/model.bin`, { kind: 'observed', runs: [record.id] }]],
        );
      }
      assert.equal(sqlite('select count(*) from runs').trim(), String(count + 1));
      assert.equal(sqlite('pragma integrity_check').trim(), 'ok');
      const { code, stdout } = await workspace.run(['verify', '--all']);
      assert.equal(code, 0, stdout);
    });
  }

  it('come back the same from their folders, and from the repository', async () => {
    const { record } = await start('kept');
    await workspace.record(['--', 'python3', 'fail.py']);
    await workspace.run(['run', '--', 'no-such-program']);
    await workspace.run(['note', record.id, 'a good one']);
    const before = await rows();
    assert.equal(before.runs?.length, 3);

    for (const end of ['', '-wal', '-shm']) {
      rmSync(join(workspace.root, `.runrecord/runs.sqlite${end}`), { force: true });
    }
    assert.equal((await workspace.run(['reindex'])).code, 0);
    assert.deepEqual(await rows(), before);

    const journals = new Map(
      workspace.runs().map((id) => [id, readFileSync(runFile(workspace, id, 'journal.jsonl'))]),
    );
    workspace.git('clean', '--quiet', '-ffdx');
    assert.deepEqual(workspace.runs(), []);
    const recovered = await workspace.run(['reindex', '--recover']);
    assert.equal(recovered.code, 0, recovered.stderr);
    assert.deepEqual(workspace.runs(), [...journals.keys()].sort());
    for (const [id, bytes] of journals) {
      assert.ok(bytes.equals(readFileSync(runFile(workspace, id, 'journal.jsonl'))));
    }
    const shown = await workspace.show(record.id);
    assert.deepEqual(shown.artifacts, record.artifacts);
    const { runs, metrics, points, artifacts } = await rows();
    assert.deepEqual(
      { runs, metrics, points, artifacts },
      {
        runs: before.runs,
        metrics: before.metrics,
        points: before.points,
        artifacts: before.artifacts,
      },
    );
  });

  it('leave .git as it was, whatever became of the runs', async () => {
    workspace.write('config.yaml', 'lr: 0.2\n');
    workspace.git('add', 'config.yaml');
    workspace.write('config.yaml', 'lr: 0.3\n');
    workspace.write('new file.txt', 'untracked\n');
    const status = workspace.git('status', '--porcelain=v2', '--untracked-files=all');
    const repository = repositoryState(workspace.root);
    await start('kept');
    await workspace.run(['run', '--', 'python3', 'fail.py']);
    await workspace.run(['run', '--', 'no-such-program']);
    await workspace.run(['run', '--gate', 'dirty-tree=block', '--', 'true']);
    await workspace.run(['run', '--no-log', '--', 'sh', '-c', 'kill -9 $$']);
    await workspace.run(['run', '--', 'sh', '-c', '(sleep 0.3; echo late) & exit 0']);
    await workspace.run(['check', '--', 'true']);
    for (const words of [['list'], ['verify', '--all'], ['reindex'], ['reindex', '--recover']]) {
      await workspace.run(words);
    }
    const ids = workspace.runs();
    await workspace.run(['diff', ids[0] as string, ids[1] as string]);
    await until(() => {
      const closed = ids.filter((id) =>
        workspace.read(`.runrecord/runs/${id}/journal.jsonl`).includes('"type":"closed"'),
      );
      return closed.length === ids.length;
    }, 'all records to be closed');
    assert.deepEqual(repositoryState(workspace.root), repository);
    rmSync(join(workspace.root, 'kept'), { recursive: true });
    assert.equal(workspace.git('status', '--porcelain=v2', '--untracked-files=all'), status);
  });

  it('show each line that was changed, and a journal that was written anew', async () => {
    const { record } = await start('kept');
    const journal = runFile(workspace, record.id, 'journal.jsonl');
    const whole = readFileSync(journal, 'utf8');
    const lines = whole.trimEnd().split('\n');
    assert.ok(lines.length >= 6);
    for (const [at, line] of lines.entries()) {
      const changed = [...lines];
      changed[at] = line.replace(/"at":"2/, '"at":"3');
      writeFileSync(journal, `${changed.join('\n')}\n`);
      const { code, stdout } = await workspace.run(['verify', record.id]);
      assert.equal(code, 1);
      assert.match(stdout, new RegExp(`journal\\.jsonl:${at + 1}\\b`), `line ${at + 1}`);
    }
    for (const left of [1, lines.length >> 1, lines.length - 1]) {
      writeFileSync(journal, `${lines.slice(0, left).join('\n')}\n`);
      assert.equal((await workspace.run(['verify', record.id])).code, 1, `${left} lines left`);
    }

    // A forger who hashes all lines anew, and removes the index that knows the old end.
    writeFileSync(journal, rewrite(lines, record));
    for (const end of ['', '-wal', '-shm']) {
      rmSync(join(workspace.root, `.runrecord/runs.sqlite${end}`), { force: true });
    }
    const forged = await workspace.run(['verify', record.id]);
    assert.equal(forged.code, 1);
    assert.match(forged.stdout, /journal\.jsonl/);
    assert.match(forged.stdout, /anchored/);

    writeFileSync(journal, whole);
    // The index has seen the forged end, and remembers it.
    rmSync(join(workspace.root, '.runrecord/runs.sqlite'), { force: true });
    const anew = await workspace.run(['verify', record.id]);
    assert.equal(anew.code, 0, anew.stdout);
  });
});

/** The journal with another reason in its launch line, and a chain that is consistent. */
function rewrite(lines: string[], record: RunRecord): string {
  let prev: string | null = null;
  return lines
    .map((line) => {
      const { hash: _, ...entry } = JSON.parse(line);
      if (entry.type === 'launch') entry.data.name = `not ${record.name}`;
      const body = JSON.stringify({ ...entry, prev });
      prev = `sha256:${createHash('sha256').update(body).digest('hex')}`;
      return `${body.slice(0, -1)},"hash":"${prev}"}\n`;
    })
    .join('');
}

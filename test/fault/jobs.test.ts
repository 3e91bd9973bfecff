import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until, Workspace } from '../support/workspace.ts';

/** Says of itself what a sweep says: jobs one after the other, each waiting for its record. */
const sweep = `import os, sys, time
inside = sys.modules['_runrecord.report']
say = lambda **line: inside.report(line)
folder = os.path.join(os.environ['RUNRECORD_DIR'], 'observed')
def wait_for(path, seconds=20):
    until = time.time() + seconds
    while not os.path.exists(path) and time.time() < until: time.sleep(0.01)
def job(number, lr, body=lambda place: None):
    place = os.path.abspath('sweep/%d' % number)
    os.makedirs(place, exist_ok=True)
    say(t='job', event='start', job=number, overrides=['lr=%s' % lr], directory=place)
    inside.set_job(number)
    wait_for(os.path.join(folder, 'job-%d.ready' % number), 3)
    say(t='config', system='hydra', values={'lr': lr}, origins={'lr': {'kind': 'override', 'text': 'lr=%s' % lr}}, unresolved=[])
    say(t='metrics', source='x', points=[['loss', lr, 1, None, None]])
    import runrecord
    runrecord.log('own', lr, step=1)
    with open(os.path.join(place, 'model.bin'), 'w') as file: file.write(str(lr))
    body(place)
def end(number, status, message=None, traceback=None):
    say(t='job', event='end', job=number, status=status, message=message, traceback=traceback)
    inside.set_job(None)
`;

const ends = `
job(0, 0.1)
end(0, 'succeeded', None)
job(1, 0.2)
end(1, 'failed', 'ValueError: bad rate', 'Traceback: here')
`;

const pauses = `
job(0, 0.1)
end(0, 'succeeded', None)
def pause(place):
    open('paused', 'w').close()
    wait_for('go-on')
job(1, 0.2, pause)
end(1, 'succeeded', None)
job(2, 0.3)
end(2, 'succeeded', None)
`;

const killed = `
job(0, 0.1)
end(0, 'succeeded', None)
job(1, 0.2, lambda place: os.kill(os.getpid(), 9))
`;

describe('a run of several jobs', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace({ 'c.yaml': 'lr: 1\n' });
  });
  afterEach(() => workspace.dispose());

  const write = (body: string) => workspace.write('sweep.py', `${sweep}${body}`);
  const command = ['run', '--name', 'sweep', '--config', 'c.yaml', '--', 'python3', 'sweep.py'];
  /** The parent's record, then those of its jobs in their order. */
  async function records() {
    const all = await Promise.all(workspace.runs().map((id) => workspace.show(id)));
    const parent = all.find((record) => record.parent === null) ?? assert.fail('no parent');
    const jobs = all.filter((record) => record.parent === parent.id);
    return { parent, jobs: jobs.sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1)) };
  }

  it('keeps a record for each, with its own configuration, metrics, artifacts and end', async () => {
    write(ends);
    const { code } = await workspace.run(['run', '--record-file', 'id.txt', ...command.slice(1)]);
    assert.equal(code, 0);
    const { parent, jobs } = await records();
    assert.equal(workspace.read('id.txt').trim(), parent.id);
    assert.deepEqual(
      jobs.map(({ name, lifecycle }) => [name, lifecycle.status, lifecycle.failure?.message]),
      [
        ['sweep.0', 'succeeded', undefined],
        ['sweep.1', 'failed', 'ValueError: bad rate'],
      ],
    );
    for (const [number, job] of jobs.entries()) {
      assert.deepEqual(job.config.resolved, { lr: [0.1, 0.2][number] });
      assert.deepEqual(job.config.overrides, [`lr=${[0.1, 0.2][number]}`]);
      const last = [0.1, 0.2][number];
      assert.deepEqual(
        job.metrics.map(({ name, last, count, source }) => [name, last, count, source]).sort(),
        [
          ['loss', last, 1, 'x'],
          ['own', last, 1, 'events'],
        ],
      );
      assert.deepEqual(
        job.artifacts.map(({ path }) => path),
        [`sweep/${number}/model.bin`],
      );
      assert.equal(job.code.tree, parent.code.tree);
      const ref = workspace.git('rev-parse', job.code.snapshot?.ref ?? '').trim();
      assert.equal(ref, parent.code.snapshot?.commit);
    }
    assert.equal(jobs[1]?.lifecycle.failure?.traceback, 'Traceback: here');
    assert.deepEqual(parent.artifacts, []);
    assert.deepEqual(parent.metrics, []);
    const { code: verified, stdout } = await workspace.run(['verify', '--all']);
    assert.equal(verified, 0, stdout);
  });

  it('is killed with the job that it was at; those before it are whole, those after it are none', async () => {
    write(killed);
    await workspace.run(command);
    const { parent, jobs } = await records();
    assert.equal(parent.lifecycle.status, 'killed');
    assert.deepEqual(
      jobs.map(({ lifecycle }) => [lifecycle.status, lifecycle.signal]),
      [
        ['succeeded', null],
        ['killed', 'SIGKILL'],
      ],
    );
    assert.equal(jobs[1]?.artifacts[0]?.path, 'sweep/1/model.bin');
  });

  it('loses no job and doubles no metric when its recorder is killed in the middle of one', async () => {
    write(pauses);
    const recorder = workspace.start(command, { stdio: 'ignore' });
    await until(() => existsSync(join(workspace.root, 'paused')), 'job 1 has begun');
    recorder.kill('SIGKILL');
    await until(() => recorder.signalCode !== null, 'the recorder is gone');
    workspace.write('go-on', '');
    const parentId = () => workspace.runs()[0] ?? '';
    await until(async () => {
      // Whoever launches or looks next has it finished; here the keeper does.
      const { jobs, parent } = await records().catch(() => ({ jobs: [], parent: null }));
      const isClosed = (record: { files: unknown } | undefined) => (record?.files ?? null) !== null;
      return parent !== null && isClosed(parent) && jobs.length === 3 && jobs.every(isClosed);
    }, `${parentId()} and its jobs are closed`);
    const { jobs } = await records();
    assert.deepEqual(
      jobs.map(({ lifecycle, metrics }) => [
        lifecycle.status,
        ...metrics.map(({ name, count }) => `${name} ${count}`).sort(),
      ]),
      [
        ['succeeded', 'loss 1', 'own 1'],
        ['succeeded', 'loss 1', 'own 1'],
        ['succeeded', 'loss 1', 'own 1'],
      ],
    );
  });
});

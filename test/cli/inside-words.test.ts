import assert from 'node:assert/strict';
import { until, Workspace } from '../support/workspace.ts';

/** A program that says what frameworks would say inside of it, in the lines of a process of its own. */
const speaker = `import json, os, sys
folder = os.path.join(os.environ['RUNRECORD_DIR'], 'observed')
def say(**line):
    with open(os.path.join(folder, '%d-words.jsonl' % os.getpid()), 'a') as file:
        file.write(json.dumps(line) + '\\n')
say(t='process', pid=os.getpid(), ppid=os.getppid(), started=None, python='3', executable=sys.executable, argv=sys.argv, cwd=os.getcwd(), via='start')
exec(open(sys.argv[1]).read())
`;

describe('what a program says from inside', () => {
  let workspace: Workspace;
  let count = 0;
  before(() => {
    workspace = new Workspace({
      'speak.py': speaker,
      'conf.yaml': 'lr: 0.1\nsteps: 10\n',
    });
  });
  after(() => workspace.dispose());

  /** Runs a program that says these things, and answers its record. */
  async function record(body: string, ...more: string[]) {
    count += 1;
    workspace.write(`body-${count}.txt`, body);
    await workspace.run(['run', ...more, '--', 'python3', 'speak.py', `body-${count}.txt`]);
    return workspace.show(workspace.runs().at(-1) ?? '');
  }

  describe('of its configuration', () => {
    it('is the truth, with origins of the launch where it has none that are better', async () => {
      const { config, capture } = await record(
        `say(t='config', system='hydra', values={'lr': 0.5, 'steps': 10}, origins={'lr': {'kind': 'override', 'text': 'lr=0.5'}, 'steps': {'kind': 'default'}}, unresolved=[])`,
        ...['--config', 'conf.yaml'],
      );
      assert.deepEqual(config.resolved, { lr: 0.5, steps: 10 });
      assert.deepEqual(config.origins.lr, { kind: 'override', text: 'lr=0.5' });
      assert.deepEqual(config.origins.steps, { kind: 'file', path: 'conf.yaml', line: 2 });
      assert.deepEqual(config.differences, [{ key: 'lr', atLaunch: 0.1, inProgram: 0.5 }]);
      assert.equal(capture.config.status, 'captured');
    });

    it('goes together where a command line alone was told: files that the program reads itself count', async () => {
      const { config } = await record(
        `say(t='config', system='argparse', values={'depth': 3}, origins={}, unresolved=[])`,
        ...['--config', 'conf.yaml'],
      );
      assert.equal(config.resolved?.depth, 3);
      assert.equal(config.resolved?.lr, 0.1);
    });

    it('is replaced by what it says later under the same id, and added to under another', async () => {
      const { config } = await record(`
say(t='config', system='click', id='a', values={'x': 1, 'y': 1}, origins={}, unresolved=[])
say(t='config', system='click', id='a', values={'x': 2}, origins={}, unresolved=[])
say(t='config', system='pydantic', id='b', values={'z': {'k': 1}}, origins={}, unresolved=[{'key': 'z.m', 'reason': 'missing-value'}])
`);
      assert.deepEqual(config.resolved, { x: 2, z: { k: 1 } });
      assert.deepEqual(
        config.unresolved.map(({ key, reason }) => [key, reason]),
        [['z.m', 'missing-value']],
      );
    });

    it('has the program’s own word over all of it', async () => {
      const { config } = await record(`
with open(os.environ['RUNRECORD_EVENTS'], 'a') as file:
    file.write(json.dumps({'type': 'config', 'values': {'lr': 9}}) + '\\n')
import time; time.sleep(0.6)
say(t='config', system='argparse', values={'lr': 1, 'depth': 2}, origins={}, unresolved=[])
`);
      assert.deepEqual(config.resolved, { lr: 9, depth: 2 });
      assert.deepEqual(config.origins.lr, { kind: 'program' });
    });

    it('marks what was drawn at the start, which is no difference between two runs', async () => {
      const body = `
import datetime
say(t='config', system='argparse', values={'dir': 'out/' + datetime.datetime.now().strftime('%Y-%m-%d_%H-%M-%S'), 'lr': 1}, origins={'dir': {'kind': 'default'}}, unresolved=[])
`;
      const one = await record(body);
      assert.equal(one.config.origins.dir?.kind, 'generated');
      const other = await record(body);
      const { stdout } = await workspace.run(['diff', one.id, other.id, '--json']);
      assert.deepEqual(JSON.parse(stdout).config, []);
    });
  });

  it('of its environment: seeds of the main process, settings, the accelerator, packages', async () => {
    const { environment } = await record(`
say(t='seed', library='numpy', value=5)
say(t='seed', library='torch', value=77, generated=True)
say(t='setting', name='torch.num_threads', value=2)
say(t='setting', name='torch.backends.cudnn.deterministic', value=True)
say(t='runtime', cuda='12.4', cudnn='9.1', gpus=[{'name': 'Tesla', 'memoryBytes': 8, 'uuid': None}], blas=[{'library': 'openblas', 'version': '0.3', 'threads': 2}])
with open(os.path.join(folder, '1-worker.jsonl'), 'w') as file:
    file.write(json.dumps({'t': 'process', 'pid': 1, 'ppid': 1, 'argv': [], 'cwd': '/', 'started': None, 'python': '3', 'executable': '', 'via': 'fork'}) + '\\n')
    file.write(json.dumps({'t': 'seed', 'library': 'numpy', 'value': 123}) + '\\n')
`);
    assert.deepEqual(
      environment?.seeds.filter(({ library }) => library === 'numpy' || library === 'torch'),
      [
        { library: 'numpy', value: 5 },
        { library: 'torch', value: 77, generated: true },
      ],
    );
    assert.equal(environment?.settings['torch.num_threads'], '2');
    assert.equal(environment?.settings['torch.backends.cudnn.deterministic'], 'true');
    assert.equal(environment?.runtimes.cuda, '12.4');
    assert.equal(environment?.runtimes.cudnn, '9.1');
    assert.equal(environment?.hardware.gpus?.[0]?.name, 'Tesla');
    const loaded = environment?.blas?.find(({ library }) => library === 'openblas');
    assert.deepEqual([loaded?.version, loaded?.threads], ['0.3', 2]);
  });

  it('of its metrics: each value once, whoever says it, by who said it first', async () => {
    const { metrics } = await record(`
say(t='metrics', source='lightning', points=[['loss', 0.5, 1, None, None], ['loss', 0.25, 2, 0, 1790000000.5], ['bad', 'NaN', 1, None, None]])
say(t='metrics', source='tensorboard', points=[['loss', 0.5, 1, None, None], ['loss', 0.25, 2, None, None], ['acc', 0.9, 2, None, None]])
with open(os.environ['RUNRECORD_EVENTS'], 'a') as file:
    file.write(json.dumps({'type': 'metric', 'name': 'own', 'value': 3, 'step': 1}) + '\\n')
`);
    const told = metrics.map(({ name, last, count, source }) => [name, last, count, source]);
    assert.deepEqual(told.sort(), [
      ['acc', 0.9, 1, 'tensorboard'],
      ['bad', 'NaN', 1, 'lightning'],
      ['loss', 0.25, 2, 'lightning'],
      ['own', 3, 1, 'events'],
    ]);
  });

  it('of its metrics: what a second source keeps with fewer digits is no second value', async () => {
    const { metrics } = await record(`
say(t='metrics', source='lightning', points=[['loss', 0.123456789, 1, None, None], ['loss', 2.5, 2, None, None]])
say(t='metrics', source='csv', points=[['loss', 0.1235, 1, None, None], ['loss', 7.25, 2, None, None]])
`);
    assert.deepEqual(
      metrics.map(({ name, count, max }) => [name, count, max]),
      [['loss', 3, 7.25]],
    );
  });

  it('shows what was another value at launch', async () => {
    const { id } = await record(
      `say(t='config', system='hydra', values={'lr': 0.5, 'steps': 10}, origins={}, unresolved=[], sources=['conf.yaml'])`,
      ...['--config', 'conf.yaml'],
    );
    const { stdout } = await workspace.run(['show', id]);
    assert.match(stdout, /Other than at launch\n {2}lr +0\.1 at launch, 0\.5 in the program/);
    const { config } = await workspace.show(id);
    assert.deepEqual(
      config.sources.map(({ path, read }) => [path, read]),
      [['conf.yaml', true]],
    );
  });

  it('does not change the fingerprint, also where data had to be hashed first', async () => {
    workspace.write('runrecord.yaml', 'version: 1\nlimits: { hashBefore: 1KB }\n');
    workspace.write('big.bin', 'x'.repeat(5_000));
    workspace.write('.gitignore', 'body-*.txt\nrate.txt\n');
    workspace.write(
      'body-same.txt',
      "say(t='config', system='hydra', values={'lr': float(open('rate.txt').read())}, origins={}, unresolved=[])",
    );
    const one = async (lr: number) => {
      workspace.write('rate.txt', String(lr));
      const command = ['--', 'python3', 'speak.py', 'body-same.txt'];
      await workspace.run(['run', '--config', 'conf.yaml', '--data', 'big.bin', ...command]);
      const id = workspace.runs().at(-1) ?? '';
      // What is still hashed when the command returns is hashed behind it.
      await until(async () => (await workspace.show(id)).files !== null, 'the record is closed');
      return workspace.show(id);
    };
    const [first, second] = [await one(1), await one(2)];
    assert.equal(first.data.find(({ path }) => path === 'big.bin')?.hashed, 'during');
    assert.deepEqual([first.config.resolved, second.config.resolved], [{ lr: 1 }, { lr: 2 }]);
    assert.notEqual(first.fingerprint, null);
    assert.equal(first.fingerprint, second.fingerprint);
    workspace.write('runrecord.yaml', 'version: 1\n');
  });

  describe('of its end', () => {
    it('is the exception itself, also without a log', async () => {
      const { lifecycle } = await record(
        `
def fail(): raise LookupError('no such thing\\nin two lines')
fail()
`,
        '--no-log',
      );
      assert.equal(lifecycle.status, 'failed');
      assert.equal(lifecycle.failure?.kind, 'exception');
      assert.equal(lifecycle.failure?.message, 'LookupError: no such thing\nin two lines');
      assert.match(lifecycle.failure?.traceback ?? '', /^Traceback[\s\S]*in fail/);
    });

    it('is no exception where the program exits by itself, or was interrupted', async () => {
      const { lifecycle } = await record(`sys.exit('enough')`, '--no-log');
      assert.equal(lifecycle.failure?.kind, 'exit');
      const { lifecycle: other } = await record(
        `
try: raise ValueError('caught')
except ValueError: pass
os.kill(os.getpid(), 9)
`,
        '--no-log',
      );
      assert.equal(other.failure?.kind, 'signal');
    });
  });

  it('holds no secret, whatever line it stands in', async () => {
    const secret = 'hunter2-S3cr3t-Value';
    const { config, redactions } = await record(
      `say(t='config', system='argparse', values={'db': {'password': '${secret}'}}, origins={'db.password': {'kind': 'override', 'text': '--db-password ${secret}'}}, overrides=['--db-password', '${secret}'], unresolved=[])
say(t='redacted', where='config.other', rule='key')`,
    );
    assert.ok(!JSON.stringify(config).includes(secret), JSON.stringify(config));
    assert.ok(redactions.some(({ where }) => where === 'config.other'));
  });

  it('is taken once where a line is not one of ours, torn, or of an unknown kind', async () => {
    const { metrics, lifecycle } = await record(`
say(t='metrics', source='x', points=[['loss', 1, 1, None, None], 5, ['half'], None])
say(t='poem', text='roses')
with open(os.path.join(folder, 'z.jsonl'), 'w') as file: file.write('{"t":"metrics","source":"y","poi')
`);
    assert.equal(lifecycle.status, 'succeeded');
    assert.deepEqual(
      metrics.map(({ name, count }) => [name, count]),
      [['loss', 1]],
    );
  });

  it('cannot end the recorder, whatever it is: odd lines are not taken, and the record says so', async () => {
    const odd = [
      { t: 'config', system: 'x', values: {}, origins: { a: null }, unresolved: [] },
      { t: 'config', system: 'x', values: {}, origins: { a: { kind: 'magic' } }, unresolved: [] },
      { t: 'config', system: 'x', values: {}, origins: {}, unresolved: [null], sources: [1] },
      { t: 'runtime', gpus: 5, blas: 'x' },
      { t: 'seed', library: 'numpy', value: { a: 1 } },
      { t: 'exec', argv: [null], cwd: '/', shell: true, scrubbed: false },
      { t: 'job', event: 'start', job: -3.5, overrides: 5, directory: 7 },
      { t: 'job', event: 'start', job: 1, overrides: [5], directory: '/' },
      { t: 'module', name: 'x', file: 5 },
      { t: 'process', pid: 1.5, ppid: 0, argv: [5], cwd: 'x' },
      { t: 'read', path: 'a\0b', stat: [1, 2, 3, 4, 5] },
      { t: 'write', path: '\0', mode: 'create', stat: null },
      { t: 'rename', from: '\0', to: '\0', stat: [1, 2, 3, 4, 5] },
      { t: 'before', path: 'x', stat: [1, 2, 3, 4, 5], digest: 'none' },
      { t: 'metrics', source: 's', points: [[{}, {}], null, ['m', 1, {}, [], 'x']] },
    ];
    workspace.write('odd.jsonl', odd.map((line) => JSON.stringify(line)).join('\n'));
    const { lifecycle, capture, environment } = await record(`
import shutil, time
shutil.copy('odd.jsonl', os.path.join(folder, '1-odd.jsonl'))
time.sleep(0.5)
say(t='seed', library='torch', value=4)
with open(os.environ['RUNRECORD_EVENTS'], 'a') as file:
    for odd in ({'type': 'output', 'path': 'a\\0b'}, {'type': 'input', 'path': '\\0'}, {'type': 'output', 'path': ''}):
        file.write(json.dumps(odd) + '\\n')
`);
    assert.equal(lifecycle.status, 'succeeded');
    assert.ok(environment?.seeds.some(({ library, value }) => library === 'torch' && value === 4));
    assert.equal(capture.data.status, 'partial');
    assert.match(capture.data.detail ?? '', /what a process said is not whole/);
    const { code } = await workspace.run(['verify', '--all']);
    assert.equal(code, 0);
  });
});

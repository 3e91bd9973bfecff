import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { RunRecord } from '../../agent/protocol/record.ts';
import { until, Workspace } from '../support/workspace.ts';

const train = `
import json, os, sys, time
print('lines', len(open('data/train.csv').read().split()))
print('to stderr', file=sys.stderr)
os.makedirs('out', exist_ok=True)
for step in range(3):
    with open('out/model.tmp', 'w') as file: file.write('weights %d' % step * 100)
    os.replace('out/model.tmp', 'out/model.bin')
    with open(os.environ['RUNRECORD_EVENTS'], 'a') as file:
        file.write(json.dumps({'type': 'metric', 'name': 'loss', 'value': 1 / (step + 1), 'step': step}) + '\\n')
    time.sleep(0.5)
`;

const project = {
  'train.py': train,
  'config.yaml': 'lr: 0.1\nmodel:\n  depth: 3\ndata: data/train.csv\n',
  'data/train.csv': '1 2\n3 4\n',
};

describe('runrecord run', () => {
  let workspace: Workspace;
  afterEach(() => workspace.dispose());

  it('records code, config, data, environment and artifacts of a run', async () => {
    workspace = new Workspace(project);
    workspace.write('train.py', `${train}# edited\n`);
    const { code, stdout, stderr, record } = await workspace.record([
      ...['--name', 'digits', '--reason', 'is it steady?', '--tag', 'stage=pilot'],
      ...['--config', 'config.yaml', '--data', 'data/train.csv'],
      ...['--', 'python3', 'train.py', 'lr=0.3'],
    ]);
    assert.equal(code, 0);
    assert.equal(stdout, 'lines 4\n');
    assert.match(stderr, /^to stderr$/m);
    assert.match(stderr, /warning: 1 file is not committed: train\.py/);
    assert.equal(record.lifecycle.status, 'succeeded');
    assert.equal(record.complete, true);
    assert.deepEqual(record.intent, {
      reason: 'is it steady?',
      expectation: null,
      tags: { stage: 'pilot' },
    });
    assert.equal(record.code.commit, workspace.git('rev-parse', 'HEAD').trim());
    assert.equal(record.code.clean, false);
    assert.equal(
      workspace.git('show', `${record.code.snapshot?.commit}:train.py`),
      `${train}# edited\n`,
    );
    assert.deepEqual(record.config.resolved, {
      lr: 0.3,
      model: { depth: 3 },
      data: 'data/train.csv',
    });
    assert.deepEqual(record.config.origins.lr, { kind: 'override', text: 'lr=0.3' });
    assert.deepEqual(record.config.origins['model.depth'], {
      kind: 'file',
      path: 'config.yaml',
      line: 3,
    });
    const [data] = record.data;
    assert.equal(data?.role, 'input');
    assert.deepEqual([...(data?.seen ?? [])].sort(), ['config', 'declared', 'hook']);
    assert.match(data?.digest ?? '', /^sha256:/);
    assert.equal(record.environment?.interpreter?.name, 'python');
    assert.deepEqual(
      record.metrics.map(({ name, last, max, count }) => ({ name, last, max, count })),
      [{ name: 'loss', last: 1 / 3, max: 1, count: 3 }],
    );
    const present = record.artifacts.filter((artifact) => artifact.state === 'present');
    assert.deepEqual(
      present.map((artifact) => artifact.path),
      ['out/model.bin'],
    );
    assert.equal(present[0]?.attribution.kind, 'observed');
    assert.equal(record.artifacts.length, 3, 'each version that was complete');
  });

  it('writes a record.json that the schema allows, and that says the same as show', async () => {
    workspace = new Workspace(project);
    const { record } = await workspace.record(['--', 'python3', 'train.py']);
    const folder = `.runrecord/runs/${record.id}`;
    const document = v.parse(RunRecord, JSON.parse(workspace.read(`${folder}/record.json`)));
    const { trust, ...shown } = record as RunRecord & { trust: string };
    assert.equal(trust, 'ok');
    assert.deepEqual(document, shown);
  });

  it('passes the exit code, standard input, the folder and the three variables', async () => {
    workspace = new Workspace({ 'sub/keep': '' });
    const script = 'cat; pwd; echo "$RUNRECORD_RUN_ID $RUNRECORD_DIR"; exit 7';
    const child = workspace.start(
      ['run', '--record-file', 'id', '--quiet', '--', 'sh', '-c', script],
      {
        cwd: join(workspace.root, 'sub'),
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    child.stdin?.end('from standard input\n');
    const { finish } = await import('../support/workspace.ts');
    const { code, stdout } = await finish(child);
    const id = workspace.read('sub/id').trim();
    assert.equal(code, 7);
    assert.equal(
      stdout,
      `from standard input\n${workspace.root}/sub\n${id} ${workspace.root}/.runrecord/runs/${id}\n`,
    );
    const { lifecycle, command } = await workspace.show(id);
    assert.equal(lifecycle.status, 'failed');
    assert.equal(lifecycle.exitCode, 7);
    assert.equal(command.cwd, 'sub');
  });

  it('keeps a record of a command that does not exist, and exits as a shell does', async () => {
    workspace = new Workspace({});
    const { code, stderr, record } = await workspace.record(['--', 'no-such-program', '--x']);
    assert.equal(code, 127);
    assert.match(stderr, /no-such-program: command not found/);
    assert.equal(record.lifecycle.status, 'failed');
    assert.equal(record.lifecycle.failure?.kind, 'launch');
    workspace.write('data.txt', 'x');
    const refused = await workspace.record(['--', './data.txt']);
    assert.equal(refused.code, 126);
    assert.equal(refused.record.lifecycle.failure?.kind, 'launch');
  });

  it('tells a Python exception with its traceback', async () => {
    workspace = new Workspace({
      'fail.py': 'def f():\n    raise ValueError("no such mode")\nf()\n',
    });
    const { code, record } = await workspace.record(['--', 'python3', 'fail.py']);
    assert.equal(code, 1);
    assert.equal(record.lifecycle.failure?.kind, 'exception');
    assert.equal(record.lifecycle.failure?.message, 'ValueError: no such mode');
    assert.match(record.lifecycle.failure?.traceback ?? '', /in f\n/);
  });

  it('stops at a gate that blocks: no record, one decision, the program does not start', async () => {
    workspace = new Workspace(project);
    workspace.write('train.py', 'open("ran", "w")\n');
    const { code, stderr } = await workspace.run([
      ...['run', '--record-file', 'id', '--gate', 'dirty-tree=block', '--', 'python3', 'train.py'],
    ]);
    assert.equal(code, 4);
    assert.match(stderr, /blocked: 1 file is not committed: train\.py/);
    assert.equal(existsSync(join(workspace.root, 'ran')), false);
    assert.equal(existsSync(join(workspace.root, 'id')), false);
    assert.deepEqual(workspace.runs(), []);
    assert.equal(workspace.git('for-each-ref', 'refs/runrecord'), '');
    const decision = JSON.parse(workspace.read('.runrecord/decisions.jsonl'));
    assert.equal(decision.decision, 'blocked');
    assert.deepEqual(
      decision.gates.map((gate: { gate: string }) => gate.gate),
      ['dirty-tree'],
    );
  });

  it('gates a config file that does not parse, with its position, and goes on', async () => {
    workspace = new Workspace({ 'bad.yaml': 'a: 1\nb: [1, 2\nc: 3\n' });
    const { code, stderr, record } = await workspace.record(['--config', 'bad.yaml', '--', 'true']);
    assert.equal(code, 0);
    assert.match(stderr, /bad\.yaml:\d+/);
    assert.equal(record.config.unresolved[0]?.reason, 'syntax');
    assert.equal(record.config.unresolved[0]?.decision, 'launched-anyway');
    assert.equal(record.capture.config.status, 'partial');
    assert.equal(record.complete, false);
  });

  it('takes a named run of runrecord.yaml, with further arguments', async () => {
    workspace = new Workspace({
      ...project,
      'runrecord.yaml':
        'version: 1\nruns:\n  train: { command: "python3 train.py", config: [config.yaml], data: [train], outputs: [out] }\n' +
        'data:\n  train: { path: data/train.csv }\n',
    });
    const { code, record } = await workspace.record(['train', '--', 'model.depth=5']);
    assert.equal(code, 0);
    assert.equal(record.name, 'train');
    assert.deepEqual(record.command.argv, ['python3', 'train.py', 'model.depth=5']);
    assert.equal(record.data[0]?.name, 'train');
    assert.equal(record.outputs.declared, true);
    const unknown = await workspace.run(['run', 'trian']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /no run named "trian"/);
  });

  it('records without a repository, and says what is missing', async () => {
    workspace = new Workspace({ 'main.py': 'print(1)\n' }, { git: false });
    const { code, record } = await workspace.record(['--', 'python3', 'main.py']);
    assert.equal(code, 0);
    assert.equal(record.code.commit, null);
    assert.equal(record.capture.code.status, 'partial');
    assert.deepEqual(
      record.code.files?.map((file) => file.path),
      ['main.py'],
    );
    assert.equal(record.complete, false);
  });

  it('gives two runs of the same things one fingerprint, whatever their seed', async () => {
    workspace = new Workspace({ 'c.json': '{"lr": 1, "seed": 0}', 'a.py': 'pass\n' });
    const of = async (...words: string[]) =>
      (await workspace.record(['--config', 'c.json', '--', 'python3', 'a.py', ...words])).record
        .fingerprint;
    const first = await of();
    assert.match(first ?? '', /^sha256:/);
    assert.equal(await of(), first);
    assert.equal(await of('seed=7'), first);
    assert.notEqual(await of('lr=2'), first);
    const check = await workspace.run([
      'check',
      '--json',
      '--config',
      'c.json',
      '--',
      'python3',
      'a.py',
    ]);
    const gates = JSON.parse(check.stdout).gates as {
      gate: string;
      evidence: { message: string }[];
    }[];
    assert.match(
      gates.find((gate) => gate.gate === 'identical-run')?.evidence[0]?.message ?? '',
      /exists/,
    );
    assert.equal(check.code, 0);
  });

  it('keeps no secret from variables, arguments, configs, remotes or output', async () => {
    const secret = 'hunter2-S3cr3t-Value';
    const token = `ghp_${'a1B2'.repeat(9)}`;
    workspace = new Workspace({
      'c.yaml': `db:\n  password: ${secret}\n`,
      'a.py': `import os, sys\nprint('key', os.environ['DB_PASSWORD'], '${token}')\nraise RuntimeError(os.environ['DB_PASSWORD'])\n`,
    });
    workspace.git('remote', 'add', 'origin', `https://ada:${secret}@example.org/lab.git`);
    const { stdout, record } = await workspace.record(
      [
        '--config',
        'c.yaml',
        '--reason',
        `with ${token}`,
        '--',
        'python3',
        'a.py',
        '--api-key',
        secret,
      ],
      { env: { DB_PASSWORD: secret } },
    );
    assert.match(stdout, new RegExp(secret), 'the program prints as ever');
    const kept = workspace.allKept();
    assert.equal(kept.includes(secret), false);
    assert.equal(kept.includes(token), false);
    assert.equal(record.code.remote, 'https://example.org/lab.git');
    const places = record.redactions.map((redaction) => redaction.where);
    for (const place of ['command.argv[3]', 'intent.reason', 'output.log']) {
      assert.ok(places.includes(place), `${place} among ${places.join(', ')}`);
    }
  });

  it('links a run that is started inside another one', async () => {
    workspace = new Workspace({});
    const { record } = await workspace.record([
      '--name',
      'outer',
      '--',
      'sh',
      '-c',
      'echo $RUNRECORD_RUN_ID',
    ]);
    const child = await workspace.record(['--name', 'inner', '--', 'true'], {
      env: { RUNRECORD_RUN_ID: record.id },
    });
    assert.equal(child.record.parent, record.id);
  });

  it('returns with the main process, and records what a process left behind still writes', async () => {
    workspace = new Workspace({});
    const script =
      'mkdir -p out; (sleep 1; echo late > out/late.txt; echo printed late) & echo early > out/early.txt';
    const { code, stderr, record } = await workspace.record(['--', 'sh', '-c', script]);
    assert.equal(code, 0);
    assert.match(stderr, /still run/);
    const closed = await until(async () => {
      const now = await workspace.show(record.id);
      return now.files === null ? null : now;
    }, 'the record to be closed');
    assert.deepEqual(closed.artifacts.map((artifact) => artifact.path).sort(), [
      'out/early.txt',
      'out/late.txt',
    ]);
    assert.match(workspace.read(`.runrecord/runs/${record.id}/output.log`), /printed late/);
    assert.equal((await workspace.run(['verify', record.id])).code, 0);
  });

  it('tells data that changed during the run, with both digests', async () => {
    workspace = new Workspace({ 'data/a.csv': 'before\n' });
    const { record } = await workspace.record([
      ...['--data', 'data/a.csv', '--', 'sh', '-c', 'sleep 0.2; echo after > data/a.csv'],
    ]);
    const [entry] = record.data;
    assert.equal(entry?.changedDuringRun, true);
    assert.match(entry?.digest ?? '', /^sha256:/);
    assert.match(entry?.digestAfter ?? '', /^sha256:/);
    assert.notEqual(entry?.digest, entry?.digestAfter);
  });

  it('folds a file that only grows into one artifact', async () => {
    workspace = new Workspace({});
    const script = 'mkdir -p out; for i in 1 2 3; do echo line $i >> out/log.csv; sleep 1.6; done';
    const { record } = await workspace.record(['--', 'sh', '-c', script]);
    assert.equal(record.artifacts.length, 1);
    assert.equal(record.artifacts[0]?.sizeBytes, 'line 1\nline 2\nline 3\n'.length);
  }).timeout(30_000);

  it('calls what two runs could have written contested, and names both', async () => {
    workspace = new Workspace({});
    const script = 'mkdir -p out; sleep 1; echo $0 > out/$0.txt; sleep 1';
    const [a, b] = await Promise.all([
      workspace.record(['--', 'sh', '-c', script, 'a']),
      workspace.record(['--', 'sh', '-c', script, 'b']),
    ]);
    const both = [a.record.id, b.record.id].sort();
    for (const { record } of [a, b]) {
      assert.ok(record.artifacts.length > 0);
      for (const artifact of record.artifacts) {
        assert.deepEqual(artifact.attribution, { kind: 'contested', runs: both }, artifact.path);
      }
    }
    const apart = await Promise.all(
      ['x', 'y'].map((name) =>
        workspace.record([
          '--out',
          name,
          '--',
          'sh',
          '-c',
          'mkdir -p $0; sleep 1; echo > $0/f; sleep 1',
          name,
        ]),
      ),
    );
    for (const { record } of apart) {
      assert.deepEqual(
        record.artifacts.map((artifact) => artifact.attribution.kind),
        ['exclusive-directory'],
      );
    }
  });

  it('takes metrics that JSON cannot hold, notes and custom values from any language', async () => {
    workspace = new Workspace({});
    const lines = [
      '{"type":"metric","name":"loss","value":NaN,"step":1}',
      '{"type":"metric","name":"loss","value":0.5,"step":2}',
      '{"type":"metric","name":"tokens","value":12345678901234567890}',
      '{"type":"note","text":"warm start"}',
      '{"type":"custom","key":"lab.gpu_hours","value":1.5,"unit":"h"}',
      '{"type":"config","values":{"optimizer":{"name":"adam"}}}',
      '{"type":"seed","library":"numpy","value":7}',
      '{"type":"something-new","x":1}',
      'not json',
    ];
    workspace.write('events', `${lines.join('\n')}\n`);
    const { record } = await workspace.record([
      '--',
      'sh',
      '-c',
      'cat events >> $RUNRECORD_EVENTS',
    ]);
    assert.deepEqual(
      record.metrics.map(({ name, last, min, count }) => ({ name, last, min, count })),
      [
        { name: 'loss', last: 0.5, min: 0.5, count: 2 },
        { name: 'tokens', last: '12345678901234567890', min: '12345678901234567890', count: 1 },
      ],
    );
    assert.equal(record.notes[0]?.text, 'warm start');
    assert.deepEqual(record.custom['lab.gpu_hours'], { value: 1.5, type: 'number', unit: 'h' });
    assert.deepEqual(record.config.resolved, { optimizer: { name: 'adam' } });
    assert.deepEqual(record.config.origins['optimizer.name'], { kind: 'program' });
    assert.deepEqual(record.environment?.seeds, [{ library: 'numpy', value: 7 }]);
    const kept = readFileSync(
      join(workspace.root, '.runrecord/runs', record.id, 'events.jsonl'),
      'utf8',
    );
    assert.match(kept, /something-new/);
  });

  it('keeps an untracked module of a package that is called as an output folder is', async () => {
    workspace = new Workspace({ 'models/__init__.py': '', 'train.py': 'import models.net\n' });
    workspace.write('models/net.py', 'depth = 3\n');
    workspace.write('models/best.bin', 'weights');
    const { record } = await workspace.record(['--', 'python3', '-B', 'train.py']);
    const tree = workspace.git('ls-tree', '-r', '--name-only', record.code.tree ?? '').split('\n');
    assert.ok(tree.includes('models/net.py'));
    assert.deepEqual(
      record.code.leftOut.map(({ path, reason }) => [path, reason]),
      [['models/best.bin', 'output']],
    );
    const declared = await workspace.record(['--out', 'models', '--', 'python3', '-B', 'train.py']);
    assert.equal(declared.record.code.clean, true);
  });

  it('keeps no secret that a program tells under its name, nor one in a lock file', async () => {
    const secret = 'kept-by-n0body';
    workspace = new Workspace({
      'requirements.txt': `--index-url https://ada:${secret}@example.org/simple\nnumpy==1.0\n`,
      'tell.sh': `echo '{"type":"custom","key":"db.password","value":"'$2'"}' >> $RUNRECORD_EVENTS
echo '{"type":"config","values":{"api_key":"'$2'"}}' >> $RUNRECORD_EVENTS\n`,
    });
    const { record } = await workspace.record(['--', 'sh', 'tell.sh', '--password', secret]);
    assert.equal(workspace.allKept().includes(secret), false);
    assert.match(String(record.custom['db.password']?.value), /redacted/);
    assert.match(record.environment?.locks[0]?.object ?? '', /^sha256:/);
    const { code, stdout } = await workspace.run(['verify', record.id]);
    assert.equal(code, 0, stdout);
  });
});

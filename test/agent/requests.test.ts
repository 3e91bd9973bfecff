import assert from 'node:assert/strict';
import { join } from 'node:path';
import { AgentClient, uriOf } from '../support/agent-client.ts';
import { until, Workspace } from '../support/workspace.ts';

const train = `
import json, os, sys
lr = dict(word.split('=') for word in sys.argv[3:]).get('lr', '0.1')
os.makedirs('out', exist_ok=True)
open('out/model.bin', 'w').write('weights ' + lr)
with open(os.environ['RUNRECORD_EVENTS'], 'a') as file:
    file.write(json.dumps({'type': 'metric', 'name': 'acc', 'value': float(lr)}) + '\\n')
`;
const project = {
  'train.py': train,
  'config.yaml': 'lr: 0.1\nmodel:\n  kind: wide net\n  sizes: [1, 2]\n',
  'runrecord.yaml':
    'version: 1\nruns:\n  train: { command: "python3 train.py --config config.yaml", config: [config.yaml] }\n',
};
const command = ['--config', 'config.yaml', '--', 'python3', 'train.py', '--config', 'config.yaml'];

describe('what an editor asks of the agent', function () {
  this.timeout(120_000);
  let workspace: Workspace;
  let agent: AgentClient;
  let ids: string[];
  before(async () => {
    workspace = new Workspace(project);
    ids = [];
    for (const lr of ['0.1', '0.3']) {
      const { record } = await workspace.record(['--name', 'digits', ...command, `lr=${lr}`]);
      ids.push(record.id);
    }
    agent = await AgentClient.start({ folders: [workspace.root] });
  });
  after(async () => {
    await agent.stop();
    workspace.dispose();
  });
  const [a, b] = [() => ids[0] ?? '', () => ids[1] ?? ''];

  it('lists runs as the command line does, newest first', async () => {
    const rows = await agent.list();
    const { stdout } = await workspace.run(['list', '--json']);
    const printed = JSON.parse(stdout) as { id: string }[];
    assert.deepEqual(
      rows.map(({ folder, artifactCount, ...row }) => row),
      printed,
    );
    assert.deepEqual(
      rows.map(({ artifactCount }) => artifactCount),
      [1, 1],
    );
    assert.deepEqual(
      (await agent.list({ where: 'config.lr > 0.2' })).map(({ id }) => id),
      [b()],
    );
    assert.deepEqual(
      (await agent.list({ sort: 'acc', limit: 1 })).map(({ id }) => id),
      [a()],
    );
    assert.deepEqual(await agent.list({ folder: '/nowhere' }), []);
  });

  it('shows a run, by its id or as the command line takes it', async () => {
    const shown = await agent.request('runrecord/show', { id: a() });
    assert.deepEqual(JSON.parse(JSON.stringify(shown)), await workspace.show(a()));
    assert.equal((await agent.request('runrecord/show', { id: 'digits' })).id, b());
  });

  it('writes a run as a document', async () => {
    const { title, text } = await agent.request('runrecord/document', { id: b() });
    assert.equal(title, `digits ${b().slice(-8)}`);
    assert.match(text, /^# digits /);
    assert.match(text, /\*\*succeeded\*\*/);
    assert.match(text, /```sh\npython3 train\.py --config config\.yaml lr=0\.3\n```/);
    assert.match(text, /Since the previous run of this name .*lr 0\.1 -> 0\.3/);
    assert.match(text, /\| acc +\| +0\.3/);
    assert.match(text, /\| out\/model\.bin /);
  });

  it('writes configurations that differ only where the values do', async () => {
    const one = (await agent.request('runrecord/config', { id: a() })).text.split('\n');
    const other = (await agent.request('runrecord/config', { id: b() })).text.split('\n');
    assert.deepEqual(one.slice(0, 3), [
      'lr: 0.1  # command line',
      'model.kind: wide net  # config.yaml',
      'model.sizes: [1, 2]  # config.yaml',
    ]);
    assert.deepEqual(
      other.filter((line) => !one.includes(line)),
      ['lr: 0.3  # command line', '#   lr=0.3'],
    );
  });

  it('writes the environment a line a fact', async () => {
    const { text } = await agent.request('runrecord/environment', { id: a() });
    assert.match(text, /^interpreter:\n {2}name: python\n {2}version: 3\./);
    assert.equal(text, (await agent.request('runrecord/environment', { id: b() })).text);
  });

  it('compares two runs', async () => {
    const comparison = await agent.request('runrecord/compare', { a: a(), b: b() });
    assert.deepEqual(
      comparison.config.map(({ key, a: one, b: other }) => [key, one, other]),
      [['lr', 0.1, 0.3]],
    );
    assert.deepEqual(comparison.code.files, []);
    assert.equal(comparison.artifacts[0]?.path, 'out/model.bin');
  });

  it('offers the named runs, then distinct commands, newest first', async () => {
    const found = await agent.request('runrecord/launchables', { folder: workspace.root });
    assert.deepEqual(
      found.map(({ kind, name, label, cwd }) => [kind, name, label, cwd]),
      [
        ['named', 'train', 'python3 train.py --config config.yaml', workspace.root],
        ['recent', 'digits', 'python3 train.py --config config.yaml lr=0.3', workspace.root],
        ['recent', 'digits', 'python3 train.py --config config.yaml lr=0.1', workspace.root],
      ],
    );
  });

  it('asks the gates, with what is not saved', async () => {
    const check = await agent.request('runrecord/check', {
      folder: workspace.root,
      named: 'train',
      argv: [],
      gates: { 'unsaved-editors': 'block' },
      unsaved: ['train.py'],
    });
    assert.equal(check.verdict, 'block');
    const gate = check.gates.find((one) => one.gate === 'unsaved-editors');
    assert.equal(gate?.verdict, 'block');
    assert.deepEqual(
      gate?.evidence.map(({ path }) => path),
      ['train.py'],
    );
    const clean = await agent.request('runrecord/check', {
      folder: workspace.root,
      named: 'train',
      argv: [],
      unsaved: [],
    });
    assert.equal(clean.gates.find((one) => one.gate === 'unsaved-editors')?.verdict, 'clean');
    assert.deepEqual(workspace.runs(), ids);
  });

  it('shows the runs of folders that come and go, and those of one workspace once', async () => {
    const other = new Workspace({ 'train.py': 'print(1)\n' });
    const change = (added: string[], removed: string[]) =>
      agent.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
        event: {
          added: added.map((path) => ({ uri: uriOf(path), name: path })),
          removed: removed.map((path) => ({ uri: uriOf(path), name: path })),
        },
      });
    try {
      workspace.write('sub/file.txt', 'x');
      const { record } = await other.record(['--', 'python3', 'train.py']);
      await change([other.root, join(workspace.root, 'sub')], []);
      await until(async () => (await agent.list()).length === 3, 'all runs once');
      const [newest] = await agent.list();
      assert.deepEqual([newest?.id, newest?.folder], [record.id, other.root]);
      await change([], [other.root, join(workspace.root, 'sub')]);
      await until(async () => (await agent.list()).length === 2, 'the runs that are left');
    } finally {
      other.dispose();
    }
  });

  it('stops waiting for what was cancelled', async () => {
    const { CancellationTokenSource } = await import('vscode-languageserver/node');
    const source = new CancellationTokenSource();
    const params = { folder: workspace.root, named: 'train', argv: [], unsaved: [] };
    const asked = agent.connection.sendRequest('runrecord/check', params, source.token);
    source.cancel();
    await assert.rejects(asked, { code: -32800 });
    assert.equal((await agent.list()).length, 2);
  });
});

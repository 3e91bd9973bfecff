import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentClient } from '../support/agent-client.ts';
import { finish, until, Workspace } from '../support/workspace.ts';

// Says a metric, then waits to be told to go on: what is seen of it is seen while it runs.
const train = `
import json, os, time
def tell(value):
    with open(os.environ['RUNRECORD_EVENTS'], 'a') as file:
        file.write(json.dumps({'type': 'metric', 'name': 'loss', 'value': value}) + '\\n')
def wait_for(name):
    while not os.path.exists(name): time.sleep(0.02)
tell(0.5)
wait_for('go-1')
tell(0.25)
wait_for('go-2')
open('out/model.bin', 'w').write('weights')
`;
const project = { 'train.py': train, 'out/.keep': '' };
const command = ['run', '--name', 'digits', '--', 'python3', 'train.py'];

describe('a run that somebody else started', () => {
  let workspace: Workspace;
  let agents: AgentClient[] = [];
  const start = async () => {
    const agent = await AgentClient.start({ folders: [workspace.root] });
    agents.push(agent);
    return agent;
  };
  const go = (number: number) => workspace.write(`go-${number}`, '');
  const metricOf = async (agent: AgentClient) => (await agent.list())[0]?.metrics.loss;
  const statusOf = async (agent: AgentClient) => (await agent.list())[0]?.status;
  /** Once the agent has told a change by itself that makes this true. */
  const told = (agent: AgentClient, look: () => Promise<boolean>, what: string) => {
    let seen = agent.changed?.revision ?? -1;
    return until(async () => {
      const revision = agent.changed?.revision ?? -1;
      if (revision === seen) return false;
      seen = revision;
      return look();
    }, what);
  };
  beforeEach(() => {
    workspace = new Workspace(project);
  });
  afterEach(async () => {
    for (const agent of agents) await agent.stop();
    agents = [];
    workspace.dispose();
  });

  it('appears, its metric moves, and it ends, in a workspace that had no runs', async () => {
    const agent = await start();
    assert.deepEqual(await agent.list(), []);
    const run = finish(workspace.start(command));
    await told(agent, async () => (await metricOf(agent)) === 0.5, 'the first metric');
    assert.deepEqual(
      agent.changed?.live.map(({ status }) => status),
      ['running'],
    );
    go(1);
    await told(agent, async () => (await metricOf(agent)) === 0.25, 'the second metric');
    go(2);
    await told(agent, async () => (await statusOf(agent)) === 'succeeded', 'the end');
    await run;
    await until(() => agent.changed?.live.length === 0, 'nothing live');
    const [row] = await agent.list();
    assert.equal(row?.folder, workspace.root);
    assert.equal(row?.artifactCount, 1);
    assert.deepEqual(
      (await agent.request('runrecord/artifacts', { id: row?.id ?? '' })).map(({ path }) => path),
      ['out/model.bin'],
    );
  });

  it('is the same to two agents of one workspace', async () => {
    const [one, other] = [await start(), await start()];
    const run = finish(workspace.start(command));
    for (const agent of [one, other]) {
      await until(async () => (await metricOf(agent)) === 0.5, 'the first metric');
    }
    go(1);
    go(2);
    await run;
    for (const agent of [one, other]) {
      await until(async () => (await statusOf(agent)) === 'succeeded', 'the end');
    }
    assert.deepEqual(await one.list(), await other.list());
  });

  it('is whole after the agent was killed, and right in the next one', async () => {
    const killed = await start();
    const run = finish(workspace.start(command));
    await until(async () => (await metricOf(killed)) === 0.5, 'the first metric');
    await killed.kill();
    go(1);
    const next = await start();
    await until(async () => (await metricOf(next)) === 0.25, 'the second metric');
    assert.equal(await statusOf(next), 'running');
    go(2);
    assert.equal((await run).code, 0);
    await until(async () => (await statusOf(next)) === 'succeeded', 'the end');
    const [row] = await next.list();
    assert.equal(row?.complete, true);
    const { code } = await workspace.run(['verify', row?.id ?? '']);
    assert.equal(code, 0);
  });

  it('is finished by the agent where neither its recorder nor its keeper is left', async () => {
    const run = workspace.start(command);
    const ended = finish(run);
    const id = await until(() => workspace.runs()[0], 'the run');
    const folder = join(workspace.root, '.runrecord/runs', id);
    const known = await until(
      () =>
        existsSync(join(folder, 'process.json')) &&
        JSON.parse(readFileSync(join(folder, 'process.json'), 'utf8')),
      'the program',
    );
    // The keeper first: it would have the record finished.
    for (const pid of [known.keeper.pid, run.pid, known.process.pid]) kill(pid);
    await ended;
    const agent = await start();
    const isClosed = () =>
      readFileSync(join(folder, 'journal.jsonl'), 'utf8').includes('"type":"closed"');
    assert.equal(await statusOf(agent), 'lost');
    await until(isClosed, 'the closing line');
    await until(async () => (await agent.list())[0]?.status === 'lost', 'the state');
    assert.equal((await workspace.run(['verify', id])).code, 0);
  });

  it('is gone from the list when its folder is, and the records may be removed altogether', async () => {
    const agent = await start();
    go(1);
    go(2);
    await workspace.run(command);
    await workspace.run(command);
    await until(async () => (await agent.list()).length === 2, 'both runs');
    const [id = ''] = workspace.runs();
    rmSync(join(workspace.root, '.runrecord/runs', id), { recursive: true });
    await until(async () => (await agent.list()).length === 1, 'one run');
    rmSync(join(workspace.root, '.runrecord'), { recursive: true });
    await until(async () => (await agent.list()).length === 0, 'no run');
    writeFileSync(join(workspace.root, 'train.py'), 'print(1)');
    await workspace.run(command);
    await until(async () => (await agent.list()).length === 1, 'the new run');
  });
});

function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // It went with the one before it.
  }
}

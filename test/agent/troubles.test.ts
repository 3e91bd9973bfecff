import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { JournalWriter } from '../../agent/store/journal.ts';
import { workspaceLayout } from '../../agent/store/layout.ts';
import { AgentClient } from '../support/agent-client.ts';
import { idOf, makeWorkspace, minutesAgo } from '../support/records.ts';
import { until, Workspace } from '../support/workspace.ts';

describe('when something is wrong the agent says so once', () => {
  const removals: (() => void)[] = [];
  let agent: AgentClient;
  const made = (count: number) => {
    const stories = [...Array(count).keys()].map((n) => ({ number: n + 1, minutesAgo: 100 - n }));
    const { layout, remove } = makeWorkspace(stories);
    removals.push(remove);
    return layout;
  };
  afterEach(async () => {
    await agent.stop();
    for (const remove of removals.splice(0)) remove();
  });
  const countOf = (code: string) => agent.problems.filter((one) => one.code === code).length;

  it('a folder that is not in a repository', async () => {
    const { root } = made(1);
    agent = await AgentClient.start({ folders: [root] });
    await agent.list();
    const problem = await agent.problem('no-repository');
    assert.equal(problem.folder, root);
    assert.match(problem.action, /git init/);
  });

  it('git that is not installed', async () => {
    const { root } = made(1);
    agent = await AgentClient.start({ folders: [root], environment: { PATH: '/nowhere' } });
    await agent.list();
    await agent.problem('git-missing');
  });

  it('a folder that disappears, and takes it up again when it is back', async () => {
    const { root } = made(2);
    agent = await AgentClient.start({ folders: [root] });
    assert.equal((await agent.list()).length, 2);
    renameSync(root, `${root}-away`);
    removals.push(() => rmSync(`${root}-away`, { recursive: true, force: true }));
    await agent.problem('folder-gone');
    assert.deepEqual(await agent.list(), []);
    renameSync(`${root}-away`, root);
    await until(async () => (await agent.list()).length === 2, 'the runs');
    assert.equal(countOf('folder-gone'), 1);
  });

  it('an index that a newer version made; the runs are shown all the same', async () => {
    const layout = made(2);
    const database = new DatabaseSync(layout.index);
    database.exec('PRAGMA user_version = 999');
    database.close();
    agent = await AgentClient.start({ folders: [layout.root] });
    assert.equal((await agent.list()).length, 2);
    const problem = await agent.problem('index-newer');
    assert.match(problem.action, /Update Run Record/);
    await agent.list();
    assert.equal(countOf('index-newer'), 1);
  });

  it('an index that is damaged is made anew', async () => {
    const workspace = new Workspace({ 'train.py': 'print(1)\n' });
    removals.push(() => workspace.dispose());
    await workspace.record(['--', 'python3', 'train.py']);
    for (const part of ['-wal', '-shm']) {
      rmSync(join(workspace.root, `.runrecord/runs.sqlite${part}`), { force: true });
    }
    workspace.write('.runrecord/runs.sqlite', 'this is no database at all'.repeat(1000));
    agent = await AgentClient.start({ folders: [workspace.root] });
    assert.equal((await agent.list()).length, 1);
  });

  it('a journal that is torn: what can be read is shown', async () => {
    const layout = made(2);
    const journal = layout.journal(idOf(2));
    const lines = readFileSync(journal, 'utf8').split('\n');
    rmSync(journal);
    appendFileSync(journal, `${lines[0]}\n{"seq":1,"at":"20\n${lines.slice(2).join('\n')}`);
    agent = await AgentClient.start({ folders: [layout.root] });
    assert.deepEqual((await agent.list()).map(({ id }) => id).sort(), [idOf(1), idOf(2)]);
    const problem = await agent.problem('journal-damaged');
    assert.match(problem.action, new RegExp(`runrecord verify ${idOf(2)}`));
    assert.equal(countOf('journal-damaged'), 1);
  });

  it('a journal that is huge holds up nobody', async function () {
    this.timeout(120_000);
    const layout = made(2);
    const writer = JournalWriter.resume(layout.journal(idOf(2)));
    const points = [...Array(2000).keys()].map((step) => ({
      ...{ name: 'loss', value: 1 / (step + 1), step, epoch: null, at: null, unit: null },
    }));
    for (let batch = 0; batch < 300; batch++) {
      writer.append('metric', { source: 'events', points }, minutesAgo(1), { sync: false });
    }
    writer.close();
    agent = await AgentClient.start({ folders: [layout.root] });
    assert.ok(
      (await agent.list()).some(({ id }) => id === idOf(1)),
      'the small run is there',
    );
    await until(
      async () => (await agent.list()).find(({ id }) => id === idOf(2))?.metrics.loss === 1 / 2000,
      'the last point',
      60_000,
    );
  });

  it('settings that cannot be read, when there is something to launch', async () => {
    const workspace = new Workspace({ 'runrecord.yaml': 'version: 1\nruns: 7\n' });
    removals.push(() => workspace.dispose());
    agent = await AgentClient.start({ folders: [workspace.root] });
    const { root } = workspaceLayout(workspace.root);
    assert.deepEqual(await agent.request('runrecord/launchables', { folder: root }), []);
    assert.match((await agent.problem('bad-settings')).message, /runrecord\.yaml/);
  });

  it('nothing is opened, watched or made in a folder that holds no records', async () => {
    const workspace = new Workspace({ 'train.py': 'print(1)\n' });
    removals.push(() => workspace.dispose());
    agent = await AgentClient.start({ folders: [workspace.root] });
    assert.deepEqual(await agent.list(), []);
    assert.deepEqual(workspace.git('status', '--porcelain', '--ignored'), '');
    assert.deepEqual(agent.problems, []);
  });
});

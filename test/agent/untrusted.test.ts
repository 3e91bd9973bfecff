import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AgentClient } from '../support/agent-client.ts';
import { until, Workspace } from '../support/workspace.ts';

describe('a workspace that is not trusted', () => {
  let workspace: Workspace;
  let tools: Workspace;
  let agent: AgentClient;
  let before: string[];
  const marker = () => join(tools.root, 'was-run');

  beforeEach(async () => {
    workspace = new Workspace({ 'train.py': 'print(1)\n', 'config.yaml': 'lr: ???\n' });
    await workspace.record([
      '--name',
      'digits',
      '--config',
      'config.yaml',
      '--',
      'python3',
      'train.py',
    ]);
    workspace.write('.runrecord/runs.sqlite', 'this is not what it says');
    before = listAll(workspace.root);
    tools = new Workspace({}, { git: false });
    for (const name of ['git', 'python3']) {
      tools.write(name, `#!/bin/sh\necho ${name} "$@" >> '${marker()}'\nexit 1\n`);
    }
    agent = await AgentClient.start({
      folders: [workspace.root],
      trusted: false,
      environment: { PATH: `${tools.root}${delimiter}${process.env.PATH}` },
    });
  });
  afterEach(async () => {
    await agent.stop();
    workspace.dispose();
    tools.dispose();
  });

  it('shows its runs; nothing is run, nothing written, and the shipped index is not opened', async () => {
    const [run] = await agent.list();
    assert.equal(run?.name, 'digits');
    const id = run?.id ?? '';
    assert.equal((await agent.request('runrecord/show', { id })).lifecycle.status, 'succeeded');
    assert.match((await agent.request('runrecord/document', { id })).text, /^# digits /);
    await agent.request('runrecord/compare', { a: id, b: id });
    await agent.request('runrecord/launchables', { folder: workspace.root });
    const path = join(workspace.root, 'train.py');
    await agent.openDocument(path, 'print(2)\n');
    assert.deepEqual(await agent.diagnosed(path, () => true), []);
    assert.equal(
      existsSync(marker()),
      false,
      existsSync(marker()) ? readFileSync(marker(), 'utf8') : '',
    );
    assert.deepEqual(listAll(workspace.root), before);
    assert.deepEqual(agent.problems, []);
  });

  it('is left alone by what would be found otherwise', async () => {
    const other = await AgentClient.start({
      folders: [workspace.root],
      environment: { PATH: `${tools.root}${delimiter}${process.env.PATH}` },
    });
    try {
      await other.list();
      await until(() => existsSync(marker()), 'git, where the workspace is trusted');
      await until(() => listAll(workspace.root).join() !== before.join(), 'a new index');
    } finally {
      await other.stop();
    }
  });

  it('is warned of values that do not resolve, for which nothing needs to be run', async () => {
    const path = join(workspace.root, 'config.yaml');
    await agent.openDocument(path, 'lr: ???\n');
    const found = await agent.diagnosed(path, (all) => all.length > 0);
    assert.deepEqual(
      found.map(({ code }) => code),
      ['unresolved-config'],
    );
  });

  it('launches nothing, and says why', async () => {
    const params = {
      folder: workspace.root,
      named: null,
      argv: ['python3', 'train.py'],
      unsaved: [],
    };
    await assert.rejects(agent.request('runrecord/check', params), /not trusted/);
  });

  it('leaves a run that nobody finishes as it is', async () => {
    const journal = join(
      workspace.root,
      '.runrecord/runs',
      workspace.runs()[0] ?? '',
      'journal.jsonl',
    );
    const lines = readFileSync(journal, 'utf8').split('\n');
    const open = `${lines.filter((line) => !/"type":"(?:ended|closed)"/.test(line)).join('\n')}`;
    workspace.write(journal.slice(workspace.root.length + 1), open);
    const revision = await until(() => agent.changed?.revision, 'a change');
    await until(() => (agent.changed?.revision ?? 0) >= revision, 'the next');
    // Longer than it waits before it finishes a run where it may.
    await new Promise((done) => setTimeout(done, 4500));
    assert.equal(readFileSync(journal, 'utf8'), open);
    assert.equal(existsSync(marker()), false);
  });
});

/** Every file below, with its size and time. */
function listAll(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    })
    .sort();
}

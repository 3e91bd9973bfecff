import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { rpcVersion } from '../../agent/protocol/rpc.ts';
import { AgentClient } from '../support/agent-client.ts';
import { Workspace } from '../support/workspace.ts';

describe('the agent as a language server', () => {
  let workspace: Workspace;
  let agent: AgentClient;
  beforeEach(() => {
    workspace = new Workspace({ 'train.py': 'print(1)\n', 'runrecord.yaml': 'version: 1\n' });
  });
  afterEach(async () => {
    await agent.stop();
    workspace.dispose();
  });

  it('says which protocol it speaks', async () => {
    agent = await AgentClient.start({ folders: [workspace.root] });
    assert.equal(agent.info?.rpcVersion, rpcVersion);
    assert.match(agent.info?.version ?? '', /^\d+\.\d+\.\d+/);
    assert.deepEqual(await agent.list(), []);
  });

  it('tells an extension of another version what to do, and lives', async () => {
    const options = { rpcVersion: 99, clientVersion: '9.9.9', trusted: true };
    agent = await AgentClient.start({ folders: [workspace.root], options });
    const problem = await agent.problem('version-mismatch');
    assert.match(problem.message, /9\.9\.9.*version 99/);
    assert.match(problem.action, /Reload the window/);
    await assert.rejects(agent.list(), /version 99 of the protocol/);
    assert.equal(agent.process.exitCode, null);
  });

  it('takes options that it cannot read for those of a stranger', async () => {
    agent = await AgentClient.start({ folders: [workspace.root], options: { trusted: 'yes' } });
    await agent.problem('version-mismatch');
  });

  it('warns in any editor that speaks LSP, and sends it nothing that it does not know', async () => {
    agent = await AgentClient.start({ folders: [workspace.root], options: undefined });
    const path = join(workspace.root, 'train.py');
    await agent.openDocument(path, 'print(2)\n');
    const [found] = await agent.diagnosed(path, (all) => all.length === 1);
    assert.equal(found?.source, 'Run Record');
    await workspace.record(['--', 'python3', 'train.py']);
    assert.equal((await agent.list()).length, 1);
    assert.equal(agent.changed, null);
    assert.deepEqual(agent.problems, []);
  });

  it('answers a request that makes no sense with a reason', async () => {
    agent = await AgentClient.start({ folders: [workspace.root] });
    await assert.rejects(agent.list({ limit: -1 }), /limit/);
    await assert.rejects(agent.list({ where: 'lr >' }), { code: -32803 });
    await assert.rejects(agent.request('runrecord/show', { id: 'nothing' }), (error: unknown) => {
      const { data } = error as { data: { code: string; action: string } };
      return data.code === 'not-found' && data.action !== '';
    });
  });

  it('ends when asked to, and when its input is closed', async () => {
    agent = await AgentClient.start({ folders: [workspace.root] });
    await agent.list();
    await agent.stop();
    assert.deepEqual(await agent.ended(), [0, null]);
    agent = await AgentClient.start({ folders: [workspace.root] });
    await agent.list();
    agent.process.stdin?.end();
    await agent.ended();
  });

  it('ends when its editor is gone', async () => {
    const editor = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    agent = await AgentClient.start({ folders: [workspace.root], processId: editor.pid ?? 0 });
    const gone = once(editor, 'exit');
    editor.kill('SIGKILL');
    await gone;
    await agent.ended();
  });
});

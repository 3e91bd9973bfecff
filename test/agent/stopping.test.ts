import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AgentClient } from '../support/agent-client.ts';
import { makeWorkspace, recordRun } from '../support/journals.ts';
import { finish, until, Workspace } from '../support/workspace.ts';

const patient = `import os, time
open('out/started', 'w').close()
while True: time.sleep(0.05)
`;
const deaf = `import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n${patient}`;

describe('a run that is stopped from the editor', () => {
  let workspace: Workspace;
  let agent: AgentClient;
  beforeEach(async () => {
    workspace = new Workspace({ 'patient.py': patient, 'deaf.py': deaf, 'out/.keep': '' });
    agent = await AgentClient.start({ folders: [workspace.root] });
  });
  afterEach(async () => {
    await agent.stop();
    workspace.dispose();
  });

  async function launch(...words: string[]) {
    const recorder = workspace.start(['run', ...words]);
    const ended = finish(recorder);
    const row = await until(async () => {
      const [newest] = await agent.list();
      return newest?.status === 'running' && newest;
    }, 'it runs');
    await until(
      () => existsSync(join(workspace.root, 'out/started')),
      'its program has come so far',
    );
    return { id: row.id, recorder, ended };
  }
  const stop = (id: string, force = false) => agent.request('runrecord/stop', { id, force });
  const ends = (id: string) =>
    until(async () => {
      const record = await workspace.show(id);
      return record.lifecycle.endedAt !== null && record;
    }, 'its record has an end');

  it('ends as by Ctrl-C: cancelled, by an interrupt', async () => {
    const { id, ended } = await launch('--', 'python3', 'patient.py');
    assert.deepEqual(await stop(id), { stopped: true });
    assert.equal((await ended).code, 130);
    const { lifecycle } = await ends(id);
    assert.deepEqual([lifecycle.status, lifecycle.signal], ['cancelled', 'SIGINT']);
    assert.deepEqual(await stop(id), { stopped: false });
  });

  it('ends by force where the program does not listen, and is cancelled all the same', async () => {
    const { id, ended } = await launch('--', 'python3', 'deaf.py');
    await stop(id);
    assert.deepEqual(await stop(id, true), { stopped: true });
    await ended;
    const { lifecycle } = await ends(id);
    assert.deepEqual([lifecycle.status, lifecycle.signal], ['cancelled', 'SIGKILL']);
  });

  it('ends where it inherited the terminal', async () => {
    const { id, ended } = await launch('--no-log', '--', 'python3', 'patient.py');
    await stop(id);
    await ended;
    assert.equal((await ends(id)).lifecycle.status, 'cancelled');
  });

  it('ends where its recorder is gone, through the keeper', async () => {
    const { id, recorder, ended } = await launch('--', 'python3', 'patient.py');
    recorder.kill('SIGKILL');
    await until(() => recorder.signalCode !== null, 'the recorder is gone');
    assert.deepEqual(await stop(id), { stopped: true });
    await ended;
    const { lifecycle } = await ends(id);
    assert.deepEqual([lifecycle.status, lifecycle.signal], ['cancelled', 'SIGINT']);
  });

  it('is stopped in a trusted folder only', async () => {
    const { id, ended } = await launch('--', 'python3', 'patient.py');
    const stranger = await AgentClient.start({ folders: [workspace.root], trusted: false });
    await assert.rejects(stranger.request('runrecord/stop', { id, force: true }), /not trusted/);
    await stranger.stop();
    await stop(id);
    await ended;
  });
});

describe('a workspace with many records that no index knows', () => {
  it('is read by a process apart, and listed whole', async () => {
    const { layout, remove } = makeWorkspace();
    for (let number = 0; number < 120; number += 1) recordRun(layout, { name: `run-${number}` });
    const agent = await AgentClient.start({ folders: [layout.root] });
    try {
      await until(async () => (await agent.list({ limit: 500 })).length === 120, 'all are listed');
    } finally {
      await agent.stop();
      remove();
    }
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { agentArguments, environmentOf, ownNode } from '../extension/node-command.ts';
import { AgentClient } from '../test/support/agent-client.ts';
import { makeArtifact, makeInput, makeWorkspace, recordRun } from '../test/support/journals.ts';

/**
 * The memory of the agent in a workspace of 1,000 runs, started as the extension starts it: after
 * it has read them all for the first time, and when it finds an index that is up to date. Beside it
 * a bare Node, which is what no agent can be smaller than.
 */
const budgetMb = 80;
const root = resolve(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
});
const count = Number(options.runs);
const settleMs = 8_000;

/** Resident memory in MB: now, and the most there ever was. */
function memoryOf(child: ChildProcess): { nowMb: number; peakMb: number } {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const read = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return { nowMb: read('VmRSS') / 1024, peakMb: read('VmHWM') / 1024 };
}

async function bareNode(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  await wait(1000);
  const { nowMb } = memoryOf(child);
  child.kill();
  return nowMb;
}

async function agentIn(folder: string): Promise<{ nowMb: number; peakMb: number }> {
  const node = ownNode();
  const client = await AgentClient.start({
    folders: [folder],
    arguments: agentArguments(join(root, 'dist/agent/main.cjs')),
    environment: environmentOf(node, process.env),
  });
  const listed = async () => (await client.list({ limit: 201 })).length;
  while ((await listed()) < Math.min(count, 201)) await wait(200);
  // As when a window is used: a record is opened, two are compared.
  const [a, b] = await client.list({ limit: 2 });
  if (a === undefined || b === undefined) throw new Error('no runs are listed');
  await client.request('runrecord/document', { id: a.id });
  await client.request('runrecord/compare', { a: b.id, b: a.id });
  await wait(settleMs);
  const memory = memoryOf(client.process);
  await client.stop();
  return memory;
}

const { layout, remove } = makeWorkspace();
try {
  for (let number = 0; number < count; number += 1) {
    const files = Array.from({ length: 10 }, (_, i) =>
      makeArtifact(`out/${i}.bin`, `${number}${i}`),
    );
    const data = Array.from({ length: 4 }, (_, i) => makeInput(`data/${i}.csv`, `${i}`));
    const resolved = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`key${i}`, number]));
    const config = {
      sources: [],
      overrides: [],
      resolved,
      origins: {},
      unresolved: [],
      digest: null,
    };
    recordRun(layout, { name: `run-${number % 20}`, data, config }, { artifacts: files });
  }
  const bareMb = await bareNode();
  const first = await agentIn(layout.root);
  const later = await agentIn(layout.root);
  if (options.json) console.log(JSON.stringify({ count, bareMb, first, later, budgetMb }));
  else {
    const row = (what: string, { nowMb, peakMb }: typeof first) =>
      console.log(`  ${what.padEnd(34)} ${nowMb.toFixed(1)} MB, at most ${peakMb.toFixed(1)} MB`);
    console.log(`The agent's memory in a workspace of ${count} runs`);
    row('a bare Node', { nowMb: bareMb, peakMb: bareMb });
    row('with no index yet', first);
    row('with an index that is up to date', later);
    console.log(
      `  under ${budgetMb} MB: ${Math.max(first.nowMb, later.nowMb) < budgetMb ? 'kept' : 'NOT KEPT'}`,
    );
  }
} finally {
  remove();
}

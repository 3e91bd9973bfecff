import assert from 'node:assert/strict';
import { runOn } from '../support/cli.ts';
import {
  digestOf,
  makeData,
  makePackage,
  makeWorkspace,
  type RunStory,
} from '../support/records.ts';

const stories: RunStory[] = [
  {
    number: 0x1111aaaa,
    name: 'one',
    minutesAgo: 300,
    durationMs: 5_000,
    intent: { tags: { stage: 'pilot' } },
    config: {
      resolved: { lr: 0.1, depth: 3, on: true, label: '3', none: null, odd: { 'a key': 1 } },
    },
    data: [makeData('data/train.csv', digestOf('a1b2c3d4'))],
    packages: [makePackage('numpy', '2.3.1')],
    metrics: { loss: [3, 0.5], 'val acc': [0.9] },
    custom: { 'lab.gpu_hours': { value: 1.5, type: 'number', unit: 'h' } },
  },
  {
    number: 0x2222bbbb,
    name: 'two',
    minutesAgo: 200,
    durationMs: 700_000,
    status: 'failed',
    code: { clean: false, commit: 'deadbeef'.padEnd(40, '0'), branch: 'feature/x-1' },
    config: { resolved: { lr: 0.001, depth: '3', on: false } },
    packages: [makePackage('numpy', '1.26.4')],
    metrics: { loss: ['NaN'] },
  },
  {
    number: 0x3333cccc,
    name: 'Three %_',
    minutesAgo: 10,
    status: 'lost',
    durationMs: null,
    capture: { data: { status: 'failed', detail: 'unreadable', durationMs: 1 } },
  },
];

describe('a filter of the list', () => {
  let workspace: ReturnType<typeof makeWorkspace>;
  before(() => {
    workspace = makeWorkspace(stories);
  });
  after(() => workspace.remove());

  async function namesOf(where: string, more: string[] = []): Promise<string> {
    const args = ['list', '--json', '--where', where, ...more];
    const { stdout, stderr } = await runOn(workspace.layout.root, args);
    assert.equal(stderr, '');
    const rows = JSON.parse(stdout) as { name: string }[];
    return rows.map(({ name }) => name.split(' ')[0]).join(' ');
  }

  const filters: [where: string, names: string][] = [
    ['status = failed', 'two'],
    ['status != failed', 'Three one'],
    ['status in (failed, lost)', 'Three two'],
    ['status not in (failed, lost)', 'one'],
    ['not (status = failed or status = lost)', 'one'],
    ['status = failed or status = lost and name = one', 'two'],
    ['config.lr > 0.01', 'one'],
    ['config.lr>=0.001 and config.lr<.1', 'two'],
    ['not config.lr > 0.01', 'Three two'],
    ['config.lr = null', 'Three'],
    ['config.lr != null', 'two one'],
    ['config.none = null', 'Three two one'],
    ['config.depth = 3', 'one'],
    ['config.depth = "3"', 'two'],
    ['config.depth > 2', 'one'],
    ['config.on = true', 'one'],
    ['config.on != true', 'Three two'],
    ['config.odd."a key" = 1', 'one'],
    ['loss < 1', 'one'],
    ['metrics.loss < 1', 'one'],
    ['loss = NaN', 'two'],
    ['loss != null', 'two one'],
    ['metrics."val acc" > 0.5', 'one'],
    ['tags.stage = pilot', 'one'],
    ['tags.stage != pilot', 'Three two'],
    ['custom.lab.gpu_hours > 1', 'one'],
    ['data.data/train.csv = a1b2c3d4', 'one'],
    ['packages.numpy ~ "2.3."', 'one'],
    ['dirty', 'two'],
    ['clean and complete', 'one'],
    ['not complete', 'Three'],
    ['duration > 10m', 'two'],
    ['duration < 1m30s', 'one'],
    ['created > 4h ago', 'Three two'],
    ['created >= 2026-11-23 and created < 2026-11-23T14:00:00Z', 'one'],
    ['created = 2026-11-23', 'Three two one'],
    ['commit = deadbeef', 'two'],
    ['id = 2222bbbb', 'two'],
    ['branch ~ feature*x', 'two'],
    ['branch !~ feature', 'Three one'],
    ['name ~ three', 'Three'],
    ['name ~ "%_"', 'Three'],
    ['exit = 1', 'two'],
    ['exit_code = 1', 'two'],
    ['createdAt > 1h ago', 'Three'],
    ['command ~ train.py', 'Three two one'],
  ];
  for (const [where, names] of filters) {
    it(`${where}`, async () => assert.equal(await namesOf(where), names));
  }

  it('goes together with an order in which what is missing comes last', async () => {
    const all = 'status != running';
    assert.equal(await namesOf(all, ['--sort', 'config.lr']), 'two one Three');
    assert.equal(await namesOf(all, ['--sort', '-config.lr']), 'one two Three');
    assert.equal(await namesOf(all, ['--sort', 'created', '--limit', '2']), 'one two');
    assert.equal(await namesOf(all, ['--sort', '-name', '--limit', '0']), 'two one Three');
  });

  it('gives further columns their values', async () => {
    const args = ['list', '--json', '--where', 'name = one', '--columns', 'config.on,loss,dirty'];
    const { stdout } = await runOn(workspace.layout.root, args);
    const [row] = JSON.parse(stdout);
    assert.deepEqual([row['config.on'], row.loss, row.dirty], [true, 0.5, false]);
  });

  it('that matches nothing says so, and what might have been meant', async () => {
    const { stdout, stderr, code } = await runOn(workspace.layout.root, [
      ...['list', '--where', 'los < 1'],
    ]);
    assert.equal(stdout, '');
    assert.match(stderr, /No run has a metric or field named los: did you mean loss\?/);
    assert.match(stderr, /None of 3 runs matches\./);
    assert.equal(code, 0);
  });
});

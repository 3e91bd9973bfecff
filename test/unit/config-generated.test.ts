import assert from 'node:assert/strict';
import { compareRecords } from '../../agent/core/compare.ts';
import { isGenerated, markGenerated, repeatableLeaves } from '../../agent/core/config/generated.ts';
import { fingerprint } from '../../agent/core/fingerprint.ts';
import { effectiveConfig } from '../../agent/core/observed/effective-config.ts';
import type { Config, Origin } from '../../agent/protocol/record.ts';
import type { Json } from '../../agent/protocol/values.ts';
import { makeLaunch } from '../support/records.ts';

const atMs = Date.UTC(2026, 10, 25, 22, 20, 2);
const moment = {
  atMs,
  untilMs: atMs + 5_000,
  runId: '019a8f0e-7a54-7c3e-9d51-0b6f3a2c9e11',
  host: 'box-7',
  pids: [4242],
};

function marked(values: Record<string, Json>, kind: Origin['kind'] = 'default') {
  const origins = Object.fromEntries(Object.keys(values).map((key) => [key, { kind }]));
  return markGenerated({ resolved: values, origins }, moment);
}

describe('What a program draws at its start is told from what was asked of it', () => {
  const drawn: [string, Json, string][] = [
    ['out', 'runs/2026-11-25_22-20-03', 'directory'],
    ['out', 'runs/20261125-222003/ckpt', 'directory'],
    ['out', 'outputs/2026-11-25/22-20-03', 'directory'],
    ['out', 'runs/Nov25_22-20-03_box-7', 'directory'],
    ['started', '2026-11-25T22:20:03.123456', 'time'],
    ['started', '2026-11-26 07:20:03', 'time'],
    ['started', atMs / 1000 + 1.5, 'time'],
    ['started', atMs + 900, 'time'],
    ['run_name', 'exp-1795645203', 'time'],
    ['node', 'box-7', 'host'],
    ['pid', 4242, 'process'],
    ['master_port', 41873, 'port'],
    ['run_id', '3k9xq2ab', 'id'],
    ['work', '/tmp/tmpa8x_q2zz/out', 'directory'],
    ['run_id', '0b0a8c1e-4d7e-4f6b-9d51-0b6f3a2c9e11', 'id'],
    ['dir', '/x/.runrecord/runs/019a8f0e-7a54-7c3e-9d51-0b6f3a2c9e11', 'directory'],
  ];
  for (const [key, value, what] of drawn) {
    it(`${key} ${value}`, () => {
      const origin = marked({ [key]: value })[key];
      assert.equal(origin?.kind, 'generated');
      assert.equal(origin?.what, what);
    });
  }

  const said: [string, Json][] = [
    ['data', 'data/2024-01-01.csv'],
    ['since', '2025-11-25'],
    ['version', '20.11.25'],
    ['n', 4242],
    ['port', 8080],
    ['run_id', 'baseline'],
    ['exp_id', 'exp-12'],
    ['tmp', '/tmp/mine'],
    ['lr', 0.1],
    ['name', 'box-7b is a text about it'],
    ['digest', 'a'.repeat(64)],
    ['steps', 1_000_000_000],
    ['month', 'Mar'],
  ];
  for (const [key, value] of said) {
    it(`but ${key} ${value} is not`, () =>
      assert.equal(marked({ [key]: value })[key]?.kind, 'default'));
  }

  it('nor is what a file, the user or the environment says in so many words', () => {
    for (const kind of ['file', 'override', 'environment'] as const) {
      assert.equal(marked({ out: 'runs/2026-11-25_22-20-03' }, kind).out?.kind, kind);
    }
  });

  it('a seed that was open at launch and has a value now', () => {
    const before = { resolved: { a: { seed: null }, seed: 3 }, origins: {} };
    const now = { resolved: { a: { seed: 77 }, seed: 3 }, origins: {} };
    const origins = markGenerated(now, moment, before);
    assert.deepEqual(origins['a.seed'], { kind: 'generated', what: 'seed' });
    const unknown = { resolved: {}, origins: {} };
    const defaults = { resolved: { seed: 42, random_state: 2_837_462_831 }, origins: {} };
    const found = markGenerated(defaults, moment, unknown);
    assert.equal(found.seed, undefined, 'a default that somebody has written');
    assert.equal(found.random_state?.kind, 'generated');
    assert.equal(origins.seed, undefined);
  });

  it('what was an expression of time at launch stays generated when its value is known', () => {
    const origin: Origin = { kind: 'generated', what: 'time', path: 'c.yaml', line: 3, text: '$' };
    const before = { resolved: { t: '$' }, origins: { t: origin } };
    const now = { resolved: { t: 'noon' }, origins: { t: { kind: 'file' } as Origin } };
    assert.deepEqual(markGenerated(now, moment, before).t, { ...origin });
    assert.ok(isGenerated(markGenerated(now, moment, before).t));
  });
});

describe('Where the program holds another value than was known at launch', () => {
  const file = { kind: 'file', path: 'c.yaml', line: 1 } as const;
  function differencesOf(origin: Origin) {
    const atLaunch: Config = {
      ...{ sources: [], overrides: [], unresolved: [], digest: null },
      resolved: { a: 'x' },
      origins: { a: origin },
    };
    const { differences } = effectiveConfig({
      atLaunch,
      told: {
        ...{ values: { a: 6 }, origins: {}, unresolved: [], overrides: null, sources: [] },
        readsFiles: true,
      },
      said: {},
      moment,
      sha256: (text) => `sha256:${text}`,
      place: (path) => path,
    });
    return differences ?? [];
  }

  it('the record says so', () => {
    assert.deepEqual(differencesOf(file), [{ key: 'a', atLaunch: 'x', inProgram: 6 }]);
  });

  it('but not of an expression that only the program could compute, or of what it drew', () => {
    assert.deepEqual(differencesOf({ ...file, text: 'mul' }), []);
    assert.deepEqual(differencesOf({ ...file, kind: 'generated', what: 'time' }), []);
  });
});

describe('What is generated does not count', () => {
  const config = (stamp: string, dotted = 1): Config => ({
    sources: [],
    overrides: [],
    resolved: { out: stamp, 'a.b': dotted, seed: 1 },
    origins: { out: { kind: 'generated', what: 'directory' }, 'a\\.b': { kind: 'file' } },
    unresolved: [],
    digest: null,
  });
  const record = (stamp: string, dotted?: number) => ({
    ...makeLaunch({ number: 1 }),
    config: config(stamp, dotted),
  });

  it('as a difference, unless all is asked for', () => {
    const [a, b] = [record('runs/1'), record('runs/2')];
    assert.deepEqual(compareRecords(a, b, []).config, []);
    const all = compareRecords(a, b, [], { all: true }).config;
    const out = all.find(({ key }) => key === 'out');
    assert.equal(out?.originA?.kind, 'generated');
  });

  it('but a folder that the user has named once is one', () => {
    const b = record('mine');
    b.config.origins.out = { kind: 'override', text: 'out=mine' };
    assert.equal(compareRecords(record('runs/1'), b, []).config[0]?.key, 'out');
  });

  it('for the fingerprint', () => {
    const of = (stamp: string, dotted?: number) =>
      fingerprint(record(stamp, dotted), (text) => `sha256:${text}`);
    assert.notEqual(of('runs/1'), null);
    assert.equal(of('runs/1'), of('runs/2'));
    assert.notEqual(of('runs/1', 1), of('runs/1', 2));
  });

  it('and keys with dots are told apart from those in maps', () => {
    assert.deepEqual(repeatableLeaves(config('x')), [['a\\.b', 1]]);
  });
});

import assert from 'node:assert/strict';
import type { RunSummary } from '../../agent/protocol/rpc.ts';
import { addressOf, documentKinds, parseAddress } from '../../extension/document-uri.ts';
import { chooseKeyMetric } from '../../extension/key-metric.ts';
import { describeLive, describeRun, labelOf } from '../../extension/run-label.ts';
import {
  formatAge,
  formatDuration,
  formatNumber,
  formatSize,
  oneLine,
} from '../../extension/text.ts';

const nowMs = Date.parse('2026-01-02T12:00:00.000Z');
const run: RunSummary = {
  id: '019a8f0e-7a54-7c3e-9d51-0b6f3a2c9e11',
  name: 'digits',
  status: 'succeeded',
  trust: 'ok',
  createdAt: '2026-01-02T10:00:00.000Z',
  startedAt: '2026-01-02T10:00:01.000Z',
  endedAt: null,
  durationMs: 4210,
  exitCode: 0,
  unattended: false,
  complete: true,
  commit: null,
  branch: null,
  clean: null,
  fingerprint: null,
  reason: null,
  tags: {},
  argv: ['python', 'train.py'],
  metrics: { loss: 0.21, val_acc: 0.9430000185 },
  folder: '/p',
  artifactCount: 1,
};

describe('a row of the Runs view', () => {
  it('has name, age and the metric that says most', () => {
    assert.equal(labelOf(run), 'digits');
    assert.equal(describeRun(run, nowMs), '2 h ago, val_acc 0.943');
    assert.equal(labelOf({ ...run, name: null }), '...3a2c9e11');
  });

  it('says what is missing or doubtful, of a run that has ended', () => {
    assert.match(describeRun({ ...run, complete: false }, nowMs), /, incomplete$/);
    assert.match(describeRun({ ...run, trust: 'suspect' }, nowMs), /, suspect$/);
    const running = { ...run, status: 'running' as const, complete: false };
    assert.doesNotMatch(describeRun(running, nowMs), /incomplete/);
  });

  it('prefers what was measured on held-out data, and scores to losses', () => {
    const name = (metrics: RunSummary['metrics']) => chooseKeyMetric(metrics)?.name;
    assert.equal(name({ loss: 1, acc: 0.5, val_acc: 0.4 }), 'val_acc');
    assert.equal(name({ loss: 1, val_loss: 2 }), 'val_loss');
    assert.equal(name({ rows: 3, loss: 1 }), 'loss');
    assert.equal(name({ rows: 3, other: 4 }), 'rows');
    assert.equal(name({ val_acc: null, loss: 1 }), 'loss');
    assert.equal(name({}), undefined);
  });

  it('shows a name on one line, whatever it holds', () => {
    assert.equal(oneLine('a\nb\u202ec\u001b[31m'), 'a b c [31m');
  });
});

describe('the status bar', () => {
  it('shows what runs and for how long, or how many', () => {
    const startedAt = '2026-01-02T11:59:48.000Z';
    const live = { ...run, status: 'running' as const, startedAt };
    assert.equal(describeLive([live], nowMs), 'digits 12 s');
    assert.equal(describeLive([live, live, live], nowMs), '3 runs');
    assert.equal(describeLive([], nowMs), '');
  });
});

describe('numbers in the editor', () => {
  it('are written as everywhere', () => {
    assert.deepEqual([850, 12_000, 252_000, 7_500_000].map(formatDuration), [
      '850 ms',
      '12 s',
      '4 m 12 s',
      '2 h 05 m',
    ]);
    assert.deepEqual([12, 5120, 1_200_000_000, 999_600].map(formatSize), [
      '12 B',
      '5.1 kB',
      '1.2 GB',
      '1.0 MB',
    ]);
    assert.deepEqual([0.9430000185, 20, 'NaN', 1e-7, 123456.789, null].map(formatNumber), [
      '0.943',
      '20',
      'NaN',
      '1.00e-7',
      '123000',
      '-',
    ]);
    assert.equal(formatAge('2026-01-02T11:59:59.500Z', nowMs), 'now');
    assert.equal(formatAge('2025-12-20T12:00:00.000Z', nowMs), '13 d ago');
    assert.equal(formatAge('2025-01-02T12:00:00.000Z', nowMs), '2025-01-02');
  });
});

describe('the address of a document', () => {
  it('leads back to its run, and ends in what the tab says', () => {
    for (const kind of documentKinds) {
      const { path } = addressOf(kind, run);
      assert.deepEqual(parseAddress(path), { kind, id: run.id });
      assert.match(path.split('/').at(-1) ?? '', /^digits \.\.\.3a2c9e11\.\w+$/);
    }
  });

  it('holds names of any kind', () => {
    const { path } = addressOf('record', { ...run, name: '../a/b\\c?d#e\n' });
    assert.deepEqual(parseAddress(path), { kind: 'record', id: run.id });
    assert.equal(path.split('/').length, 4);
  });

  it('of another is none', () => {
    assert.equal(parseAddress('/etc/passwd'), null);
    assert.equal(parseAddress(''), null);
  });
});

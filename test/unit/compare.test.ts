import assert from 'node:assert/strict';
import { compareRecords } from '../../agent/core/compare.ts';
import { compareVersions } from '../../agent/core/compare-environment.ts';
import { compareContent } from '../../agent/core/compare-values.ts';
import { flattenConfig } from '../../agent/core/config/flatten.ts';
import type { RunRecord } from '../../agent/protocol/record.ts';
import { digestOf, makeArtifact, makeData, makeLaunch, makePackage } from '../support/records.ts';

const captured = { status: 'captured', detail: null, durationMs: 1 } as const;

/** A record that is closed, with these members put in. */
function record(number: number, more: Partial<RunRecord> = {}): RunRecord {
  const launch = makeLaunch({ number });
  return { ...launch, capture: { ...launch.capture, artifacts: captured }, ...more };
}

function withConfig(number: number, resolved: RunRecord['config']['resolved']): RunRecord {
  const base = record(number);
  return { ...base, config: { ...base.config, resolved } };
}

describe('two runs that are the same', () => {
  it('have no differences and no gaps', () => {
    const { code, config, environment, data, artifacts, metrics, command, gaps } = compareRecords(
      record(1),
      record(2),
      [],
    );
    const found = [code.files, config, environment, data, artifacts, metrics, command, gaps];
    assert.deepEqual(found.flat(), []);
    assert.equal(code.commitA, code.commitB);
  });
});

describe('the configuration of two runs', () => {
  it('differs key by key, with where each value came from', () => {
    const [a, b] = [withConfig(1, { lr: 0.1, depth: 3 }), withConfig(2, { lr: 0.3, depth: 3 })];
    a.config.origins = { lr: { kind: 'override', text: 'lr=0.1' } };
    const { config, same } = compareRecords(a, b, []);
    assert.deepEqual(config, [
      { key: 'lr', a: 0.1, b: 0.3, originA: { kind: 'override', text: 'lr=0.1' }, originB: null },
    ]);
    assert.equal(same.config, 1);
  });
  it('tells a text from a number, and a null from a key that is not there', () => {
    const { config } = compareRecords(
      withConfig(1, { n: '1', x: null }),
      withConfig(2, { n: 1 }),
      [],
    );
    assert.deepEqual(
      config.map(({ key, a, b }) => [key, a, b]),
      [
        ['n', '1', 1],
        ['x', null, undefined],
      ],
    );
  });
  it('is no difference where the members only stand in another order', () => {
    const [a, b] = [
      withConfig(1, { m: { x: 1, y: [1, 2] } }),
      withConfig(2, { m: { y: [1, 2], x: 1 } }),
    ];
    assert.deepEqual(compareRecords(a, b, []).config, []);
  });
  it('is unknown, not empty, where it could not be captured', () => {
    const a = withConfig(1, null);
    a.capture.config = { status: 'failed', detail: 'cannot be parsed', durationMs: 1 };
    const { config, gaps } = compareRecords(a, withConfig(2, { lr: 1 }), []);
    assert.deepEqual(config, []);
    assert.deepEqual(gaps, [
      { side: 'a', field: 'config', status: 'failed', detail: 'cannot be parsed' },
    ]);
  });
  it('does not count what was left out as a credential among what is the same', () => {
    const [a, b] = [1, 2].map((n) => withConfig(n, { key: '[redacted: token]', lr: 1 }));
    assert.equal(compareRecords(a as RunRecord, b as RunRecord, []).same.config, 1);
  });
  it('lists what is the same on request', () => {
    const [a, b] = [withConfig(1, { lr: 1, n: 2 }), withConfig(2, { lr: 1, n: 3 })];
    const keys = compareRecords(a, b, [], { all: true }).config.map(({ key }) => key);
    assert.deepEqual(keys, ['lr', 'n']);
  });
  it('has dotted keys; a list of scalars is one value', () => {
    const leaves = flattenConfig({ m: { 'a.b': [1, 2] }, list: [{ x: 1 }], none: {} });
    assert.deepEqual(
      [...leaves],
      [
        ['m.a\\.b', [1, 2]],
        ['list.0.x', 1],
        ['none', {}],
      ],
    );
  });
});

describe('the data of two runs', () => {
  const change = (a: RunRecord['data'], b: RunRecord['data']) =>
    compareRecords(record(1, { data: a }), record(2, { data: b }), []).data[0]?.change;

  it('is the same by its digest alone', () => {
    const entry = makeData('train.csv', digestOf('a1'));
    assert.equal(change([entry], [entry]), undefined);
    assert.equal(change([entry], [{ ...entry, digest: digestOf('b2') }]), 'changed');
  });
  it('is never the same by a digest of another mode', () => {
    const full = makeData('train.csv', digestOf('a1'));
    assert.equal(change([full], [{ ...full, mode: 'stat' }]), 'unknown');
  });
  it('is never the same because nobody knows either', () => {
    const unread = makeData('train.csv', null, { sizeBytes: null });
    assert.equal(change([unread], [unread]), 'unknown');
  });
  it('differs by its size where no digest is known', () => {
    const one = makeData('train.csv', null);
    assert.equal(change([one], [{ ...one, sizeBytes: 7 }]), 'changed');
  });
  it('is not known where it changed while one of them ran', () => {
    const entry = makeData('train.csv', digestOf('a1'));
    assert.equal(change([entry], [{ ...entry, changedDuringRun: true }]), 'unknown');
  });
  it('says which run alone has it', () => {
    const entry = makeData('train.csv', digestOf('a1'));
    assert.equal(change([entry], []), 'removed');
    assert.equal(change([], [entry]), 'added');
  });
  it('keeps two names apart that look alike and have other bytes', () => {
    const entries = [
      makeData('caf\ufffd', digestOf('a1'), { pathBytes: 'Y2Fm6Q==' }),
      makeData('caf\ufffd', digestOf('b2'), { pathBytes: 'Y2Fm6g==' }),
    ];
    assert.equal(
      compareRecords(record(1, { data: entries }), record(2, { data: entries }), []).same.data,
      2,
    );
  });
});

describe('a stat and a digest of the content', () => {
  it('say nothing about each other, whatever they are', () => {
    const digest = digestOf('a1');
    const full = { digest, mode: 'full', sizeBytes: 1 } as const;
    assert.equal(compareContent(full, { digest, mode: 'stat', sizeBytes: 1 }), 'unknown');
    assert.equal(compareContent(full, { digest, mode: 'stat', sizeBytes: 2 }), 'different');
  });
});

describe('the environment of two runs', () => {
  const withPackages = (number: number, packages: ReturnType<typeof makePackage>[] | null) => {
    const base = record(number);
    const environment = base.environment as NonNullable<RunRecord['environment']>;
    return { ...base, environment: { ...environment, packages } };
  };
  it('names packages and how far their versions are apart', () => {
    const { environment, same } = compareRecords(
      withPackages(1, [makePackage('numpy', '2.3.1'), makePackage('scipy', '1.0')]),
      withPackages(2, [makePackage('numpy', '1.26.4'), makePackage('scipy', '1.0')]),
      [],
    );
    assert.deepEqual(environment, [
      { name: 'numpy', a: '2.3.1', b: '1.26.4', kind: 'package', change: 'major' },
    ]);
    assert.equal(same.packages, 1);
  });
  it('has no list of packages where one could not be read', () => {
    const some = withPackages(1, [makePackage('numpy', '2.3.1')]);
    assert.deepEqual(compareRecords(some, withPackages(2, null), []).environment, []);
  });
  it('tells a setting that is not set from one that is', () => {
    const a = record(1);
    const b = record(2);
    (b.environment as NonNullable<RunRecord['environment']>).settings = {
      OMP_NUM_THREADS: '2',
      PYTHONHASHSEED: '0',
    };
    assert.deepEqual(compareRecords(a, b, []).environment, [
      { name: 'settings.PYTHONHASHSEED', a: null, b: '0', kind: 'settings', change: null },
    ]);
  });
  it('reads versions as far as they can be read', () => {
    assert.equal(compareVersions('2.3.1', '1.26.4'), 'major');
    assert.equal(compareVersions('1.2', '1.3.0'), 'minor');
    assert.equal(compareVersions('1.2.0', '1.2.1rc1'), 'patch');
    assert.equal(compareVersions('1!2.0', '1!3.0'), 'major');
    assert.equal(compareVersions('main', '1.0'), null);
  });
});

describe('what came out of two runs', () => {
  const metric = (last: number | string | null) => ({
    ...{ name: 'val_acc', last, min: null, max: null, step: 1, count: 1 },
    ...{ unit: null, source: 'events' },
  });
  it('is compared by the last value of each metric', () => {
    const { metrics } = compareRecords(
      record(1, { metrics: [metric(0.5)] }),
      record(2, { metrics: [metric(0.25)] }),
      [],
    );
    assert.deepEqual(metrics, [{ name: 'val_acc', a: 0.5, b: 0.25, difference: -0.25 }]);
  });
  it('has no difference in numbers where one is none', () => {
    const { metrics } = compareRecords(
      record(1, { metrics: [metric('NaN')] }),
      record(2, { metrics: [metric(0.25)] }),
      [],
    );
    assert.equal(metrics[0]?.difference, null);
  });
  it('is compared by the version of a file that stood at the end', () => {
    const old = { ...makeArtifact(1, 'out/m', digestOf('01')), state: 'overwritten' as const };
    const a = record(1, { artifacts: [old, makeArtifact(1, 'out/m', digestOf('02'))] });
    const b = record(2, { artifacts: [makeArtifact(2, 'out/m', digestOf('02'))] });
    assert.equal(compareRecords(a, b, []).same.artifacts, 1);
  });
});

describe('code that git can no longer tell', () => {
  it('is a gap where a run has no tree', () => {
    const b = record(2);
    b.code = { ...b.code, tree: null, commit: null };
    const { gaps } = compareRecords(record(1), b, null);
    assert.deepEqual(
      gaps.map(({ side, field }) => [side, field]),
      [['b', 'code']],
    );
  });
});

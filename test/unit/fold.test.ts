import assert from 'node:assert/strict';
import { foldEvent } from '../../agent/core/fold.ts';
import type { ArtifactVersion, JournalEvent, Point } from '../../agent/protocol/journal.ts';
import type { RunRecord } from '../../agent/protocol/record.ts';
import {
  captured,
  closedWith,
  makeArtifact,
  makeInput,
  makeRecord,
  startedBy,
  timeAt,
} from '../support/journals.ts';

function fold(record: RunRecord, ...events: JournalEvent[]): RunRecord {
  let folded = foldEvent(null, { type: 'launch', at: timeAt(0), data: record });
  for (const event of events) folded = foldEvent(folded, event);
  assert(folded !== null);
  return folded;
}

const artifacts = (...versions: ArtifactVersion[]): JournalEvent => ({
  type: 'artifact',
  at: timeAt(10),
  data: { artifacts: versions },
});

const points = (...values: Point['value'][]): JournalEvent => ({
  type: 'metric',
  at: timeAt(10),
  data: {
    source: 'events',
    points: values.map((value, step) => ({
      name: 'loss',
      value,
      step,
      epoch: null,
      at: null,
      unit: null,
    })),
  },
});

describe('a record, told line by line', () => {
  it('begins with the launch line and ignores what comes before it', () => {
    assert.equal(foldEvent(null, { type: 'heartbeat', at: timeAt(0), data: {} }), null);
    assert.equal(fold(makeRecord({ name: 'digits' })).name, 'digits');
  });

  it('keeps the launch part when a second launch line comes', () => {
    const other = makeRecord({ name: 'other' });
    const folded = fold(makeRecord({ name: 'first' }), {
      type: 'launch',
      at: timeAt(1),
      data: other,
    });
    assert.equal(folded.name, 'first');
  });

  it('runs once its program was started, with the last line as its heartbeat', () => {
    const record = fold(
      makeRecord(),
      { type: 'started', at: timeAt(5), data: startedBy(1, 2, 3) },
      { type: 'heartbeat', at: timeAt(9000), data: {} },
      { type: 'heartbeat', at: timeAt(8000), data: {} },
      { type: 'heartbeat', at: 'zzz', data: {} },
    );
    assert.equal(record.lifecycle.status, 'running');
    assert.equal(record.lifecycle.process?.pid, 3);
    assert.equal(record.lifecycle.heartbeatAt, timeAt(9000));
  });

  it('ignores lines of a type that it does not know', () => {
    const before = fold(makeRecord());
    const strange = { type: 'hologram', at: timeAt(0), data: { x: 1 } } as unknown as JournalEvent;
    assert.equal(foldEvent(before, strange), before);
  });

  it('replaces a data entry once it is hashed and adds those that were seen later', () => {
    const record = fold(makeRecord({ data: [makeInput('big.bin', '', { digest: null })] }), {
      type: 'data',
      at: timeAt(1),
      data: {
        entries: [makeInput('big.bin', 'whole'), makeInput('late.csv', 'x')],
        fingerprint: makeInput('', 'fp').digest,
        redactions: [
          { where: 'data', rule: 'token' },
          { where: 'data', rule: 'token' },
        ],
      },
    });
    assert.deepEqual(
      record.data.map(({ path }) => path),
      ['big.bin', 'late.csv'],
    );
    assert.equal(record.data[0]?.digest, makeInput('', 'whole').digest);
    assert.equal(record.fingerprint, makeInput('', 'fp').digest);
    assert.equal(record.redactions.length, 1);
  });

  it('tells the same path under two names apart', () => {
    const train = makeInput('d.csv', 'x', { name: 'train' });
    const record = fold(makeRecord({ data: [train] }), {
      type: 'data',
      at: timeAt(1),
      data: { entries: [makeInput('d.csv', 'y', { name: 'test' })] },
    });
    assert.equal(record.data.length, 2);
  });

  it('merges what the program says of its configuration', () => {
    const record = fold(makeRecord(), {
      type: 'config',
      at: timeAt(1),
      data: { config: { resolved: { lr: 0.2 } }, capture: captured },
    });
    assert.deepEqual(record.config.resolved, { lr: 0.2 });
    assert.deepEqual(record.config.overrides, []);
  });

  it('is complete only when nothing is partial, failed or pending', () => {
    const record = makeRecord();
    assert.equal(fold(record).complete, false);
    const closed = closedWith(record);
    assert.equal(fold(record, { type: 'closed', at: timeAt(9), data: closed }).complete, true);
    const partial = { ...captured, status: 'partial' as const };
    const data = { ...closed, capture: { ...closed.capture, data: partial } };
    assert.equal(fold(record, { type: 'closed', at: timeAt(9), data }).complete, false);
  });

  it('does not change the record that it was given', () => {
    const before = fold(makeRecord(), points(1), artifacts(makeArtifact('m', '1')));
    const copy = structuredClone(before);
    foldEvent(before, points(2));
    foldEvent(before, artifacts(makeArtifact('m', '2')));
    assert.deepEqual(before, copy);
  });
});

describe('the versions of an artifact', () => {
  const states = (record: RunRecord) =>
    record.artifacts.map(({ path, digest, state }) => [path, digest?.slice(7, 11), state]);
  const hex = (content: string) => makeArtifact('', content).digest?.slice(7, 11);

  it('keeps each checkpoint that was overwritten', () => {
    const record = fold(
      makeRecord(),
      artifacts(makeArtifact('m', '1')),
      artifacts(makeArtifact('m', '2')),
    );
    assert.deepEqual(states(record), [
      ['m', hex('1'), 'overwritten'],
      ['m', hex('2'), 'present'],
    ]);
  });

  it('takes a file that grew for one version', () => {
    const first = makeArtifact('log', '1', { firstSeenAt: timeAt(1) });
    const record = fold(
      makeRecord(),
      artifacts(first),
      artifacts({ ...makeArtifact('log', '12'), grew: true }),
    );
    assert.deepEqual(states(record), [['log', hex('12'), 'present']]);
    assert.equal(record.artifacts[0]?.firstSeenAt, timeAt(1));
    assert(!('grew' in (record.artifacts[0] ?? {})));
  });

  it('brings a version up to date that was seen before', () => {
    const again = makeArtifact('m', '1', { lastSeenAt: timeAt(99) });
    const record = fold(makeRecord(), artifacts(makeArtifact('m', '1')), artifacts(again));
    assert.equal(record.artifacts.length, 1);
    assert.equal(record.artifacts[0]?.lastSeenAt, timeAt(99));
    assert.equal(record.artifacts[0]?.firstSeenAt, timeAt(10));
  });

  it('lists what was deleted or moved with its state', () => {
    const gone = makeArtifact('a', '1', { state: 'deleted', digest: null });
    const moved = makeArtifact('b', '2', { state: 'moved', to: 'c' });
    const record = fold(
      makeRecord(),
      artifacts(makeArtifact('a', '1'), makeArtifact('b', '2')),
      artifacts(gone, moved),
    );
    assert.deepEqual(states(record), [
      ['a', hex('1'), 'deleted'],
      ['b', hex('2'), 'moved'],
    ]);
    assert.equal(record.artifacts[1]?.to, 'c');
  });
});

describe('a series of a metric', () => {
  const metric = (record: RunRecord) => record.metrics[0];

  it('is told by its last, least and greatest value', () => {
    const folded = metric(fold(makeRecord(), points(0.5, 0.1), points(0.3)));
    assert.deepEqual([folded?.last, folded?.min, folded?.max, folded?.count], [0.3, 0.1, 0.5, 3]);
  });

  it('is not poisoned by NaN', () => {
    const folded = metric(fold(makeRecord(), points('NaN', 2, 'NaN', 1, 'NaN')));
    assert.deepEqual([folded?.last, folded?.min, folded?.max, folded?.count], ['NaN', 1, 2, 5]);
  });

  it('knows infinity and whole numbers beyond 2^53', () => {
    const big = '9007199254740993';
    const folded = metric(fold(makeRecord(), points('9007199254740992', big, '-Infinity')));
    assert.deepEqual([folded?.last, folded?.min, folded?.max], ['-Infinity', '-Infinity', big]);
  });
});

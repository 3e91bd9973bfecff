import assert from 'node:assert/strict';
import {
  deriveLifecycle,
  type ExitFile,
  type LivenessFacts,
  lifecycleFromExit,
} from '../../agent/core/liveness.ts';
import { makeLifecycle, makeRecord, processNamed, timeAt } from '../support/journals.ts';

const heartbeatMs = Date.parse(timeAt(0));
const running = makeRecord({
  lifecycle: makeLifecycle({
    status: 'running',
    startedAt: timeAt(5),
    heartbeatAt: timeAt(0),
    process: processNamed(13),
  }),
});
const launched = makeRecord({ lifecycle: makeLifecycle({ heartbeatAt: timeAt(0) }) });

function facts(changes: Partial<LivenessFacts> = {}): LivenessFacts {
  return {
    nowMs: heartbeatMs + 3_600_000,
    sameHost: true,
    sameBoot: true,
    samePidNamespace: true,
    recorderAlive: false,
    keeperAlive: false,
    programAlive: false,
    processFile: null,
    exit: null,
    hasKeeper: true,
    ...changes,
  };
}

function exit(changes: Partial<ExitFile> = {}): ExitFile {
  return {
    exitCode: 0,
    signal: null,
    startedAt: timeAt(6),
    endedAt: timeAt(2006),
    durationMs: 2000,
    peakMemoryBytes: 4096,
    cpuTimeMs: 12,
    interrupted: false,
    oomKills: null,
    log: { sizeBytes: 5, truncated: false },
    failure: null,
    ...changes,
  };
}

describe('what a run is, told from its journal and the world', () => {
  it('is what it says while its recorder lives, however old its heartbeat', () => {
    const { status, unattended } = deriveLifecycle(running, facts({ recorderAlive: true }));
    assert.deepEqual([status, unattended], ['running', false]);
  });

  it('runs unattended where the recorder is gone and the keeper lives', () => {
    const { status, unattended } = deriveLifecycle(running, facts({ keeperAlive: true }));
    assert.deepEqual([status, unattended], ['running', true]);
  });

  it('runs unattended before its started line was written, where the keeper tells of the start', () => {
    const processFile = {
      process: processNamed(13),
      keeper: processNamed(12),
      startedAt: timeAt(4),
    };
    const derived = deriveLifecycle(launched, facts({ keeperAlive: true, processFile }));
    assert.deepEqual(
      [derived.status, derived.process?.pid, derived.startedAt],
      ['running', 13, timeAt(4)],
    );
  });

  it('is lost where recorder and keeper are gone, even while the program is still there', () => {
    const derived = deriveLifecycle(running, facts({ programAlive: true }));
    assert.equal(derived.status, 'lost');
    assert.equal(derived.failure?.kind, 'lost');
    assert.match(derived.failure?.message ?? '', /still there/);
  });

  it('runs unattended without a keeper as long as the program lives', () => {
    const derived = deriveLifecycle(running, facts({ hasKeeper: false, programAlive: true }));
    assert.deepEqual([derived.status, derived.unattended], ['running', true]);
    assert.equal(deriveLifecycle(running, facts({ hasKeeper: false })).status, 'lost');
  });

  it('is lost and says so where the program was never started', () => {
    const derived = deriveLifecycle(launched, facts());
    assert.equal(derived.status, 'lost');
    assert.match(derived.failure?.message ?? '', /never started/);
  });

  it('is lost after the machine was started anew', () => {
    assert.equal(
      deriveLifecycle(running, facts({ sameBoot: false, programAlive: true })).status,
      'lost',
    );
  });

  it('is told by its heartbeat from another host, and marked so', () => {
    const fresh = facts({ sameHost: false, sameBoot: false, nowMs: heartbeatMs + 59_000 });
    const stale = facts({ sameHost: false, sameBoot: false, nowMs: heartbeatMs + 61_000 });
    assert.equal(deriveLifecycle(running, fresh).status, 'running');
    const derived = deriveLifecycle(running, stale);
    assert.deepEqual([derived.status, derived.inferred], ['lost', true]);
  });

  it('is told by its heartbeat from another pid namespace', () => {
    const derived = deriveLifecycle(running, facts({ samePidNamespace: false }));
    assert.deepEqual([derived.status, derived.inferred], ['lost', true]);
  });

  it('has the exit that the keeper saw', () => {
    const derived = deriveLifecycle(running, facts({ exit: exit() }));
    assert.deepEqual(
      [
        derived.status,
        derived.endedAt,
        derived.durationMs,
        derived.peakMemoryBytes,
        derived.log?.sizeBytes,
      ],
      ['succeeded', timeAt(2006), 2000, 4096, 5],
    );
  });

  it('keeps waiting while it is queued', () => {
    const queued = makeRecord({ lifecycle: makeLifecycle({ status: 'queued' }) });
    assert.equal(deriveLifecycle(queued, facts({ sameHost: false })).status, 'queued');
  });

  it('keeps the end that its journal tells', () => {
    const done = makeRecord({ lifecycle: makeLifecycle({ status: 'failed', exitCode: 3 }) });
    assert.equal(deriveLifecycle(done, facts({ exit: exit() })), done.lifecycle);
  });
});

describe('the end of a program', () => {
  const outcome = (changes: Partial<ExitFile>) => {
    const { status, failure } = lifecycleFromExit(running.lifecycle, exit(changes));
    return [status, failure?.kind ?? null];
  };

  it('succeeds with 0 and fails with another code', () => {
    assert.deepEqual(outcome({}), ['succeeded', null]);
    assert.deepEqual(outcome({ exitCode: 3 }), ['failed', 'exit']);
  });

  it('is killed by a signal', () => {
    assert.deepEqual(outcome({ exitCode: null, signal: 'SIGTERM' }), ['killed', 'signal']);
    assert.deepEqual(outcome({ exitCode: null, signal: 'SIGKILL', oomKills: 0 }), [
      'killed',
      'signal',
    ]);
  });

  it('is out of memory where the kernel killed for want of it', () => {
    assert.deepEqual(outcome({ exitCode: null, signal: 'SIGKILL', oomKills: 1 }), [
      'killed',
      'out-of-memory',
    ]);
  });

  it('is cancelled where the user interrupted it', () => {
    assert.deepEqual(outcome({ exitCode: null, signal: 'SIGINT', interrupted: true }), [
      'cancelled',
      'signal',
    ]);
    assert.deepEqual(outcome({ exitCode: 130, interrupted: true }), ['cancelled', 'exit']);
    assert.deepEqual(outcome({ interrupted: true }), ['succeeded', null]);
  });

  it('is a failed launch where the program could not be started', () => {
    const failure = { errno: 'ENOENT', message: 'no such command: pyhton' };
    assert.deepEqual(outcome({ exitCode: null, failure }), ['failed', 'launch']);
  });

  it('is lost where even the keeper did not see it', () => {
    assert.deepEqual(outcome({ exitCode: null }), ['lost', 'lost']);
  });
});

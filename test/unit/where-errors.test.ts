import assert from 'node:assert/strict';
import { compileWhere } from '../../agent/core/where.ts';
import { RunRecordError } from '../../agent/protocol/errors.ts';

function errorOf(source: string): RunRecordError {
  try {
    compileWhere(source, { nowMs: 0 });
  } catch (thrown) {
    if (thrown instanceof RunRecordError) return thrown;
    throw thrown;
  }
  throw new assert.AssertionError({ message: `${source} was taken` });
}

describe('a filter that cannot be read', () => {
  const wrong: [string, RegExp][] = [
    ['', /Column 1 .*a field such as status or config\.lr was expected, but the expression ends/],
    ['status', /Column 7 .*an operator .* was expected, but the expression ends/],
    ['status =', /Column 9 .*a value was expected, but the expression ends/],
    ['status = failed and', /Column 20 .*a field/],
    ['status = failed lr > 1', /Column 17 .*"and", "or" or the end was expected, but "lr"/],
    ['(status = failed', /Column 17 .*"\)" was expected/],
    ['config. = 1', /Column 1 .*a key after "config\."/],
    ['lr in 1, 2', /Column 7 .*"\(" after "in"/],
    ['lr in (1; 2)', /Column 8 .*|"," or "\)"/],
    ['name = "open', /Column 8 .*the quote " is never closed/],
    ['status = faild', /Column 10 .*no status "faild". Did you mean failed\?/],
    ['duration > 10', /Column 12 .*time span such as 90s/],
    ['created > soon', /Column 11 .*a time such as/],
    ['clean > true', /Column 9 .*true, false or null/],
    ['exit = none_of_it', /Column 8 .*exit is a number/],
    ['lr > null', /Column 6 .*null can only be compared with = and !=/],
    ['created > 2x ago', /Column 11 .*a time span such as 2h was expected before "ago"/],
  ];
  for (const [source, message] of wrong) {
    it(`says where and what was expected: ${source || '(nothing)'}`, () => {
      assert.match(errorOf(source).message, message);
    });
  }

  it('is bad usage, and points into the filter', () => {
    const error = errorOf('status = faild');
    assert.equal(error.exitCode, 2);
    assert.equal(error.action, 'status = faild\n         ^');
  });

  it('may be as deep and as long as anybody likes without harm', () => {
    assert.match(errorOf(`${'('.repeat(5_000)}a = 1`).message, /too large/);
    assert.match(errorOf(`a = 1${' or a = 1'.repeat(800)}`).message, /too large/);
    assert.match(errorOf(`${'not '.repeat(2_000)}a = 1`).message, /too large/);
    assert.match(errorOf('x'.repeat(20_000)).message, /longer than/);
    assert.match(errorOf(`name ~ "${'*a'.repeat(50)}"`).message, /too long/);
  });
});

describe('a filter as SQL', () => {
  it('has every value and every key as a parameter', () => {
    const evil = `x' OR 1=1; DROP TABLE run; --`;
    const { sql, params } = compileWhere(`name = "${evil}" and config."${evil}" = "${evil}"`, {
      nowMs: 0,
    });
    assert.doesNotMatch(sql, /DROP/);
    assert.deepEqual(params, [evil, evil, evil]);
  });
  it('tells which names were taken for metrics', () => {
    const { bareMetrics } = compileWhere('statu = 1 and metrics.loss < 2', { nowMs: 0 });
    assert.deepEqual(bareMetrics, ['statu']);
  });
});

import assert from 'node:assert/strict';
import { formatNumbers, subtract } from '../../agent/core/text/number.ts';
import { formatCount, formatSize } from '../../agent/core/text/size.ts';

describe('the numbers of a column', () => {
  it('have three digits, not all that the machine has', () => {
    assert.deepEqual(formatNumbers([0.9430000185, 0.9391]), ['0.943', '0.939']);
  });
  it('have more digits where three would make them alike', () => {
    assert.deepEqual(formatNumbers([0.943021, 0.943044]), ['0.94302', '0.94304']);
  });
  it('have the same decimals in each row', () => {
    assert.deepEqual(formatNumbers([0.1, 1, 0.25]), ['0.10', '1.00', '0.25']);
  });
  it('are whole where all are whole', () => {
    assert.deepEqual(formatNumbers([3, 20, 1797]), ['3', '20', '1797']);
  });
  it('have an exponent where they are very small or large', () => {
    assert.deepEqual(formatNumbers([1e-5, 2.5e-7]), ['1e-5', '2.5e-7']);
    assert.deepEqual(formatNumbers([6.02214e23]), ['6.02e23']);
  });
  it('say what is no number as it is, and nothing by a dash', () => {
    assert.deepEqual(formatNumbers(['NaN', null, '12345678901234567890', undefined, 0]), [
      'NaN',
      '-',
      '12345678901234567890',
      '-',
      '0',
    ]);
  });
});

describe('a difference', () => {
  it('is the second less the first', () => assert.equal(subtract(3, 1), 2));
  it('is exact for integers that a number cannot hold', () => {
    assert.equal(subtract('9007199254740993', '9007199254740990'), 3);
  });
  it('is unknown where one side is no number', () => {
    assert.equal(subtract('NaN', 1), null);
    assert.equal(subtract(null, 1), null);
  });
});

describe('a size as it is written', () => {
  const written: [number, string][] = [
    [0, '0 B'],
    [512, '512 B'],
    [999.6, '1.0 kB'],
    [5_120, '5.1 kB'],
    [1_200_000_000, '1.2 GB'],
    [120_000_000, '120 MB'],
    [999_600_000, '1.0 GB'],
  ];
  for (const [bytes, text] of written) {
    it(`${bytes} is ${text}`, () => assert.equal(formatSize(bytes), text));
  }
  it('counts in groups of three', () => assert.equal(formatCount(1234567), '1,234,567'));
});

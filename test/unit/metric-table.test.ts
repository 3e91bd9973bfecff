import assert from 'node:assert/strict';
import { readMetricTable } from '../../agent/core/observed/metric-table.ts';

const csv = (text: string) =>
  readMetricTable(text, 'csv').map(({ name, value, step, epoch }) => [name, value, step, epoch]);
const jsonl = (...rows: unknown[]) =>
  readMetricTable(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), 'jsonl').map(
    ({ name, value, step, epoch }) => [name, value, step, epoch],
  );

describe('A table that a program wrote', () => {
  it('gives the metrics of each step', () => {
    assert.deepEqual(csv('epoch,loss,acc\n0,0.5,0.1\n1,0.25,nan\n'), [
      ['loss', 0.5, null, 0],
      ['acc', 0.1, null, 0],
      ['loss', 0.25, null, 1],
      ['acc', 'NaN', null, 1],
    ]);
  });

  it('may have empty cells, spaces, quotes and the line ends of Windows', () => {
    assert.deepEqual(csv('  epoch, step,"train, loss",val\r\n0,1,0.5,\r\n0,2,,1e-3\r\n'), [
      ['train, loss', 0.5, 1, 0],
      ['val', 0.001, 2, 0],
    ]);
  });

  it('is told by its series where a column names them', () => {
    assert.deepEqual(csv('step,split,loss\n1,train,0.5\n1,val,0.7\n2,train,0.4\n2,val,inf\n'), [
      ['train/loss', 0.5, 1, null],
      ['val/loss', 0.7, 1, null],
      ['train/loss', 0.4, 2, null],
      ['val/loss', 'Infinity', 2, null],
    ]);
  });

  it('of lines of JSON may be nested, and end in the middle of a line', () => {
    assert.deepEqual(jsonl({ step: 1, val: { loss: 0.5, note: 'x' }, at: 7 }), [
      ['val/loss', 0.5, 1, null],
    ]);
    const cut = readMetricTable('{"step":1,"loss":2}\n{"step":2,"lo', 'jsonl');
    assert.deepEqual(cut, [{ name: 'loss', value: 2, step: 1, epoch: null }]);
    assert.deepEqual(csv('step,loss\n1,0.5\n2'), [['loss', 0.5, 1, null]]);
  });

  it('is no log of metrics without a column that counts', () => {
    assert.deepEqual(csv('x,y\n1,2\n'), []);
    assert.deepEqual(csv('step,y\n5,1\n3,1\n4,1\n1,1\n9,2\n'), []);
    assert.deepEqual(csv('step,y\n-5,1\n'), []);
    assert.deepEqual(csv('step,name\n1,a\n'), []);
    assert.deepEqual(csv('1,2\n3,4\n'), []);
    assert.deepEqual(csv(''), []);
    assert.deepEqual(jsonl({ text: 'a' }, { text: 'b' }), []);
    assert.deepEqual(readMetricTable('[1]\n', 'jsonl'), []);
  });

  it('with a hostile name for a column is a table like any other', () => {
    assert.deepEqual(csv('step,__proto__\n1,2\n'), [['__proto__', 2, 1, null]]);
    const text = '{"step":1,"__proto__":{"loss":3}}\n';
    assert.deepEqual(readMetricTable(text, 'jsonl'), [
      { name: '__proto__/loss', value: 3, step: 1, epoch: null },
    ]);
  });
});

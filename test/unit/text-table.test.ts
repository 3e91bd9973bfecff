import assert from 'node:assert/strict';
import { cutAround } from '../../agent/core/text/cut-around.ts';
import { nearestWord } from '../../agent/core/text/nearest.ts';
import { type Column, layOutTable } from '../../agent/core/text/table.ts';
import { formatJson, makeVisible } from '../../agent/core/text/visible.ts';
import { displayWidth, fitText } from '../../agent/core/text/width.ts';
import { wrapText } from '../../agent/core/text/wrap.ts';

const paint = (text: string): string => text;
const lay = (columns: Column[], rows: string[][], width: number): string[] =>
  layOutTable(
    columns,
    rows.map((row) => row.map((text) => ({ text }))),
    { width, paint },
  );

describe('a table', () => {
  const columns: Column[] = [
    { header: 'Name' },
    { header: 'Loss', align: 'right', optional: 1 },
    { header: 'Id', cut: 'never' },
  ];

  it('is as wide as its content where there is room', () => {
    assert.deepEqual(lay(columns, [['digits', '0.21', 'aabbccdd']], 60), [
      'Name    Loss  Id',
      'digits  0.21  aabbccdd',
    ]);
  });
  it('shrinks the widest column first and says so', () => {
    const lines = lay(columns, [['a name that is very long indeed', '0.21', 'aabbccdd']], 40);
    assert.equal(lines[1], 'a name that is very lon…  0.21  aabbccdd');
    for (const line of lines) assert.ok(displayWidth(line) <= 40, line);
  });
  it('leaves out optional columns before it cuts others to nothing', () => {
    const lines = lay(columns, [['digits', '0.21', 'aabbccdd']], 17);
    assert.deepEqual(lines, ['Name    Id', 'digits  aabbccdd']);
  });
  it('aligns wide and combining characters by what they take on the screen', () => {
    const lines = lay(
      columns,
      [
        ['数字', '1', 'x'],
        ['e\u0301te\u0301', '10', 'y'],
      ],
      60,
    );
    assert.equal(displayWidth(lines[1] as string), displayWidth(lines[2] as string));
  });
});

describe('a text that is cut', () => {
  it('keeps whole characters', () => {
    assert.equal(fitText('数字数字', 5), '数字…');
    assert.equal(displayWidth(fitText('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 4)), 3);
  });
  it('keeps both ends of a path', () => {
    assert.equal(fitText('checkpoints/epoch-0001/model.bin', 20, 'middle'), 'checkp…001/model.bin');
  });
  it('is quick for a text of megabytes', () => {
    assert.equal(displayWidth(fitText('数'.repeat(3_000_000), 20)), 19);
  });
});

describe('text from a record', () => {
  it('never reaches a terminal with its controls', () => {
    assert.equal(makeVisible('a\nb\r\tc\u001b[31m'), 'a\\nb\\r\\tc\\e[31m');
    assert.equal(makeVisible('\u009b2J\u0007'), '\\x9b2J\\x07');
  });
  it('shows marks that would turn the reading around, and what cannot be seen', () => {
    assert.equal(makeVisible('a\u202egpj.exe'), 'a\\u202egpj.exe');
    assert.equal(makeVisible('a\u200bb\ufeff'), 'a\\u200bb\\ufeff');
    assert.equal(makeVisible('\u{e0041}'), '\\u{e0041}');
    assert.equal(makeVisible('\ud800'), '\\ud800');
  });
  it('keeps what is only foreign', () => {
    assert.equal(makeVisible('données 数字 👩‍👩‍👧 می‌خواهم'), 'données 数字 👩‍👩‍👧 می‌خواهم');
  });
});

describe('JSON that is printed', () => {
  it('has the same value and no character that a terminal acts on', () => {
    const value = { name: 'a\u009b2J\u202e\u{e0041}\n', list: ['\u007f'] };
    const text = formatJson(value);
    assert.deepEqual(JSON.parse(text), value);
    assert.doesNotMatch(text, /[\u007f-\u009f\u202e]|\u{e0041}/u);
  });
  it('keeps integers that a number cannot hold', () => {
    assert.deepEqual(JSON.parse(formatJson([1n, 9007199254740993n, Number.NaN])), [
      1,
      '9007199254740993',
      'NaN',
    ]);
  });
});

describe('a sentence that is wrapped', () => {
  it('breaks between words, and inside a word that is too long', () => {
    assert.deepEqual(wrapText('one two three', 8), ['one two', 'three']);
    assert.deepEqual(wrapText('a/very/long/path', 6), ['a/very', '/long/', 'path']);
  });
});

describe('two long texts beside each other', () => {
  it('are cut so that what differs in them is still seen', () => {
    const [a, b] = cutAround(`${'x'.repeat(900)}1${'y'.repeat(900)}`, `${'x'.repeat(900)}2`, 100);
    assert.equal(a, `…${'x'.repeat(40)}1${'y'.repeat(59)}…`);
    assert.equal(b, `…${'x'.repeat(40)}2`);
  });
  it('are whole where they are short', () => assert.deepEqual(cutAround('a', 'b', 3), ['a', 'b']));
});

describe('a word that is not known', () => {
  it('is told from one that is near', () => {
    assert.equal(nearestWord('lst', ['list', 'log']), 'list');
    assert.equal(nearestWord('dif', ['list', 'diff']), 'diff');
    assert.equal(nearestWord('reidnex', ['reindex', 'run']), 'reindex');
  });
  it('has no neighbour where none is near', () => {
    assert.equal(nearestWord('train', ['list', 'log']), null);
    assert.equal(nearestWord('', ['list']), null);
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironmentFiles } from '../../agent/capture/environment-files.ts';

describe('the .env files beside a program', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'dotenv-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('are read as the usual loaders read them', () => {
    writeFileSync(
      join(root, '.env'),
      [
        '# a comment',
        'PLAIN=value',
        'export EXPORTED = spaced   # and a remark',
        'HASH=a#b',
        'SINGLE=\'as $it is "here"\'',
        'DOUBLE="with \\"quotes\\", a\\nline and \\$x"',
        'LINES="first',
        'second"',
        'EMPTY=',
        'no assignment',
        'PLAIN=later',
      ].join('\n'),
    );
    assert.deepEqual(readEnvironmentFiles([root]), {
      PLAIN: 'value',
      EXPORTED: 'spaced',
      HASH: 'a#b',
      SINGLE: 'as $it is "here"',
      DOUBLE: 'with "quotes", a\nline and $x',
      LINES: 'first\nsecond',
      EMPTY: '',
    });
  });

  it('may have other names and lie in several folders; samples, folders and huge ones are none', () => {
    mkdirSync(join(root, 'sub/.env'), { recursive: true });
    writeFileSync(join(root, '.env.local'), 'A=1\n');
    writeFileSync(join(root, 'prod.env'), 'B=2\nA=9\n');
    writeFileSync(join(root, '.env.example'), 'C=3\n');
    writeFileSync(join(root, 'big.env'), `D=${'x'.repeat(70_000)}\n`);
    writeFileSync(join(root, 'sub/.env.test'), 'E=5\n');
    const found = readEnvironmentFiles([root, join(root, 'sub'), join(root, 'gone')]);
    assert.deepEqual(found, { A: '1', B: '2', E: '5' });
  });
});

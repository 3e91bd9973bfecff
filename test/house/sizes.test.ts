import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listSources, root } from '../support/sources.ts';

const sizes = listSources(['agent', 'extension', 'webview'])
  .filter((path) => /\.(?:ts|tsx|py)$/.test(path))
  .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
  .sort((a, b) => a.lines - b.lines);

describe('the files of the product', () => {
  it('have at most 400 lines each', () => {
    assert.deepEqual(
      sizes.filter(({ lines }) => lines > 400),
      [],
    );
  });

  it('are small as a rule: half of them under 90 lines, nine in ten under 250', () => {
    const at = (share: number) => sizes[Math.floor(sizes.length * share)]?.lines ?? 0;
    assert.ok(at(0.5) < 90, `the median is ${at(0.5)} lines`);
    assert.ok(at(0.9) < 250, `one in ten has ${at(0.9)} lines or more`);
  });

  it('are named by nouns in kebab-case', () => {
    const odd = sizes.map(({ path }) => path).filter((path) => !/^[a-z\d/_.-]+$/.test(path));
    assert.deepEqual(odd, []);
  });
});

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { references } from '../../docs/generate.ts';
import { root } from '../support/sources.ts';

describe('the generated references', () => {
  for (const [name, content] of references()) {
    it(`docs/${name} is what \`npm run docs\` writes`, () => {
      const path = join(root, 'docs', name);
      const committed = existsSync(path) ? readFileSync(path, 'utf8') : '';
      assert.ok(committed === content, `docs/${name} is not current: npm run docs`);
    });
  }
});

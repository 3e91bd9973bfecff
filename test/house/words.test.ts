import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listSources, root } from '../support/sources.ts';

const self = 'test/house/words.test.ts';
const binary = /\.(?:png|gz|ico|woff2?|ttf)$/;

// The names of services are data where their keys are recognised.
const knowsServices = /redact|secret/;

// A clone must not depend on where it was written: no folder of one machine, no registry but the
// one the user has set, and no name of a tool that has no part in the product.
const forbidden: [what: string, pattern: RegExp][] = [
  [
    'a folder of one machine',
    /\/(?:root|home\/[a-z]+)\/\.|\/work\/(?:main|shared|\.)|\/tmp\/brief/,
  ],
  [
    'a registry by its host',
    /\b(?:registry\.(?:npmjs\.org|yarnpkg\.com)|(?:files\.)?(?:pypi\.org|pythonhosted\.org)|proxy\.golang\.org)\b/,
  ],
  ['a chat program', /\b(?:claude|anthropic|chatgpt|openai|gpt-\d|copilot|gemini|codex)\b/i],
];

describe('the clone', () => {
  for (const [what, pattern] of forbidden) {
    it(`does not name ${what}`, () => {
      const found = listSources()
        .filter((path) => path !== self && !binary.test(path) && !knowsServices.test(path))
        .flatMap((path) =>
          readFileSync(join(root, path), 'utf8')
            .split('\n')
            .flatMap((line, index) =>
              pattern.test(line) ? [`${path}:${index + 1}: ${line}`] : [],
            ),
        );
      assert.deepEqual(found, []);
    });
  }

  it('leaves nothing to be done later in its code', () => {
    const found = listSources(['agent', 'extension', 'webview', 'bench', 'examples', 'test'])
      .filter((path) => path !== self && /\.(?:ts|mjs|cjs|py)$/.test(path))
      .filter((path) =>
        /^\s*(?:\/\/|\/?\*|#).*\b(?:TODO|FIXME|XXX)\b/m.test(
          readFileSync(join(root, path), 'utf8'),
        ),
      );
    assert.deepEqual(found, []);
  });
});

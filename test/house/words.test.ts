import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listSources, root } from '../support/sources.ts';

const self = 'test/house/words.test.ts';
const binary = /\.(?:png|gz|ico|woff2?|ttf)$/;

// The names of services are data where their keys are recognised.
const knowsServices = /redact|secret/;

interface Forbidden {
  what: string;
  pattern: RegExp;
  except?: RegExp;
}

// A clone must not depend on where it was written: no folder of one machine, no registry but the
// one the user has set, and no name of a tool that has no part in the product.
const forbidden: Forbidden[] = [
  {
    what: 'a folder of one machine',
    pattern:
      /\/(?:root|home\/(?!ada\b)[a-z]+)\/\.|(?<![\w.})-])\/work\/|\/tmp\/(?:brief|bash_jobs)|\bfc-v\d+\b/,
  },
  {
    what: 'a registry by its host',
    pattern:
      /\b(?:npmjs\.(?:org|com)|yarnpkg\.com|npmmirror\.com|pypi\.org|pythonhosted\.org|proxy\.golang\.org|crates\.io|deb\.debian\.org)\b|"resolved": "/,
  },
  {
    what: 'a chat program, or what is said to one',
    pattern:
      /\b(?:claude|anthropic|chatgpt|openai|gpt-\d|copilot|gemini|codex|llms?|language models?|ai (?:assistants?|agents?)|coding agents?|subagents?|prompt engineering)\b/i,
    except: knowsServices,
  },
];

describe('the clone', () => {
  for (const { what, pattern, except } of forbidden) {
    it(`does not name ${what}`, () => {
      const found = listSources()
        .filter((path) => path !== self && !binary.test(path) && !except?.test(path))
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

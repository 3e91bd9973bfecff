import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { listSources, root } from '../support/sources.ts';

const documents = listSources().filter((path) => path.endsWith('.md'));

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

describe('the documents', () => {
  it('link to files that are there', () => {
    const broken = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)]
        .map(([, target]) => posix.join(posix.dirname(path), target ?? ''))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${path}: ${target}`),
    );
    assert.deepEqual(broken, []);
  });

  it('link to headings that are there', () => {
    const broken = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!\w+:)([^)#\s]*)#([^)\s]+)\)/g)]
        .filter(([, file = '', heading = '']) => {
          const target = file === '' ? path : posix.join(posix.dirname(path), file);
          return existsSync(join(root, target)) && !anchorsOf(read(target)).has(heading);
        })
        .map(([link]) => `${path}: ${link}`),
    );
    assert.deepEqual(broken, []);
  });

  it('name only npm scripts that are there', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const known = new Set([...Object.keys(scripts), 'ci']);
    const unknown = documents.flatMap((path) =>
      [...read(path).matchAll(/\bnpm run ([\w-]+)/g)]
        .filter(([, name]) => !known.has(name ?? ''))
        .map(([text]) => `${path}: ${text}`),
    );
    assert.deepEqual(unknown, []);
  });

  it('name the libraries whose files are seen past Python', () => {
    const table = read('agent/python/inside/native/table.py').split('BLIND = ')[0] ?? '';
    const libraries = [...table.matchAll(/^ {4}'(\w+)[\w.]*': \[/gm)].map(([, name]) => name ?? '');
    assert.ok(libraries.length > 20);
    const guide = read('docs/guide.md');
    assert.deepEqual(
      libraries.filter((name) => !name.startsWith('_') && !new RegExp(`\\b${name}\\b`).test(guide)),
      [],
    );
  });

  it('name, beside each promise of the README, the tests that prove it', () => {
    const rows = [...read('README.md').matchAll(/^\| (\d+) \| .* \| (.*?) ?\|$/gm)];
    assert.equal(rows.length, 11);
    const wrong = rows.flatMap(([, number, proof = '']) => {
      const tests = [...proof.matchAll(/`?(test\/[\w./-]+)`?/g)].map(([, path]) => path ?? '');
      if (tests.length === 0) return [`promise ${number} names no test`];
      return tests
        .filter((path) => !existsSync(join(root, path)))
        .map((path) => `promise ${number} names ${path}, which is not there`);
    });
    assert.deepEqual(wrong, []);
  });
});

/** The anchors of a document's headings, as code hosts make them. */
function anchorsOf(markdown: string): Set<string> {
  return new Set(
    [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

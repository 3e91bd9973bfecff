import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { listSources, root } from '../support/sources.ts';

const kept = new Set(['.cache', '.git', '.runrecord', 'node_modules']);

describe('the package for the editor', () => {
  let shipped: string[];

  before(async () => {
    // All but what tools and tests keep in the clone: vsce holds each file against each rule, which
    // for a hundred thousand takes minutes.
    const copy = mkdtempSync(join(tmpdir(), 'run-record-test-'));
    try {
      for (const name of readdirSync(root)) {
        if (kept.has(name)) continue;
        cpSync(join(root, name), join(copy, name), { recursive: true });
      }
      shipped = await listFiles({ cwd: copy, packageManager: PackageManager.None });
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  it('would hold nothing of what is kept in the clone', () => {
    const lines = readFileSync(join(root, '.vscodeignore'), 'utf8').split('\n');
    const [first, ...exceptions] = lines.filter((line) => line !== '' && !line.startsWith('#'));
    assert.equal(first, '**');
    for (const rule of exceptions) assert.match(rule, /^!(?:dist|media|docs)\/|^!\w[\w.]*$/);
  });

  it('holds the bundles, pictures and documents, and nothing else', () => {
    const allowed = [
      /^dist\/((extension|language-client|runrecord)\.cjs|package\.json)$/,
      /^dist\/agent\/((main|run)\.cjs|hash-worker\.js)$/,
      /^dist\/(agent\/)?[\w.-]+\.LEGAL\.txt$/,
      /^dist\/agent\/python\/[\w/]+\.py$/,
      /^dist\/agent\/python\/inside\/site\/__pycache__$/,
      /^media\/(icon\.png|runs\.svg|walkthrough\/\w+\.svg)$/,
      /^docs\/[\w.]+\.(md|schema\.json)$/,
      /^docs\/[\w.]+\.json$/,
      /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|NOTICE)$/,
    ];
    assert.deepEqual(
      shipped.filter((path) => !allowed.some((pattern) => pattern.test(path))),
      [],
    );
  });

  it('holds all that runs', () => {
    const programs = listSources(['agent/python']).filter((path) => path.endsWith('.py'));
    const wanted = [
      ...['package.json', 'dist/extension.cjs', 'dist/language-client.cjs'],
      ...['dist/runrecord.cjs', 'dist/package.json'],
      ...['dist/agent/main.cjs', 'dist/agent/run.cjs', 'dist/agent/hash-worker.js'],
      ...programs.map((path) => `dist/${path}`),
      'dist/agent/python/inside/site/__pycache__',
      ...listSources(['media']),
    ];
    assert.deepEqual(
      wanted.filter((path) => !shipped.includes(path)),
      [],
    );
  });

  it('is far below 5 MB, even before it is compressed', () => {
    const bytes = shipped.reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
    assert.ok(bytes < 5_000_000, `${bytes} bytes`);
  });

  it('keeps to the sizes of its bundles', () => {
    const most = {
      // All that a window waits for.
      'dist/extension.cjs': 60_000,
      'dist/language-client.cjs': 490_000,
      'dist/agent/main.cjs': 1_500_000,
      // All that a program waits for.
      'dist/agent/run.cjs': 800_000,
    };
    for (const [path, bytes] of Object.entries(most)) {
      const { size } = statSync(join(root, path));
      assert.ok(size <= bytes, `${path} has ${size} bytes, more than ${bytes}`);
    }
  });

  it('needs nothing but Node and, in the extension alone, vscode', () => {
    const needed = (path: string) => [
      ...new Set(
        [...readFileSync(join(root, path), 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map(
          ([, name]) => name ?? '',
        ),
      ),
    ];
    const foreign = (path: string) =>
      needed(path).filter((name) => !name.startsWith('node:') && !builtinModules.includes(name));
    assert.deepEqual(foreign('dist/extension.cjs').sort(), ['./language-client.cjs', 'vscode']);
    assert.deepEqual(foreign('dist/language-client.cjs'), ['vscode']);
    assert.deepEqual(foreign('dist/agent/main.cjs'), []);
    assert.deepEqual(foreign('dist/agent/run.cjs'), ['./main.cjs']);
  });
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../support/sources.ts';

/** Runs a program of node_modules and fails with what it printed. */
function passes(program: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', program), ...args],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) assert.fail(`${program} ${args.join(' ')}\n${stdout}${stderr}`);
}

describe('the source', () => {
  it('has no type errors', () => {
    passes('typescript/bin/tsc', '-p', '.');
  });

  it('keeps agent/core and agent/protocol free of Node and of the DOM', () => {
    passes('typescript/bin/tsc', '-p', 'agent/core');
  });

  it('is formatted, and the linter finds nothing', () => {
    passes('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.');
  });

  it('has no unused files, exports or dependencies', () => {
    passes('knip/bin/knip.js', '--no-progress');
  });

  it('has nothing in the product that only tests use', () => {
    passes('knip/bin/knip.js', '--no-progress', '--production');
  });
});

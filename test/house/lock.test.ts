import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/sources.ts';

interface Locked {
  version?: string;
  os?: string[];
  optionalDependencies?: Record<string, string>;
}

const lock: { packages: Record<string, Locked> } = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
);

describe('the lock file', () => {
  // npm leaves out the platforms that it could not look up, and `npm ci` then refuses the file.
  it('names the packages of every platform', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {}).filter(
        (name) =>
          !(`node_modules/${name}` in lock.packages) &&
          !(`${path}/node_modules/${name}` in lock.packages),
      ),
    );
    assert.deepEqual(missing, []);
  });

  it('names no host', () => {
    assert.doesNotMatch(readFileSync(join(root, 'package-lock.json'), 'utf8'), /"resolved"/);
  });

  it('brings the same Node for every platform that has one', () => {
    const { optionalDependencies } = lock.packages[''] ?? {};
    const nodes = Object.entries(optionalDependencies ?? {}).filter(([name]) =>
      /^node-/.test(name),
    );
    assert.equal(nodes.length, 5);
    assert.equal(new Set(nodes.map(([, version]) => version)).size, 1);
  });
});

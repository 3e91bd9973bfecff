import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../support/sources.ts';

const door = join(root, 'dist', 'runrecord.cjs');

/** Starts the door as a Node of another version would: all that it looks at is the version. */
function startUnder(version: string, ...args: string[]) {
  const pretend = `
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
    process.argv.splice(1, 0, ${JSON.stringify(door)});
    require(${JSON.stringify(door)});`;
  return spawnSync(process.execPath, ['-e', pretend, '--', ...args], { encoding: 'utf8' });
}

describe('the command line', () => {
  for (const version of ['20.19.0', '22.15.0', '8.17.0']) {
    it(`says what to do under Node ${version}`, () => {
      const { status, stdout, stderr } = startUnder(version, 'list');
      assert.equal(status, 1);
      assert.equal(stdout, '');
      assert.match(stderr, new RegExp(`this is Node ${version.replaceAll('.', '\\.')}.*Node 24`));
      assert.doesNotMatch(stderr, /SyntaxError|\bat /);
    });
  }

  it('tells a launch apart: the program was not started', () => {
    assert.equal(startUnder('20.19.0', 'run', '--', 'true').status, 125);
  });

  it('starts under the Node that it was built with, from any folder', () => {
    const shell = join(root, 'dist', 'bin', 'runrecord');
    const { status, stdout } = spawnSync(shell, ['--help'], { cwd: '/', encoding: 'utf8' });
    assert.equal(status, 0);
    assert.match(stdout, /^\s+run .*record a run/m);
  });
});

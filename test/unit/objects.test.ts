import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { sha256 } from '../../agent/store/digest.ts';
import { checkObject, keepObject, objectPath, readObject } from '../../agent/store/objects.ts';
import { makeWorkspace } from '../support/journals.ts';

describe('objects', () => {
  let workspace: ReturnType<typeof makeWorkspace>;
  beforeEach(() => {
    workspace = makeWorkspace();
  });
  afterEach(() => workspace.remove());

  const bytes = Buffer.from([0, 255, 10, 13]);

  it('are kept read-only under their digest and come back equal', () => {
    const { layout } = workspace;
    const digest = keepObject(layout, bytes);
    assert.equal(digest, sha256(bytes));
    assert.equal(keepObject(layout, bytes), digest);
    const path = objectPath(layout, digest) ?? '';
    assert.ok(path.endsWith(`objects/${digest.slice(7, 9)}/${digest.slice(9)}`));
    assert.equal(statSync(path).mode & 0o777, 0o444);
    assert.deepEqual(readObject(layout, digest), bytes);
    assert.equal(checkObject(layout, digest), null);
  });

  it('are named when they were changed or are gone', () => {
    const { layout } = workspace;
    const digest = keepObject(layout, bytes);
    const path = objectPath(layout, digest) ?? '';
    chmodSync(path, 0o644);
    writeFileSync(path, 'x');
    assert.equal(checkObject(layout, digest)?.what, 'changed');
    assert.equal(checkObject(layout, sha256('never kept'))?.what, 'missing');
  });

  it('are put right when the same bytes are kept again', () => {
    const { layout } = workspace;
    const digest = keepObject(layout, bytes);
    const path = objectPath(layout, digest) ?? '';
    chmodSync(path, 0o644);
    writeFileSync(path, Buffer.alloc(bytes.length));
    keepObject(layout, bytes);
    assert.deepEqual(readFileSync(path), bytes);
  });

  it('are not looked for under a name that is no digest', () => {
    assert.equal(readObject(workspace.layout, 'sha256:../../etc/passwd'), null);
    assert.equal(readObject(workspace.layout, 'md5:abc'), null);
  });
});

import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLocalFolder, isLocalMount } from '../../agent/store/filesystem.ts';
import { ensureHome, workspaceLayout } from '../../agent/store/layout.ts';
import { findWorkspaceRoot } from '../../agent/store/workspace-root.ts';

describe('the workspace', () => {
  let root: string;
  const home = process.env.HOME;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'runrecord-layout-')));
  });
  afterEach(() => {
    if (home === undefined) delete process.env.HOME;
    else process.env.HOME = home;
    rmSync(root, { recursive: true, force: true });
  });

  const folder = (...parts: string[]) => {
    const path = join(root, ...parts);
    mkdirSync(path, { recursive: true });
    return path;
  };

  for (const [name, make] of [
    ['.runrecord', () => folder('p', '.runrecord')],
    ['.git', () => folder('p', '.git')],
    ['a .git file', () => writeFileSync(join(folder('p'), '.git'), 'gitdir: x')],
    ['runrecord.yaml', () => writeFileSync(join(folder('p'), 'runrecord.yaml'), 'version: 1')],
  ] as const) {
    it(`is the nearest folder upwards with ${name}`, () => {
      make();
      assert.equal(findWorkspaceRoot(folder('p', 'a', 'b')), join(root, 'p'));
    });
  }

  it('is the folder itself where nothing marks one', () => {
    assert.equal(findWorkspaceRoot(folder('q', 'a')), join(root, 'q', 'a'));
  });

  it('is never the home folder or one above it', () => {
    process.env.HOME = folder('home', 'ada');
    folder('home', 'ada', '.git');
    folder('home', '.git');
    assert.equal(findWorkspaceRoot(folder('home', 'ada', 'x')), join(root, 'home', 'ada', 'x'));
  });

  it('is found through a link', () => {
    folder('p', '.git');
    folder('p', 'a');
    symlinkSync(join(root, 'p', 'a'), join(root, 'link'));
    assert.equal(findWorkspaceRoot(join(root, 'link')), join(root, 'p'));
  });

  it('ignores itself and keeps its id', () => {
    const layout = workspaceLayout(root);
    const id = ensureHome(layout);
    assert.equal(ensureHome(layout), id);
    assert.equal(readFileSync(join(layout.home, '.gitignore'), 'utf8'), '*\n');
  });

  it('says what to do where its folder cannot be made', () => {
    writeFileSync(join(root, '.runrecord'), 'a file');
    assert.throws(() => ensureHome(workspaceLayout(root)), {
      code: 'home-not-writable',
      exitCode: 125,
      action: /Move the file away/,
    });
  });
});

describe('file systems', () => {
  it('knows that the folder of a test is local or says no', () => {
    assert.equal(typeof isLocalFolder(tmpdir()), 'boolean');
    assert.equal(isLocalFolder('/proc'), false);
    assert.equal(isLocalFolder('/no/such/folder'), false);
  });

  it('reads the mounts of macOS by their words', () => {
    const mounts = [
      '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)',
      '/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)',
      '//ada@nas/lab on /Volumes/lab (smbfs, nodev, nosuid, mounted by ada)',
      'nas:/data on /Volumes/a b (nfs)',
    ].join('\n');
    assert.equal(isLocalMount(mounts, '/System/Volumes/Data/Users/ada'), true);
    assert.equal(isLocalMount(mounts, '/Volumes/lab/x'), false);
    assert.equal(isLocalMount(mounts, '/Volumes/a b'), false);
    assert.equal(isLocalMount(mounts, '/Volumes/labour'), true);
    assert.equal(isLocalMount('', '/x'), false);
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BytePath, bytePath, joinBytes } from '../../agent/capture/byte-path.ts';
import { digestFile } from '../../agent/capture/data/digest-file.ts';
import { digestTree, type TreeDigest } from '../../agent/capture/data/digest-tree.ts';
import { HashPool } from '../../agent/capture/data/hash-pool.ts';
import { type DigestCache, statKey } from '../../agent/core/seams.ts';
import { parseManifest } from '../support/manifest.ts';

function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function memoryCache(): DigestCache & { hits: number; known: Map<string, string> } {
  const known = new Map<string, string>();
  const cache = {
    hits: 0,
    known,
    get: (stat: Parameters<DigestCache['get']>[0]) => {
      const digest = known.get(statKey(stat));
      if (digest !== undefined) cache.hits += 1;
      return digest;
    },
    set: (stat: Parameters<DigestCache['set']>[0], digest: string) => {
      known.set(statKey(stat), digest);
    },
  };
  return cache;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'digest-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the digest of a file', () => {
  it('is the SHA-256 of its bytes, whatever its size', () => {
    for (const size of [0, 1, 262_143, 262_144, 262_145, 1_000_000]) {
      const bytes = Buffer.alloc(size, 'abcdefg');
      writeFileSync(join(folder, 'f'), bytes);
      const found = digestFile(join(folder, 'f'));
      assert.equal(found.digest, sha256(bytes));
      assert.equal(found.sizeBytes, size);
      assert.equal(found.changed, false);
    }
  });

  it('can be taken from an open descriptor and from a name that is not UTF-8', () => {
    const path = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]);
    writeFileSync(path, 'x');
    assert.equal(digestFile(path).digest, sha256('x'));
    const descriptor = openSync(path, 'r');
    assert.equal(digestFile(descriptor).digest, sha256('x'));
    closeSync(descriptor);
  });

  it('tells a file that grew from one that was rewritten, by the digest of what it began with', () => {
    const path = join(folder, 'log');
    const before = Buffer.alloc(400_000, 'x');
    writeFileSync(path, before);
    appendFileSync(path, 'more');
    assert.equal(digestFile(path, { prefixBytes: 400_000 }).prefixDigest, sha256(before));
    assert.equal(digestFile(path, { prefixBytes: 0 }).prefixDigest, sha256(''));
    assert.equal(digestFile(path, { prefixBytes: 400_005 }).prefixDigest, null);
  });

  it('comes from the cache while the stat is the same, and not after a change', () => {
    const cache = memoryCache();
    const path = join(folder, 'f');
    writeFileSync(path, 'one');
    digestFile(path, { cache });
    assert.equal(digestFile(path, { cache }).digest, sha256('one'));
    assert.equal(cache.hits, 1);
    writeFileSync(path, 'three');
    assert.equal(digestFile(path, { cache }).digest, sha256('three'));
  });

  it('is refused for a pipe, which is never opened, and for a folder', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    assert.throws(() => digestFile(join(folder, 'pipe')), { code: 'ENOTREG' });
    assert.throws(() => digestFile(folder), { code: 'ENOTREG' });
    assert.throws(() => digestFile(join(folder, 'none')), { code: 'ENOENT' });
  });
});

describe('hashing many files', () => {
  it('gives one result a file, in order, in threads or without, and says what cannot be read', async () => {
    const jobs = Array.from({ length: 700 }, (_, index) => {
      const path = join(folder, `${index}`);
      if (index !== 300) writeFileSync(path, `content ${index}`);
      return { path: bytePath(path), sizeBytes: 10, prefixBytes: 7 };
    });
    for (const options of [{ background: true }, { workers: 0 }]) {
      const pool = new HashPool(options);
      const results = await pool.hash(jobs);
      await pool.close();
      assert.equal(results.length, 700);
      results.forEach((result, index) => {
        if (index === 300) assert.ok('error' in result && result.error === 'ENOENT');
        else {
          assert.ok('digest' in result);
          assert.equal(result.digest, sha256(`content ${index}`));
          assert.equal(result.prefixDigest, sha256('content'));
        }
      });
    }
  });

  it('answers all that is still open when it is closed', async () => {
    const pool = new HashPool({ background: true });
    writeFileSync(join(folder, 'f'), Buffer.alloc(40_000_000));
    const open = pool.hash([{ path: bytePath(join(folder, 'f')), sizeBytes: 40_000_000 }]);
    await pool.close();
    assert.deepEqual(
      (await open).map((result) => 'error' in result && result.error),
      ['ECANCELED'],
    );
  });
});

describe('the digest of a folder', () => {
  async function digest(options: { cache?: DigestCache } = {}): Promise<TreeDigest> {
    const pool = new HashPool();
    try {
      return await digestTree(bytePath(folder), { pool, ...options });
    } finally {
      await pool.close();
    }
  }
  const paths = (tree: TreeDigest): string[] =>
    parseManifest(tree.manifest ?? Buffer.alloc(0)).map(({ path }) => path);

  it('is that of its manifest: digest, size and path a file, sorted by bytes', async () => {
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    mkdirSync(join(folder, 'empty'));
    for (const name of ['a/b/1', 'a.txt', 'a/z', 'a-b', 'é', 'Z']) {
      writeFileSync(join(folder, name), name);
    }
    const tree = await digest();
    const expected = ['Z', 'a-b', 'a.txt', 'a/b/1', 'a/z', 'é']
      .map((name) => `${sha256(name).slice(7)}  ${Buffer.byteLength(name)}  ${name}\n`)
      .join('');
    assert.equal(tree.manifest?.toString('utf8'), expected);
    assert.equal(tree.digest, sha256(expected));
    assert.equal(tree.fileCount, 6);
  });

  it('escapes names as sha256sum does and keeps bytes that are not UTF-8', async () => {
    const odd = [Buffer.from('new\nline'), Buffer.from('back\\slash'), Buffer.from([0x63, 0xe9])];
    for (const name of odd) writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), 'x');
    const tree = await digest();
    const summed = execFileSync('sh', ['-c', 'LC_ALL=C sha256sum -- *'], { cwd: folder });
    const expected = summed.toString('latin1').replaceAll(/^(\\?[0-9a-f]{64}) {2}/gm, '$1  1  ');
    assert.equal(tree.manifest?.toString('latin1'), expected);
    const names = odd.map((name) => name.toString('latin1')).sort();
    assert.deepEqual(paths(tree), names);
  });

  it('is of the content: times, modes and links to the same bytes do not change it', async () => {
    writeFileSync(join(folder, 'one'), 'x');
    const first = await digest();
    rmSync(join(folder, 'one'));
    writeFileSync(join(folder, 'elsewhere'), 'x', { mode: 0o755 });
    linkSync(join(folder, 'elsewhere'), join(folder, 'one'));
    rmSync(join(folder, 'elsewhere'));
    assert.equal((await digest()).digest, first.digest);
    assert.notEqual((await digest()).stat, first.stat);
  });

  it('follows links as a program would, and ends where they lead in a circle', async () => {
    mkdirSync(join(folder, 'in/deep'), { recursive: true });
    writeFileSync(join(folder, 'in/deep/f'), 'x');
    symlinkSync('../..', join(folder, 'in/deep/up'));
    symlinkSync('in', join(folder, 'again'));
    symlinkSync('in/deep/f', join(folder, 'file'));
    symlinkSync('self', join(folder, 'self'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    const tree = await digest();
    assert.deepEqual(paths(tree), ['again/deep/f', 'file', 'in/deep/f']);
    assert.deepEqual(tree.problems.map(({ path, error }) => `${path} ${error}`).sort(), [
      'dangling ENOENT',
      'self ELOOP',
    ]);
  });

  it('ends for folders of links to folders of links', async () => {
    for (let index = 0; index < 40; index += 1) {
      mkdirSync(join(folder, `${index}`));
      for (const name of ['a', 'b']) symlinkSync(`../${index + 1}`, join(folder, `${index}`, name));
    }
    mkdirSync(join(folder, '40'));
    writeFileSync(join(folder, '40/f'), 'x');
    const tree = await digest();
    assert.ok(paths(tree).includes('40/f'));
    assert.ok(tree.fileCount < 5_000);
  });

  it('leaves out pipes and sockets', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const server = createServer().listen(join(folder, 'socket'));
    writeFileSync(join(folder, 'f'), 'x');
    const tree = await digest();
    server.close();
    assert.deepEqual(paths(tree), ['f']);
    assert.deepEqual(tree.problems, []);
  });

  it('is the same from the cache, from threads, and for thousands of files', async () => {
    const names: BytePath[] = [];
    for (let index = 0; index < 3_000; index += 1) {
      const name = bytePath(`d${index % 7}/${index}`);
      names.push(name);
      mkdirSync(join(folder, `d${index % 7}`), { recursive: true });
      writeFileSync(joinBytes(bytePath(folder), name), `${index}`);
    }
    const cache = memoryCache();
    const first = await digest({ cache });
    assert.equal(cache.known.size, 3_000);
    const second = await digest({ cache });
    assert.equal(cache.hits, 3_000);
    assert.equal(second.digest, first.digest);
    assert.deepEqual(paths(first), names.sort());
  });
});

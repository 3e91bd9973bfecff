import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { GitError, git, gitEnvironment } from '../git.ts';

/** Those of `ids` that the repository does not have. */
export async function missingObjects(cwd: string, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const output = await git(['cat-file', '--batch-check=%(objectname)', '--buffer'], {
    cwd,
    input: Buffer.from(`${ids.join('\n')}\n`),
  });
  const lines = output.toString('latin1').split('\n');
  return lines.filter((line) => line.endsWith(' missing')).map((line) => line.split(' ')[0] ?? '');
}

/**
 * Reads objects whole and hashes them again; answers those that are not what their id says, with
 * why. Git itself checks an object's id only in `fsck`, which would read everything.
 */
export async function damagedObjects(cwd: string, ids: string[]): Promise<Map<string, string>> {
  const damaged = new Map<string, string>();
  let rest = ids;
  // Git may give up at an object that it cannot unpack: go on behind it.
  while (rest.length > 0) {
    const read = await hashAgain(cwd, rest, damaged);
    const stoppedAt = rest[read];
    if (stoppedAt === undefined) break;
    damaged.set(stoppedAt, 'cannot be unpacked');
    rest = rest.slice(read + 1);
  }
  return damaged;
}

/** Answers how many of `ids` were read to their end. */
function hashAgain(cwd: string, ids: string[], damaged: Map<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['cat-file', '--batch', '--buffer'], {
      cwd,
      env: gitEnvironment(),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let read = 0;
    const reader = createBatchReader((id) => {
      const expected = ids[read] ?? '';
      if (id !== expected) damaged.set(expected, id === null ? 'is missing' : `hashes to ${id}`);
      read += 1;
    });
    child.on('error', (error) => reject(new GitError(error.message, null, Buffer.alloc(0), '')));
    child.stdout.on('data', reader);
    child.stdin.on('error', () => {});
    child.stdin.end(`${ids.join('\n')}\n`);
    child.on('close', () => resolve(read));
  });
}

/**
 * Reads what `cat-file --batch` prints: `<id> <type> <size>`, the content, a newline; calls back
 * with the id of the content, or null for an object that is missing.
 */
function createBatchReader(onObject: (id: string | null) => void): (chunk: Buffer) => void {
  let header = '';
  let hash: ReturnType<typeof createHash> | null = null;
  let left = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (hash === null) {
        const end = chunk.indexOf(10, at);
        header += chunk.toString('latin1', at, end < 0 ? chunk.length : end);
        if (end < 0) return;
        at = end + 1;
        const [id = '', type = '', size = '0'] = header.split(' ');
        header = '';
        if (type === 'missing') onObject(null);
        else {
          hash = createHash(id.length === 64 ? 'sha256' : 'sha1').update(`${type} ${size}\0`);
          left = Number(size);
        }
        continue;
      }
      const part = chunk.subarray(at, at + left);
      hash.update(part);
      left -= part.length;
      at += part.length;
      if (left > 0 || at >= chunk.length) continue;
      // The newline behind the content.
      at += 1;
      onObject(hash.digest('hex'));
      hash = null;
    }
  };
}

import { realpath } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { findRepository, type Worktree } from '../../capture/code/repository.ts';
import { git } from '../../capture/git.ts';

/** A file as the last commit has it. */
export type HeadFile =
  | { kind: 'text'; text: string }
  /** In no commit, and not ignored. */
  | { kind: 'new' }
  /** Ignored, outside of a repository, not text, or git cannot say. */
  | { kind: 'none' };

const none: HeadFile = { kind: 'none' };
const maxBytes = 4_000_000;

/** Answers what HEAD holds of files. A blob is read once; `forget` asks anew which one it is. */
export interface HeadFiles {
  read(path: string): Promise<HeadFile>;
  forget(): void;
}

/** `found` is told each repository that a file was found in, once. */
export function createHeadFiles(found: (worktree: Worktree) => void): HeadFiles {
  const worktrees = new Map<string, Promise<Worktree | null>>();
  const known = new Map<string, { id: string; text: string }>();
  let current = new Map<string, Promise<HeadFile>>();
  const told = new Set<string>();

  async function locate(folder: string): Promise<Worktree | null> {
    const answer = await findRepository(folder);
    if (answer.kind !== 'worktree') return null;
    const { worktree } = answer;
    if (!told.has(worktree.gitDir)) {
      told.add(worktree.gitDir);
      found(worktree);
    }
    return worktree;
  }

  async function read(path: string): Promise<HeadFile> {
    const file = await realpath(path);
    const folder = dirname(file);
    const looked = worktrees.get(folder) ?? locate(folder);
    worktrees.set(folder, looked);
    const worktree = await looked;
    if (worktree === null) return none;
    const name = relative(worktree.top, file).split(sep).join('/');
    if (name === '' || name.startsWith('../') || /[\n\0]/.test(name)) return none;
    return readBlob(worktree.top, name, known);
  }

  return {
    read(path) {
      const answer = current.get(path) ?? read(path).catch(() => none);
      current.set(path, answer);
      return answer;
    },
    forget() {
      current = new Map();
      worktrees.clear();
    },
  };
}

async function readBlob(
  top: string,
  name: string,
  known: Map<string, { id: string; text: string }>,
): Promise<HeadFile> {
  const input = Buffer.from(`HEAD:${name}\n`);
  const answer = await git(['cat-file', '--batch-check'], { cwd: top, input });
  const [, id, size] = /^([0-9a-f]{40,64}) blob (\d+)$/m.exec(answer.toString('utf8')) ?? [];
  if (id === undefined) return (await isIgnored(top, name)) ? none : { kind: 'new' };
  if (Number(size) > maxBytes) return none;
  const key = `${top}\0${name}`;
  const standing = known.get(key);
  if (standing?.id === id) return { kind: 'text', text: standing.text };
  const bytes = await git(['cat-file', 'blob', id], { cwd: top });
  const text = decode(bytes);
  if (text === null) return none;
  known.set(key, { id, text });
  return { kind: 'text', text };
}

async function isIgnored(top: string, name: string): Promise<boolean> {
  const args = ['check-ignore', '--stdin', '-z'];
  const input = Buffer.from(`${name}\0`);
  const answer = await git(args, { cwd: top, input, okCodes: [1] });
  return answer.length > 0;
}

/** Null for what an editor would not show as it lies in the repository. */
function decode(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const isPointer = text.startsWith('version https://git-lfs.github.com/spec/');
    return isPointer || text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

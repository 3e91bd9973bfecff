import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { lastValue } from './git-config.ts';
import { identityOf, type Worktree } from './repository.ts';

/**
 * A git directory of our own for the user's working tree: its objects are the user's, its index is
 * ours, and it converts nothing, so that every blob is the bytes on disk. It may be deleted at any
 * time; what it saves is reading every file at every launch.
 */
export interface Sidecar {
  folder: string;
  /** The index that the last launch left. */
  indexFile: string;
  stateFile: string;
  /** The environment for git commands in it, on an index of one's own. */
  env: (indexFile: string) => Record<string, string>;
}

/** In a sidecar: the top of the working tree that it stands for. */
export const placeFile = 'worktree';

/** The folder that holds the sidecars of a workspace. */
export function sidecarsIn(cacheFolder: string): string {
  return join(cacheFolder, 'git');
}

/** What holds on the user's disk holds in the sidecar too. */
const sharedSettings = ['filemode', 'symlinks', 'ignorecase', 'precomposeunicode'];

/** Nothing is converted: the bytes of a blob are those of the file. */
const rawAttributes = '* -text -eol -filter -ident -working-tree-encoding\n';

/** Opens the sidecar of a repository below `cacheFolder`, and makes it where there is none. */
export function openSidecar(cacheFolder: string, worktree: Worktree): Sidecar {
  const key = createHash('sha256').update(identityOf(worktree)).digest('hex').slice(0, 16);
  const folder = join(sidecarsIn(cacheFolder), key);
  if (!existsSync(join(folder, 'config'))) createSidecar(folder, worktree);
  else dropLeftovers(folder);
  return {
    folder,
    indexFile: join(folder, 'index'),
    stateFile: join(folder, 'state.json'),
    env: (indexFile) => ({
      GIT_DIR: folder,
      GIT_WORK_TREE: worktree.top,
      GIT_OBJECT_DIRECTORY: join(worktree.commonDir, 'objects'),
      GIT_INDEX_FILE: indexFile,
    }),
  };
}

function createSidecar(folder: string, worktree: Worktree): void {
  mkdirSync(join(folder, 'refs'), { recursive: true });
  mkdirSync(join(folder, 'info'), { recursive: true });
  const isSha256 = worktree.objectFormat === 'sha256';
  const lines = [
    '[core]',
    `repositoryformatversion = ${isSha256 ? 1 : 0}`,
    'bare = false',
    'autocrlf = false',
    'safecrlf = false',
    'untrackedCache = false',
  ];
  for (const name of sharedSettings) {
    const value = lastValue(worktree.config, `core.${name}`);
    if (value !== undefined && /^\w+$/.test(value)) lines.push(`${name} = ${value}`);
  }
  if (isSha256) lines.push('[extensions]', 'objectFormat = sha256');
  writeFileSync(join(folder, 'info', 'attributes'), rawAttributes);
  writeFileSync(join(folder, placeFile), worktree.top);
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  // Last, and by a rename: its presence says that the rest is there.
  replaceFile(join(folder, 'config'), `${lines.join('\n')}\n`);
}

/** Writes a whole file under a name of its own and puts it in place. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const own = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(own, content);
  renameSync(own, path);
}

/**
 * Gives a copy of an index the age of the original, a little older. Git takes a file that is not
 * older than the index for possibly changed; a copy that looks younger would hide such a change.
 */
export function keepAge(copy: string, originalMtimeNs: bigint): void {
  const seconds = Number(originalMtimeNs / 1000n - 2n) / 1e6;
  utimesSync(copy, seconds, seconds);
}

const leftoverMs = 3_600_000;

/** Removes what launches left that were killed, and copies of indexes that are no more. */
function dropLeftovers(folder: string): void {
  const kept = new Set(['config', 'HEAD', 'refs', 'info', 'index', 'state.json', placeFile]);
  const names = readdirSync(folder).filter((name) => !kept.has(name));
  if (names.length < 4) return;
  for (const name of names) {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.ctimeMs > leftoverMs) {
      rmSync(join(folder, name), { force: true, recursive: true });
    }
  }
}

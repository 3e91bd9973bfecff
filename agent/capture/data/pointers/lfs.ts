import { type BytePath, bytePath, joinBytes } from '../../byte-path.ts';
import { barePointer, type FoundPointer } from './pointer.ts';
import { isThere, readHead, statOrNull } from './read-head.ts';

/** A git-lfs pointer is some 130 bytes; its specification ends at 1,024. */
const pointerLimitBytes = 1_024;

/** Asks git-lfs's pointers and its store; remembers where the store of a folder is. */
export class LfsReader {
  private readonly stores = new Map<string, BytePath | null>();

  /**
   * What a file with this text stands for, or null where it is no pointer of git-lfs: the content
   * was never fetched, and the program would read the pointer.
   */
  readPointer(path: BytePath, text: string): FoundPointer | null {
    if (text.length >= pointerLimitBytes) return null;
    const spec = /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\//;
    const oid = spec.test(text) ? /^oid (sha256:[0-9a-f]{64})$/m.exec(text)?.[1] : undefined;
    if (oid === undefined) return null;
    const size = /^size (\d{1,15})$/m.exec(text)?.[1];
    return barePointer('git-lfs', `lfs:${oid}`, {
      file: path,
      digest: oid,
      sizeBytes: size === undefined ? null : Number(size),
      fileCount: 1,
      cached: this.isInStore(path, oid),
    });
  }

  /** A file whose content git-lfs holds in its store: git-lfs fetched it, or it was added. */
  readContent(path: BytePath, digest: string, sizeBytes: number): FoundPointer | null {
    if (!this.isInStore(path, digest)) return null;
    const more = { digest, sizeBytes, fileCount: 1, cached: true };
    return barePointer('git-lfs', `lfs:${digest}`, more);
  }

  /** Whether the repository that a folder is in has to do with git-lfs. */
  isUsed(folder: BytePath): boolean {
    const top = this.findTop(folder);
    if (top === null) return false;
    if (this.findStore(folder) !== null) return true;
    return /filter=lfs/.test(readHead(joinBytes(top, '.gitattributes'), 64 * 1024) ?? '');
  }

  private findTop(folder: BytePath): BytePath | null {
    for (let top = folder; top !== ''; top = top.slice(0, top.lastIndexOf('/')) as BytePath) {
      if (isThere(joinBytes(top, '.git'))) return top;
    }
    return null;
  }

  private isInStore(path: BytePath, oid: string): boolean {
    const store = this.findStore(path.slice(0, path.lastIndexOf('/')) as BytePath);
    const hex = oid.slice('sha256:'.length);
    const place = `${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex}`;
    return store !== null && isThere(joinBytes(store, place));
  }

  /** `lfs/objects` in the git folder of the nearest repository above; null without one. */
  private findStore(folder: BytePath): BytePath | null {
    const known = this.stores.get(folder);
    if (known !== undefined) return known;
    const git = joinBytes(folder, '.git');
    const stat = folder === '' ? null : statOrNull(git);
    let found: BytePath | null = null;
    if (stat) {
      const store = joinBytes(stat.isDirectory() ? git : followGitFile(git, folder), 'lfs/objects');
      found = isThere(store) ? store : null;
    } else if (folder !== '') {
      found = this.findStore(folder.slice(0, folder.lastIndexOf('/')) as BytePath);
    }
    this.stores.set(folder, found);
    return found;
  }
}

/** A worktree or submodule has a file that names its git folder; a worktree shares its store. */
function followGitFile(file: BytePath, folder: BytePath): BytePath {
  const said = /^gitdir: (.+)$/m.exec(readHead(file, 4_096) ?? '')?.[1] ?? '';
  const own = said.startsWith('/') ? bytePath(said) : joinBytes(folder, bytePath(said));
  const common = readHead(joinBytes(own, 'commondir'), 4_096)?.trim();
  if (common === undefined) return own;
  return common.startsWith('/') ? bytePath(common) : joinBytes(own, bytePath(common));
}

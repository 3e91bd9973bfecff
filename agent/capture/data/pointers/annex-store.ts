import { createHash } from 'node:crypto';
import { type BytePath, bytePath, joinBytes, pathText } from '../../byte-path.ts';
import { describeKey } from './annex.ts';
import type { FoundPointer } from './pointer.ts';
import { isThere } from './read-head.ts';

/** git-annex's alphabet for the names of its folders: none that would make words. */
const letters = '0123456789zqjxkmvwgpfZQJXKMVWGPF';

/** Asks git-annex's store whether it has a content; remembers where the store of a folder is. */
export class AnnexStore {
  private readonly stores = new Map<string, BytePath | null>();

  /**
   * An unlocked file looks like any other: its key is made from its content and the end of its name,
   * and the store has an object of that key.
   */
  findContent(path: BytePath, digest: string, sizeBytes: number): FoundPointer | null {
    const slash = path.lastIndexOf('/');
    const store = this.findStore(path.slice(0, slash) as BytePath);
    if (store === null) return null;
    const hex = digest.replace(/^sha256:/, '');
    const name = pathText(path.slice(slash + 1) as BytePath);
    for (const ending of endingsOf(name)) {
      for (const backend of ending === '' ? ['SHA256E', 'SHA256'] : ['SHA256E']) {
        const key = `${backend}-s${sizeBytes}--${hex}${ending}`;
        const place = joinBytes(store, `${mixedFolder(key)}/${key}`);
        if (isThere(place)) return describeKey(bytePath(key), null, true);
      }
    }
    return null;
  }

  private findStore(folder: BytePath): BytePath | null {
    const known = this.stores.get(folder);
    if (known !== undefined) return known;
    if (folder === '') return null;
    const store = joinBytes(folder, '.git/annex/objects');
    let found = isThere(store) ? store : null;
    if (found === null && !isThere(joinBytes(folder, '.git'))) {
      found = this.findStore(folder.slice(0, folder.lastIndexOf('/')) as BytePath);
    }
    this.stores.set(folder, found);
    return found;
  }
}

/** `.tar.gz`, `.gz`, and none: git-annex keeps two short endings at most. */
function endingsOf(name: string): string[] {
  const [, two] = /((?:\.[A-Za-z0-9]{1,4}){2})$/.exec(name) ?? [];
  const [, one] = /(\.[A-Za-z0-9]{1,4})$/.exec(name) ?? [];
  return [...(two === undefined ? [] : [two]), ...(one === undefined ? [] : [one]), ''];
}

/** Two folders of two letters, by the first bits of the key's MD5, as git-annex mixes them. */
function mixedFolder(key: string): string {
  const word = createHash('md5').update(key).digest().readUInt32LE(0);
  const at = (index: number): string => letters[(word >>> (6 * index)) & 31] ?? '';
  return `${at(1)}${at(0)}/${at(3)}${at(2)}`;
}

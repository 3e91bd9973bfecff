import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { type BytePath, bytePath, isInside } from '../../../capture/byte-path.ts';
import { realOrSame } from '../../../capture/data/locate-data.ts';
import { isCode, isFurniture, isLoaded, isScratch } from '../../../core/observed/no-data.ts';

export interface PlacesOptions {
  root: string;
  /** Absolute. */
  outputs: string[];
  ignored(path: BytePath): boolean;
}

/** Tells by its place what a file can be: data, code, a result, or nothing that is recorded. */
export class FilePlaces {
  readonly #root: BytePath;
  readonly #kept: BytePath[];
  readonly #ignored: (path: BytePath) => boolean;
  readonly #temporary: string[];
  readonly #prefixes = new Set<BytePath>();

  constructor({ root, outputs, ignored }: PlacesOptions) {
    this.#root = realOrSame(root);
    this.#kept = [this.#root, ...outputs.map(realOrSame)];
    this.#ignored = ignored;
    this.#temporary = [...new Set(['/tmp', '/var/tmp', '/dev/shm', tmpdir()].map(realOrSame))];
  }

  /** What lies in the installation of an interpreter is its own. */
  addInterpreter(executable: string): void {
    // A virtual environment is where its link lies, the installation where that leads to.
    for (const path of new Set([bytePath(executable), realOrSame(executable)])) {
      const prefix = dirname(dirname(path)) as BytePath;
      const isAbove = isInside(this.#root, prefix);
      if (prefix.lastIndexOf('/') > 0 && !isAbove && prefix !== '/usr/local') {
        this.#prefixes.add(prefix);
      }
    }
  }

  isFurniture(path: string): boolean {
    if (isFurniture(path)) return true;
    for (const prefix of this.#prefixes) if (path.startsWith(`${prefix}/`)) return true;
    return false;
  }

  isInput(path: BytePath): boolean {
    if (this.isFurniture(path) || isLoaded(path) || this.#ignored(path)) return false;
    const inside = isInside(path, this.#root);
    return !isCode(path, inside) && (inside || !this.#isScratch(path));
  }

  isResult(path: BytePath): boolean {
    if (this.isFurniture(path) || this.#ignored(path)) return false;
    return this.#kept.some((folder) => isInside(path, folder)) || !this.#isScratch(path);
  }

  /** In a folder for what does not last. */
  isTemporary(path: BytePath): boolean {
    if (this.#kept.some((folder) => isInside(path, folder))) return false;
    return this.#temporary.some((folder) => path.startsWith(`${folder}/`));
  }

  /** Of a file that has changed, and nobody was seen to change it: code is the user's own work. */
  isFound(path: BytePath): boolean {
    return this.isResult(path) && !isCode(path, isInside(path, this.#root));
  }

  #isScratch(path: BytePath): boolean {
    return isScratch(path, this.#temporary);
  }
}

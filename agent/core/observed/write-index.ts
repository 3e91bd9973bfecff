import type { FileStat } from '../seams.ts';
import type { FileEvent } from './file-event.ts';
import { contentKey } from './stat-tuple.ts';

/**
 * When a run was last seen to open a file for writing, or to put one in its place: in seconds since
 * 1970. The order in which events come does not matter.
 */
export class WriteIndex {
  readonly #files = new Map<string, number>();
  /** Folders that were moved to where they are: all that lies in them came with them. */
  readonly #folders = new Map<string, number>();
  /** The content that was there each time a file was opened to be changed; null: it is another. */
  readonly #kept = new Map<string, string | null>();
  #fresh = new Set<string>();

  take(event: FileEvent): void {
    if (event.kind === 'write') {
      this.#keep(event.path, event.keeps && event.stat !== null ? contentKey(event.stat) : null);
      this.#note(event.path, event.at);
    } else if (event.kind === 'rename' || event.kind === 'link') {
      this.#keep(event.to, null);
      this.#note(event.to, event.at);
    }
  }

  /** A file was opened to be changed, and is as it was before. */
  isUntouched(path: string, stat: FileStat): boolean {
    return this.#kept.get(path) === contentKey(stat);
  }

  /** A program was told in words to write there. */
  takePath(path: string, at: number): void {
    this.#files.set(path, Math.max(at, this.#files.get(path) ?? at));
  }

  /** `folder` was moved to its place as a whole. */
  takeFolder(folder: string, at: number): void {
    this.#folders.set(folder, Math.max(at, this.#folders.get(folder) ?? at));
  }

  /** Null where it was never seen. */
  lastWrite(path: string): number | null {
    let last = this.#files.get(path) ?? null;
    if (this.#folders.size === 0) return last;
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const moved = this.#folders.get(path.slice(0, cut));
      if (moved !== undefined && (last === null || moved > last)) last = moved;
    }
    return last;
  }

  /** Paths that were written since this was asked last. */
  drain(): Set<string> {
    const fresh = this.#fresh;
    this.#fresh = new Set();
    return fresh;
  }

  #keep(path: string, content: string | null): void {
    const before = this.#kept.get(path);
    this.#kept.set(path, before === undefined || before === content ? content : null);
  }

  #note(path: string, at: number): void {
    this.takePath(path, at);
    this.#fresh.add(path);
  }
}

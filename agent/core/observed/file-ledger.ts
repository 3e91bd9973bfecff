import type { FileStat } from '../seams.ts';
import type { FileEvent } from './file-event.ts';
import { contentKey } from './stat-tuple.ts';

/** A file that a run read and had not made itself. */
export interface ReadFile {
  /** Where it was when it was read first. */
  path: string;
  /** Where that content lies now; null once the run has overwritten or removed it. */
  place: string | null;
  /** When it was opened first. */
  stat: FileStat;
  /** Of that content, told from inside before the run changed it. */
  digest: string | null;
  /** `argument`: it was only named to a program that nothing reports from. */
  seen: 'hook' | 'argument';
}

/** A file that was not the run's, and that the run removed or moved away. */
export interface GoneFile {
  path: string;
  /** Where it was moved to. */
  to: string | null;
  digest: string | null;
}

/**
 * Tells from what the processes of a run did, in order, which files are its inputs: those that it
 * read before it had made them. What it made and read again is none; what it read and changed then
 * is one, as it was. A file of others that was moved by the run and is read then was an input
 * under its old name. Pure; one event after the other.
 */
export class FileLedger {
  /** Paths whose content the run has made. */
  readonly #made = new Set<string>();
  readonly #inputs = new Map<string, ReadFile>();
  readonly #byPlace = new Map<string, ReadFile>();
  /** Where a file that the run moved, or gave a second name, came from. */
  readonly #origins = new Map<string, string>();
  readonly #named = new Set<string>();
  readonly #before = new Map<string, string>();
  readonly #gone = new Map<string, GoneFile>();
  /** Folders of all paths that are known, so that the renaming of one is told from that of a file. */
  readonly #folders = new Set<string>();
  #fresh: ReadFile[] = [];

  /** What was read, or named, for the first time since this was asked last. */
  drain(): ReadFile[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  get inputs(): Iterable<ReadFile> {
    return this.#inputs.values();
  }

  get gone(): Iterable<GoneFile> {
    return this.#gone.values();
  }

  /** Whether the run has made what lies there. */
  isMade(path: string): boolean {
    return this.#made.has(path);
  }

  take(event: FileEvent): void {
    switch (event.kind) {
      case 'read':
        this.#read(event.path, event.stat);
        break;
      case 'write':
        this.#overwrite(event.path);
        this.#make(event.path);
        break;
      case 'before':
        this.#tellBefore(event.path, event.stat, event.digest);
        break;
      case 'rename':
        this.#rename(event.from, event.to);
        break;
      case 'remove':
        this.#remove(event.path);
        break;
      case 'name':
        this.#name(event.path, event.stat);
        break;
      case 'link':
        this.#overwrite(event.to);
        this.#give(event.from, event.to);
        break;
    }
  }

  #read(path: string, stat: FileStat): void {
    if (this.#made.has(path) || this.#byPlace.has(path)) return;
    const name = this.#origins.get(path) ?? path;
    if (this.#inputs.has(name)) return;
    const input: ReadFile = { path: name, place: path, stat, digest: null, seen: 'hook' };
    this.#inputs.set(name, input);
    this.#byPlace.set(path, input);
    this.#remember(path);
    this.#fresh.push(input);
  }

  #name(path: string, stat: FileStat): void {
    if (this.#made.has(path) || this.#origins.has(path) || this.#inputs.has(path)) return;
    if (this.#named.has(path)) return;
    this.#named.add(path);
    this.#fresh.push({ path, place: path, stat, digest: null, seen: 'argument' });
  }

  #tellBefore(path: string, stat: FileStat, digest: string): void {
    if (this.#made.has(path)) return;
    this.#before.set(path, digest);
    const input = this.#byPlace.get(path);
    if (input !== undefined && contentKey(input.stat) === contentKey(stat)) input.digest = digest;
  }

  #make(path: string): void {
    this.#made.add(path);
    this.#gone.delete(path);
    this.#remember(path);
  }

  /** What lies there is no more. */
  #overwrite(path: string): void {
    const input = this.#byPlace.get(path);
    if (input !== undefined) input.place = null;
    this.#byPlace.delete(path);
    this.#origins.delete(path);
  }

  /** The file at `from` lies at `to` too. */
  #give(from: string, to: string): void {
    this.#remember(to);
    this.#gone.delete(to);
    if (this.#made.has(from)) {
      this.#made.add(to);
      return;
    }
    this.#made.delete(to);
    this.#origins.set(to, this.#origins.get(from) ?? from);
  }

  #rename(from: string, to: string): void {
    if (!this.#folders.has(from)) {
      this.#move(from, to);
      return;
    }
    const known = [...this.#made, ...this.#byPlace.keys(), ...this.#origins.keys()];
    for (const path of new Set(known)) {
      if (path.startsWith(`${from}/`)) this.#move(path, to + path.slice(from.length));
    }
  }

  #move(from: string, to: string): void {
    if (from === to) return;
    this.#overwrite(to);
    this.#give(from, to);
    const input = this.#byPlace.get(from);
    if (input !== undefined) {
      input.place = to;
      this.#byPlace.delete(from);
      this.#byPlace.set(to, input);
    }
    if (!this.#made.delete(from)) this.#lose(from, to);
    this.#origins.delete(from);
  }

  #remove(path: string): void {
    if (!this.#made.delete(path)) this.#lose(path, null);
    this.#overwrite(path);
  }

  #lose(path: string, to: string | null): void {
    // A second name of the run's making, not the file itself.
    if (this.#origins.has(path)) return;
    const digest = this.#before.get(path) ?? this.#inputs.get(path)?.digest ?? null;
    this.#gone.set(path, { path, to, digest });
  }

  #remember(path: string): void {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const folder = path.slice(0, cut);
      if (this.#folders.has(folder)) return;
      this.#folders.add(folder);
    }
  }
}

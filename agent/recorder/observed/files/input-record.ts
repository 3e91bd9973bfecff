import { type BytePath, bytePath, isInside, placeOnDisk } from '../../../capture/byte-path.ts';
import { type DataProblem, describeProblems } from '../../../capture/data/data-problem.ts';
import type { ReadFile } from '../../../core/observed/file-ledger.ts';
import { foldAbove } from '../../../core/observed/fold-folders.ts';
import type { KeepObject } from '../../../core/seams.ts';
import type { CaptureStatus, DataEntry } from '../../../protocol/record.ts';
import { statFile } from '../../outputs/scan.ts';
import type { Recording } from '../../recording.ts';
import { foldInputs } from './fold-inputs.ts';
import type { ObservedInputs } from './observed-inputs.ts';

export interface InputRecordOptions {
  recording: Recording;
  root: string;
  keepObject: KeepObject;
  inputs: ObservedInputs;
  /** Whether a file may be scratch of the run's own, which nobody was seen to write. */
  mayPass(file: ReadFile): boolean;
}

const entriesPerLine = 1_000;

/**
 * Brings what a run was seen to read together with what was known of its data at launch: an entry
 * that stands becomes an input, a directory that was declared covers its files, one that was only
 * named does so where all of them were read, and thousands of files in one folder become one entry.
 */
export class InputRecord {
  readonly #options: InputRecordOptions;
  readonly #places = new Map<DataEntry, BytePath>();
  /** Paths of the configuration's sources that were read. */
  readonly #sources = new Set<string>();
  /** Files that are inputs where they are still there at the end. */
  readonly #passing: ReadFile[] = [];
  /** Inputs below a directory that was only named. */
  readonly #held = new Map<BytePath, ReadFile[]>();
  /** Written file by file, by their path. */
  readonly #written = new Map<string, DataEntry>();
  #waiting: DataEntry[] = [];

  constructor(options: InputRecordOptions) {
    this.#options = options;
  }

  take(read: ReadFile[]): void {
    const standing = this.#standing();
    const sources = this.#sourcePlaces();
    const fresh: ReadFile[] = [];
    const touched = new Set<BytePath>();
    for (const input of read) {
      const path = input.path as BytePath;
      const source = sources.get(path);
      if (source !== undefined) {
        if (input.seen === 'hook') this.#sources.add(source);
        continue;
      }
      if (this.#options.mayPass(input)) {
        this.#passing.push(input);
        continue;
      }
      const folder = standing.folders.find(({ place }) => isInside(path, place));
      const isKnown = standing.files.has(path) || folder !== undefined;
      if (input.seen === 'argument') {
        if (!isKnown) fresh.push(input);
      } else if (standing.files.has(path)) {
        touched.add(path);
        if (standing.files.get(path)?.some(isUnread)) fresh.push(input);
      } else if (folder === undefined) fresh.push(input);
      else if (folder.entry.role === 'input') touched.add(folder.place);
      else this.#hold(folder.place, input);
    }
    this.#touch(touched);
    this.#options.inputs.add(fresh);
  }

  listed(path: BytePath): void {
    const { folders } = this.#standing();
    const isInput = folders.some(({ entry, place }) => place === path && entry.role === 'input');
    if (isInput) this.#touch(new Set([path]));
  }

  /** Called with entries as they are hashed. */
  write(entries: DataEntry[]): void {
    const now: DataEntry[] = [];
    const { files } = this.#standing();
    for (const entry of entries) {
      const path = placeOnDisk(entry, this.#options.root);
      const unread = files.get(path)?.find(isUnread);
      const merged = unread === undefined ? entry : adopt(unread, entry);
      this.#written.set(path, merged);
      // Above that they may become one entry: who finishes the record reads all lines again.
      if (this.#written.size <= foldAbove || unread !== undefined) now.push(merged);
      else this.#waiting.push(merged);
    }
    this.#append(now);
  }

  /** All is read and hashed: folds, and says which sources were read. */
  async finish(problems: DataProblem[], unseen: string[], wasSeen: boolean): Promise<void> {
    this.#options.inputs.add(this.#passing.filter(({ place }) => isThere(place)));
    await this.#settleHeld();
    const { recording, root, keepObject } = this.#options;
    const taken = new Set(this.#standing().folders.map(({ place }) => place));
    const { folders, covered } = foldInputs(this.#written, { root, taken, keepObject });
    if (folders.length > 0) {
      const folded = folders.map(({ path }) => path);
      recording.append('data', { entries: folders, folded });
    }
    const rest = this.#waiting.filter((entry) => !covered.has(placeOnDisk(entry, root)));
    for (let start = 0; start < rest.length; start += entriesPerLine) {
      this.#append(rest.slice(start, start + entriesPerLine));
    }
    this.#tellSources(wasSeen);
    this.#tellStatus(problems, unseen, wasSeen);
  }

  #standing() {
    const files = new Map<BytePath, DataEntry[]>();
    const folders: { place: BytePath; entry: DataEntry }[] = [];
    for (const entry of this.#options.recording.record.data) {
      if (entry.mode === 'uri' || entry.seen.every((seen) => seen === 'hook')) continue;
      const place = this.#placeOf(entry);
      if (entry.mode === 'tree') folders.push({ place, entry });
      files.set(place, [...(files.get(place) ?? []), entry]);
    }
    return { files, folders };
  }

  #placeOf(entry: DataEntry): BytePath {
    let place = this.#places.get(entry);
    if (place === undefined) {
      place =
        entry.path === '.' ? bytePath(this.#options.root) : placeOnDisk(entry, this.#options.root);
      this.#places.set(entry, place);
    }
    return place;
  }

  /** Where the configuration's sources lie, with their paths in the record. */
  #sourcePlaces(): Map<BytePath, string> {
    const { recording, root } = this.#options;
    const { sources } = recording.record.config;
    return new Map(sources.map((source) => [placeOnDisk(source, root), source.path]));
  }

  #hold(folder: BytePath, input: ReadFile): void {
    const held = this.#held.get(folder);
    if (held === undefined) this.#held.set(folder, [input]);
    else held.push(input);
  }

  #touch(places: Set<BytePath>): void {
    if (places.size === 0) return;
    const entries = this.#options.recording.record.data
      .filter((entry) => entry.mode !== 'uri' && places.has(this.#placeOf(entry)))
      .filter((entry) => entry.role !== 'input' || !entry.seen.includes('hook'))
      .map(seenRead);
    this.#append(entries);
  }

  /** A named directory of which every file was read is an input; else its files are. */
  async #settleHeld(): Promise<void> {
    for (const [folder, inputs] of this.#held) {
      const entry = this.#standing().folders.find(({ place }) => place === folder)?.entry;
      const isWhole = entry?.digest != null && entry.fileCount === inputs.length;
      if (isWhole) this.#touch(new Set([folder]));
      else this.#options.inputs.add(inputs);
    }
    this.#held.clear();
    await this.#options.inputs.finish();
  }

  #tellSources(wasSeen: boolean): void {
    const { recording } = this.#options;
    const { sources } = recording.record.config;
    const told = sources.map((source) => {
      if (this.#sources.has(source.path)) return { ...source, read: true };
      return wasSeen && source.read === null ? { ...source, read: false } : source;
    });
    const isNew = told.some((source, at) => source.read !== sources[at]?.read);
    if (isNew) recording.append('config', { config: { sources: told } });
  }

  #tellStatus(problems: DataProblem[], unseen: string[], wasSeen: boolean): void {
    const { recording } = this.#options;
    const { data, capture } = recording.record;
    const trouble = [describeProblems(problems), ...unseen].filter((text) => text !== null);
    const before = capture.data;
    const detail = [before.status === 'absent' ? null : before.detail, ...trouble]
      .filter((text) => text !== null)
      .join('; ');
    const told: CaptureStatus = { ...before, detail: detail === '' ? null : detail };
    if (trouble.length > 0 && before.status !== 'failed') told.status = 'partial';
    else if (before.status === 'absent' && data.length > 0) told.status = 'captured';
    else if (before.status === 'absent' && wasSeen)
      told.detail = 'no data was declared, named or read';
    else return;
    recording.append('data', { entries: [], capture: told });
  }

  #append(entries: DataEntry[]): void {
    if (entries.length > 0) this.#options.recording.append('data', { entries });
  }
}

function isThere(place: string | null): boolean {
  return place !== null && statFile(place as BytePath) !== null;
}

/** Named, and too large to be read for that; or not there at launch, but for its pointer. */
function isUnread(entry: DataEntry): boolean {
  return entry.mode === 'stat' || (entry.mode === 'pointer' && entry.stat === undefined);
}

function seenRead(entry: DataEntry): DataEntry {
  return { ...entry, role: 'input', seen: [...new Set([...entry.seen, 'hook' as const])] };
}

function adopt(standing: DataEntry, read: DataEntry): DataEntry {
  const name = standing.name === undefined ? {} : { name: standing.name };
  return { ...read, ...name, seen: [...new Set([...standing.seen, ...read.seen])] };
}

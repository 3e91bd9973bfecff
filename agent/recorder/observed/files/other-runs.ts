import { readdirSync, statSync } from 'node:fs';
import { type BytePath, bytePath, isInside, placeOnDisk } from '../../../capture/byte-path.ts';
import { WriteIndex } from '../../../core/observed/write-index.ts';
import type { JournalData, JournalLine } from '../../../protocol/journal.ts';
import { readJournalFrom } from '../../../store/journal-reader.ts';
import type { Layout } from '../../../store/layout.ts';
import { parseEvent } from '../../../store/parse-event.ts';
import type { OtherWriter } from '../../attribution.ts';
import { absoluteIn } from '../../launch/begin-record.ts';
import { observedFolder } from '../observed-folder.ts';
import { ObservedTail } from '../observed-tail.ts';
import { isFolder, readWrite } from './file-lines.ts';
import { PathResolver } from './resolve-path.ts';

export interface OtherRunsOptions {
  layout: Layout;
  id: string;
  /** Ids of the runs that are announced now, whatever place they were given. */
  announced(): string[];
  isLive(id: string): boolean;
  /** Nobody has looked for a while: runs may have come and gone. */
  isResumed: boolean;
}

/** More runs than this since this one was launched: the newest are looked at. */
const mostRuns = 500;

/**
 * What the runs beside this one were seen to write: from the lines of their processes while they go
 * on, and from their journals, which say it too when they have just ended.
 */
export class OtherRuns {
  readonly #options: OtherRunsOptions;
  readonly #runs = new Map<string, OtherRun>();
  #missed: boolean;

  constructor(options: OtherRunsOptions) {
    this.#options = options;
    this.#missed = options.isResumed;
    this.#meet(options.announced());
  }

  look(): void {
    if (this.#missed) this.#meetLater();
    this.#meet(this.#options.announced());
    for (const run of this.#runs.values()) run.look();
  }

  /** Also runs that have come and gone between two looks. */
  lookForAll(): void {
    this.#meetLater();
    this.look();
  }

  /** All that went on beside this run at some time. */
  ids(): string[] {
    return [...this.#runs.keys()];
  }

  /** Those that have the file as it is now among what they found, though nobody saw who wrote it. */
  finders(path: BytePath): string[] {
    return [...this.#runs].filter(([, run]) => run.found.has(path)).map(([id]) => id);
  }

  /** Whether a place was given to one of them. */
  isGiven(path: BytePath): boolean {
    const holds = (folder: string) => isInside(path, bytePath(folder));
    return [...this.#runs.values()].some(({ given }) => given.some(holds));
  }

  writersOf(path: BytePath): OtherWriter[] {
    const writers: OtherWriter[] = [];
    for (const [id, run] of this.#runs) {
      const writer = run.writerOf(path);
      if (writer === null) continue;
      // None of its processes is there any more.
      const isOver = run.isClosed || !this.#options.isLive(id);
      writers.push({ ...writer, id, isOver });
    }
    return writers;
  }

  #meetLater(): void {
    this.#missed = false;
    const { layout, id } = this.#options;
    let names: string[] = [];
    try {
      names = readdirSync(layout.runs);
    } catch {
      // Somebody has removed the folder: there is nothing to be known.
    }
    // Ids are in the order of time.
    const later = names.filter((name) => name > id).sort();
    this.#meet(later.slice(-mostRuns));
  }

  #meet(ids: string[]): void {
    const { id: own, layout } = this.#options;
    for (const id of ids) {
      if (id !== own && !this.#runs.has(id)) this.#runs.set(id, new OtherRun(layout, id));
    }
  }
}

class OtherRun {
  isClosed = false;
  readonly #layout: Layout;
  readonly #id: string;
  readonly #tail: ObservedTail;
  readonly #writes = new WriteIndex();
  readonly #resolver = new PathResolver();
  /** When a version was recorded as this run's alone, by path; null where it was contested. */
  readonly #recorded = new Map<BytePath, number | null>();
  /** Folders that it was given to write to, absolute. */
  given: string[] = [];
  /** Paths of what it has found by a scan. */
  readonly found = new Set<BytePath>();
  #offset = 0;

  constructor(layout: Layout, id: string) {
    this.#layout = layout;
    this.#id = id;
    this.#tail = new ObservedTail(observedFolder(layout.runFolder(id)));
  }

  look(): void {
    if (this.isClosed) return;
    this.#resolver.forget();
    for (const { line } of this.#tail.read()) {
      const event = readWrite(line, this.#resolver);
      if (event === null) continue;
      this.#writes.take(event);
      if (event.kind === 'rename' && isFolder(event.to as BytePath)) {
        this.#writes.takeFolder(event.to, event.at);
      }
    }
    this.#writes.drain();
    // The journal last: closing removes the lines, and has written all that matters there before.
    const path = this.#layout.journal(this.#id);
    if (sizeOf(path) === this.#offset) return;
    const { offset } = readJournalFrom(path, this.#offset, (line) => this.#takeLine(line));
    this.#offset = offset;
  }

  writerOf(path: BytePath): Pick<OtherWriter, 'openedAtMs' | 'recordedAtMs'> | null {
    const opened = this.#writes.lastWrite(path);
    const recordedAtMs = this.#recorded.get(path);
    if (opened === null && recordedAtMs === undefined) return null;
    const openedAtMs = opened === null ? null : opened * 1000;
    return { openedAtMs, recordedAtMs: recordedAtMs ?? null };
  }

  #takeLine(line: JournalLine): void {
    if (line.type === 'closed') this.isClosed = true;
    if (line.type !== 'artifact' && line.type !== 'launch') return;
    const event = parseEvent(line);
    if (event === null || typeof event === 'string') return;
    if (event.type === 'launch') {
      const { directories } = (event.data as JournalData['launch']).outputs;
      this.given = directories.map((path) => absoluteIn(this.#layout.root, path));
      return;
    }
    const { artifacts } = event.data as JournalData['artifact'];
    for (const { attribution, seen, state, ...located } of artifacts) {
      if (state !== 'present') continue;
      const path = placeOnDisk(located, this.#layout.root);
      const wasSeen = seen?.some((how) => how !== 'scan') === true;
      const isAlone = attribution.kind === 'observed';
      if (wasSeen) this.#recorded.set(path, isAlone ? Date.parse(line.at) : null);
      else this.found.add(path);
    }
  }
}

/** Asked many times a second, and mostly nothing was added. */
function sizeOf(path: string): number | null {
  try {
    return statSync(path).size;
  } catch {
    return null;
  }
}

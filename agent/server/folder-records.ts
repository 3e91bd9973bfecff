import { stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { messageOf } from '../protocol/errors.ts';
import type { Notifications } from '../protocol/rpc.ts';
import type { RunIndex } from '../store/index/open-index.ts';
import { type Layout, workspaceLayout } from '../store/layout.ts';
import { findWorkspaceRoot } from '../store/workspace-root.ts';
import { describeGone } from './folder-problems.ts';
import { OpenRecords } from './open-records.ts';
import type { Session } from './session.ts';

type Live = Notifications['runrecord/changed']['live'];

/** The records that a folder's requests are answered from. */
export interface OpenFolder {
  index: RunIndex;
  root: string;
}

const lookMs = 400;
/** A request waits so long for a first reading; what is not read by then is told later. */
const firstReadMs = 1500;

/**
 * The records of one workspace folder. Nothing is opened before there is something: until then
 * the folder is only looked at. What goes away (the folder, its records, the index) is let go of,
 * and taken up again when it comes back.
 */
export class FolderRecords {
  /** Absolute. */
  readonly path: string;
  readonly #session: Session;
  readonly #changed: () => void;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #open: OpenRecords | null = null;
  #isGone = false;
  #isDisposed = false;

  constructor(path: string, session: Session, changed: () => void) {
    this.path = resolve(path);
    this.#session = session;
    this.#changed = changed;
  }

  start(): void {
    void this.#look();
    this.#timer = setInterval(() => void this.#look(), lookMs);
  }

  is(path: string): boolean {
    return resolve(path) === this.path;
  }

  contains(path: string): boolean {
    const prefix = this.path.endsWith(sep) ? this.path : `${this.path}${sep}`;
    return path.startsWith(prefix);
  }

  get live(): Live {
    return this.#open?.live ?? [];
  }

  /** The workspace root that the folder belongs to, whether anything is recorded or not. */
  get root(): string {
    return this.#open?.layout.root ?? findWorkspaceRoot(this.path);
  }

  /** The folder's records; null where there are none. */
  async open(): Promise<OpenFolder | null> {
    await this.#look();
    const open = this.#open;
    if (open === null) return null;
    await open.firstRead(firstReadMs);
    return this.#open === open ? { index: open.index, root: open.layout.root } : null;
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#close();
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce()
      .catch((thrown) => this.#session.log(`${this.path}: ${messageOf(thrown)}`))
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    if (!(await isFolder(this.path))) return this.#lose();
    if (this.#isGone) {
      this.#isGone = false;
      this.#changed();
    }
    if (this.#open !== null && !(await this.#open.look())) {
      this.#close();
      this.#changed();
    }
    if (this.#open !== null || this.#isDisposed) return;
    const layout = workspaceLayout(findWorkspaceRoot(this.path));
    if (await isFolder(layout.runs)) this.#openRecords(layout);
  }

  #openRecords(layout: Layout): void {
    if (this.#isDisposed) return;
    this.#open = new OpenRecords(this.path, layout, this.#session, this.#changed);
  }

  #lose(): void {
    if (this.#isGone || this.#isDisposed) return;
    this.#isGone = true;
    this.#close();
    this.#session.tell(describeGone(this.path));
    this.#changed();
  }

  #close(): void {
    this.#open?.dispose();
    this.#open = null;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

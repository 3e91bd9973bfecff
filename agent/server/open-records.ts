import { stat } from 'node:fs/promises';
import { setImmediate as pause, setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../protocol/errors.ts';
import type { Notifications } from '../protocol/rpc.ts';
import type { RunIndex } from '../store/index/open-index.ts';
import type { Layout } from '../store/layout.ts';
import { createFinisher } from './finish-runs.ts';
import { describeDamage, findFolderProblems } from './folder-problems.ts';
import { type Following, followRuns } from './follow-runs.ts';
import { openFolderIndex } from './open-folder-index.ts';
import { readApart } from './read-apart.ts';
import type { Session } from './session.ts';

/** What comes close together is taken in at once. */
const gatherMs = 100;
/** While something is live its processes are looked at, which no watch tells of. */
const liveMs = 2000;
/** A network file system does not tell what other machines wrote. */
const remoteMs = 4000;
const tellMs = 1000;
const liveStatuses = `runs.status IN ('preparing', 'queued', 'running')`;

/** The index of a workspace while it is open, kept in step with what lies on disk. */
export class OpenRecords {
  readonly layout: Layout;
  readonly index: RunIndex;
  live: Notifications['runrecord/changed']['live'] = [];
  readonly #folder: string;
  readonly #session: Session;
  readonly #changed: () => void;
  readonly #finisher: ReturnType<typeof createFinisher>;
  readonly #isLocal: boolean;
  #following: Following | null = null;
  #identity: string | null = null;
  #times = '';
  #stamp = '';
  #readMs = 0;
  #isWaiting = false;
  #timer: NodeJS.Timeout | null = null;
  #reading: Promise<void> | null = null;
  #isDisposed = false;

  constructor(folder: string, layout: Layout, session: Session, changed: () => void) {
    this.#folder = folder;
    this.layout = layout;
    this.#session = session;
    this.#changed = changed;
    this.#finisher = createFinisher(session);
    const opened = openFolderIndex(folder, layout, session);
    this.index = opened.index;
    this.#isLocal = opened.isLocal;
    this.#reading = this.#read();
    this.#follow().catch((thrown) => session.log(`${layout.runs}: ${messageOf(thrown)}`));
    void findFolderProblems(folder, opened, layout, session);
  }

  /** Resolves after the first reading, or after so long. */
  async firstRead(longestMs: number): Promise<void> {
    if (this.#stamp !== '' || this.#reading === null) return;
    const giveUp = new AbortController();
    await Promise.race([
      this.#reading,
      wait(longestMs, undefined, { signal: giveUp.signal }).catch(() => {}),
    ]);
    giveUp.abort();
  }

  /** Looks from time to time; false where what was opened is there no more. */
  async look(): Promise<boolean> {
    const path = this.index.path();
    const [home, file, ...times] = await Promise.all([
      identify(this.layout.home, false),
      path === null ? '' : identify(path, false),
      identify(this.layout.runs, true),
      identify(this.layout.judgements, true),
    ]);
    if (home === null || file === null) return false;
    const identity = `${home} ${file}`;
    this.#identity ??= identity;
    if (identity !== this.#identity) return false;
    const ageMs = performance.now() - this.#readMs;
    const isDue =
      ((this.live.length > 0 || this.#isWaiting) && ageMs > liveMs) ||
      (!this.#isLocal && ageMs > remoteMs) ||
      times.join() !== this.#times;
    this.#times = times.join();
    if (isDue) this.#readSoon();
    return true;
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#following?.close();
    // A reading that is under way ends at its next step, and may not find it closed before.
    void Promise.resolve(this.#reading).finally(() => this.index.close());
  }

  async #follow(): Promise<void> {
    await this.#reading;
    if (this.#isDisposed) return;
    // Of a first reading much stays behind that later ones do not need.
    this.index.trim();
    const following = await followRuns(this.layout, {
      isKnown: (id) => !this.#isDisposed && this.index.has(id),
      changed: () => this.#readSoon(),
      lost: (why) => {
        this.#session.log(`${this.layout.runs} cannot be watched: ${why}`);
        this.#readSoon();
      },
    });
    if (this.#isDisposed) return following.close();
    this.#following = following;
    // What came while the watch was laid.
    this.#readSoon();
  }

  #readSoon(): void {
    if (this.#isDisposed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      if (this.#reading !== null) return this.#readSoon();
      this.#reading = this.#read();
    }, gatherMs);
  }

  async #read(): Promise<void> {
    let toldMs = performance.now();
    const isFirst = this.#readMs === 0;
    try {
      if (isFirst && this.#session.trusted) {
        await readApart(this.index, this.layout.root, this.#session, {
          meanwhile: () => this.#tell(),
          isOver: () => this.#isDisposed,
        });
      }
      await this.index.refreshInSteps(async () => {
        await pause();
        if (this.#isDisposed) return false;
        if (performance.now() - toldMs > tellMs) {
          toldMs = performance.now();
          this.#tell();
        }
        return true;
      });
      if (!this.#isDisposed) this.#tell();
    } catch (thrown) {
      // A folder that is being removed fails on the way; the next look finds it gone.
      this.#session.log(`${this.layout.home}: ${messageOf(thrown)}`);
    } finally {
      this.#readMs = performance.now();
      this.#reading = null;
    }
  }

  /** Takes in what the index says now, and tells it where it is something else than before. */
  #tell(): void {
    const { index, layout } = this;
    const unfinished = index.unfinished();
    this.#following?.follow(unfinished.map(({ id }) => id));
    const mayFinish = this.#session.trusted && index.path() !== null;
    this.#isWaiting = mayFinish && this.#finisher.look(layout.root, unfinished);
    const stamp = index.stamp();
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    const rows = index.rows({ where: { sql: liveStatuses, params: [] } });
    this.live = rows.map(({ id, status }) => ({ id, status }));
    for (const damage of index.problems()) this.#session.tell(describeDamage(this.#folder, damage));
    this.#changed();
  }
}

/** Which file it is, and how new where that is asked; null where there is none. */
async function identify(path: string, withTime: boolean): Promise<string | null> {
  try {
    const { dev, ino, mtimeNs } = await stat(path, { bigint: true });
    return withTime ? `${dev} ${ino} ${mtimeNs}` : `${dev} ${ino}`;
  } catch {
    return null;
  }
}

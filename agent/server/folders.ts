import type { Notifications } from '../protocol/rpc.ts';
import { FolderRecords } from './folder-records.ts';
import type { Session } from './session.ts';

type Changed = Notifications['runrecord/changed'];

const gatherMs = 50;

/** The workspace folders of the client, and one revision that counts the changes in all. */
export class Folders {
  readonly #session: Session;
  readonly #send: (changed: Changed) => void;
  readonly #folders = new Map<string, FolderRecords>();
  #revision = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(session: Session, send: (changed: Changed) => void) {
    this.#session = session;
    this.#send = send;
  }

  get revision(): number {
    return this.#revision;
  }

  all(): FolderRecords[] {
    return [...this.#folders.values()];
  }

  find(path: string): FolderRecords | null {
    return this.all().find((folder) => folder.is(path)) ?? null;
  }

  /** The innermost folder that a file lies in. */
  around(path: string): FolderRecords | null {
    return this.all()
      .filter((folder) => folder.contains(path))
      .reduce<FolderRecords | null>(
        (best, folder) => (best !== null && best.path.length > folder.path.length ? best : folder),
        null,
      );
  }

  change(added: readonly string[], removed: readonly string[]): void {
    for (const path of removed) {
      this.#folders.get(path)?.dispose();
      this.#folders.delete(path);
    }
    for (const path of added) {
      if (this.#folders.has(path)) continue;
      const folder = new FolderRecords(path, this.#session, () => this.#tellChange());
      this.#folders.set(path, folder);
      folder.start();
    }
    if (removed.length > 0) this.#tellChange();
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const folder of this.#folders.values()) folder.dispose();
    this.#folders.clear();
  }

  /** What comes close together is told at once. */
  #tellChange(): void {
    this.#revision += 1;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const live = new Map(this.all().flatMap(({ live }) => live.map((run) => [run.id, run])));
      this.#send({ revision: this.#revision, live: [...live.values()] });
    }, gatherMs);
  }
}

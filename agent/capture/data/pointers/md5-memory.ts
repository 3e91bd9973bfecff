import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const mostEntries = 10_000;

/**
 * MD5 digests of contents, by our digest of the same content: what was compared with DVC once need
 * not be read again. A file that may be deleted at any time; without a folder it lasts as long as
 * the process.
 */
export class Md5Memory {
  private readonly path: string | null;
  private known: Map<string, string> | null = null;
  private changed = false;

  constructor(cacheFolder: string | null) {
    this.path = cacheFolder === null ? null : join(cacheFolder, 'md5.json');
  }

  get(digest: string): string | undefined {
    return this.load().get(digest);
  }

  set(digest: string, md5: string): void {
    this.load().set(digest, md5);
    this.changed = true;
  }

  save(): void {
    if (this.path === null || !this.changed) return;
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      const temporary = `${this.path}.${process.pid}.tmp`;
      const newest = [...this.load()].slice(-mostEntries);
      writeFileSync(temporary, JSON.stringify(Object.fromEntries(newest)));
      renameSync(temporary, this.path);
      this.changed = false;
    } catch {
      // The next launch reads the data once more.
    }
  }

  private load(): Map<string, string> {
    this.known ??= new Map(this.path === null ? [] : readEntries(this.path));
    return this.known;
  }
}

function readEntries(path: string): [string, string][] {
  try {
    const entries = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as object);
    return entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  } catch {
    return [];
  }
}

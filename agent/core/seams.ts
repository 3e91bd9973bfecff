/**
 * What the rooms hand each other. `capture` reads the world and returns values; it never opens
 * the store: the recorder gives it these.
 */

/** A file's identity and state: when equal, the content is taken to be unchanged. */
export interface FileStat {
  dev: bigint;
  ino: bigint;
  size: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
}

/** `dev:ino:size:mtimeNs:ctimeNs`, in decimal. */
export function statKey(stat: FileStat): string {
  return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
}

/** Digests of files by their stat; answers `sha256:<hex>` or undefined. */
export interface DigestCache {
  get(stat: FileStat): string | undefined;
  /** Ignored for a file that changed so lately that its next change could have the same stat. */
  set(stat: FileStat, digest: string): void;
}

/** Keeps bytes as an object and answers its `sha256:<hex>`. */
export type KeepObject = (bytes: Uint8Array) => string;

/** SHA-256 of text (as UTF-8) or bytes, as `sha256:<hex>`. */
export type Sha256 = (content: string | Uint8Array) => string;

/** What became of reading one of the five fields, besides its value. */
export interface Captured<T> {
  value: T;
  status: 'captured' | 'partial' | 'absent' | 'failed';
  detail: string | null;
}

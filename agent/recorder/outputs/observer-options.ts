import type { BytePath } from '../../capture/byte-path.ts';
import type { FileDigest } from '../../capture/data/digest-file.ts';
import type { FileStat } from '../../core/seams.ts';
import type { ArtifactVersion } from '../../protocol/journal.ts';
import type { Artifact } from '../../protocol/record.ts';
import type { Attributed, Known } from './known-files.ts';

export interface ObserverOptions {
  root: string;
  /** Absolute, none inside another. */
  directories: string[];
  ignored(path: BytePath): boolean;
  /** Told what could not be done, in words for a person. */
  trouble(what: string): void;
  /** Milliseconds since 1970. */
  launchedAtMs: number;
  /** Stat keys at launch. */
  baseline: Map<BytePath, string>;
  /** What an earlier recorder of this run has recorded already. */
  recorded: Artifact[];
  /** `dev:ino` of what the run's processes have open for writing; null where it is unknown. */
  heldForWriting(): Set<string> | null;
  /** One answer a file; null where it cannot be read. */
  digest(jobs: DigestJob[]): Promise<(FileDigest | null)[]>;
  /** Takes up what was said of writers until now. */
  refresh(): void;
  /**
   * Whose the version is that lies at a path now; null where it is another run's alone. `named`: the
   * program itself said that it wrote the file; `known`: the version that was recorded last.
   */
  attribute(path: BytePath, named: boolean, known: Known | undefined): Attributed | null;
  /** It was opened to be changed, but is as it was then: no output. */
  isUntouched(path: BytePath, stat: FileStat): boolean;
  emit(versions: ArtifactVersion[]): void;
  /** RFC 3339 in UTC. */
  now(): string;
}

export interface DigestJob {
  path: BytePath;
  sizeBytes: number;
  /** Also the digest of so many bytes from the start: tells whether the file grew. */
  prefixBytes?: number;
}

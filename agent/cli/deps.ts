import type { LaunchOptions } from '../core/launch-options.ts';
import type { Judgement } from '../protocol/judgement.ts';
import type { Code, RunRecord } from '../protocol/record.ts';
import type { Check, Comparison, ListRow, Trust, Verification } from '../protocol/verbs.ts';
import type { RunIndex } from '../store/index/open-index.ts';

/** Standard output or standard error. */
export type Stream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/** The records of one workspace, brought up to date when they were opened. */
export interface Records {
  /** The workspace root. */
  root: string;
  /** Takes in what was recorded since, for those who wait. */
  refresh(): void;
  /** Rows of these runs, in this order; ids that are not there are left out. */
  rows(ids: readonly string[]): ListRow[];
  /** A record with its judgements; null where there is none. */
  record(id: string): RunRecord | null;
  trustOf(id: string): Trust;
  /** @throws RunRecordError where nothing or more than one run is meant */
  resolveRef(ref: string): { id: string };
  /** Runs SQL that may only read. */
  query: RunIndex['query'];
  runFolder(id: string): string;
  /** Hash of the last line of the run's journal. */
  lastHash(id: string): string | null;
  writeJudgement(judgement: Judgement): void;
  close(): void;
}

/** Called from time to time with what is done and what there is to do. */
export type Progress = (done: number, total: number) => void;

/** All that the command line asks of the rest; `agent/main.ts` fills it in. */
export interface CliDeps {
  stdout: Stream;
  stderr: Stream;
  environment: Readonly<Record<string, string | undefined>>;
  cwd: string;
  version: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** A UUIDv7. */
  newId(): string;
  openRecords(): Promise<Records>;
  /** Who writes a judgement: the identity of git, else the user of the system. */
  author(): Promise<Judgement['by']>;
  /** Text with what looks like a credential left out. */
  redact(text: string): Promise<string>;
  /** Records a run; answers the exit code of the program, or of `design.md` where it did not start. */
  launchRun(options: LaunchOptions): Promise<number>;
  checkLaunch(options: LaunchOptions): Promise<Check>;
  /** Files that differ between two trees, with their counts of lines. */
  compareCode(a: Code, b: Code, root: string): Promise<Comparison['code']>;
  /** Holds these runs, or all, against what lies on disk. */
  verifyRuns(ids: readonly string[] | 'all', progress: Progress): Promise<Verification>;
  /** Rebuilds the index from the run folders. `lost`: runs of which the repository alone knows. */
  reindex(progress: Progress): Promise<{ runs: number; lost: string[] }>;
  /** Brings back runs whose folders are gone from the repository's anchors. */
  recover(): Promise<{ recovered: string[]; problems: string[] }>;
  /** Deletes the snapshots of runs whose folders were deleted. */
  prune(): Promise<{ pruned: string[]; problems: string[] }>;
  /** The language server, on standard input and output, until its client is gone. */
  serve(): Promise<never>;
}

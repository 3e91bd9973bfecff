import type { ProcessIdentity } from '../protocol/record.ts';

/** A value that the log must not hold; `rule` is what is written in its place. */
export interface LiteralSecret {
  rule: string;
  value: string;
}

/** A kind of secret. Of a pattern with a group the first group is replaced, else the match. */
export interface RedactionRule {
  rule: string;
  /** Text without which the pattern cannot match, or null: then every line is tried. */
  literal: string | null;
  /** Source of a regular expression that means the same in JavaScript and in Python. */
  pattern: string;
}

export interface KeeperSpec {
  argv: string[];
  /** Absolute. */
  cwd: string;
  /** The whole environment of the program. */
  environment: NodeJS.ProcessEnv;
  /** The run's folder, absolute; must exist when `go` is called. */
  folder: string;
  /** Null: the program inherits the user's descriptors and nothing is kept of its output. */
  log: { path: string; limitBytes: number } | null;
  /** Replaced in the log; a bare string under the rule `environment`. */
  secrets: (string | LiteralSecret)[];
  rules: RedactionRule[];
  /** Started by the keeper when everything has ended and the recorder is gone; or null. */
  finish: string[] | null;
}

export interface Started {
  kind: 'started';
  process: ProcessIdentity;
  /** Null where there is no keeper and the recorder itself is the parent. */
  keeper: ProcessIdentity | null;
  startedAt: string;
}

export interface LaunchFailure {
  kind: 'launch-failure';
  /** `ENOENT`, `EACCES`, ... */
  errno: string;
  message: string;
  /** What a shell would exit with: 127 not found, 126 not executable. */
  exitCode: 126 | 127;
}

export interface LogFacts {
  sizeBytes: number;
  /** Something is missing: over the limit, or the disk was full. */
  truncated: boolean;
  /** How often each rule was found. */
  redactions: Record<string, number>;
}

/** `exit.json`: how the main process ended. */
export interface ExitFacts {
  exitCode: number | null;
  /** `SIGKILL`; null when it exited by itself. */
  signal: string | null;
  startedAt: string;
  endedAt: string;
  /** Monotonic. */
  durationMs: number;
  /** Of the largest process among those that the main process waited for; null if unknown. */
  peakMemoryBytes: number | null;
  cpuTimeMs: number | null;
  /** By Ctrl-C, Ctrl-\ or a SIGINT. */
  interrupted: boolean;
  /** Kills by the kernel's out-of-memory killer during the run, here or in the control group. */
  oomKills: number | null;
  log: LogFacts | null;
  failure: { errno: string; message: string } | null;
}

/** `known: false`: the keeper was killed and nobody saw the end. */
export type Exit =
  | ({
      known: true /** Other processes of the run still live. */;
      leftRunning: boolean;
    } & ExitFacts)
  | { known: false; reason: string };

/** Something that was not kept, such as `{ what: 'log', error: 'ENOSPC' }`. */
export interface Trouble {
  what: string;
  error: string;
}

export interface Keeper {
  /** Starts the program. Call once, when the launch line is on disk. */
  /** `secrets`: further ones that the log must not hold, found since the keeper was started. */
  go(secrets?: readonly LiteralSecret[]): Promise<Started | LaunchFailure>;
  /** Passes a signal on as if it had been sent to the program's terminal or pid. */
  signal(name: NodeJS.Signals): void;
  /** When the main process has ended and all that it printed has been passed on. */
  ended: Promise<Exit>;
  /** When no process of the run is left and the log is whole; its final facts. */
  quiet: Promise<LogFacts | null>;
  /** Capture failed: the keeper goes away, nothing ran. */
  abandon(): void;
  /** The record is closed: the keeper has nothing to finish. Without it, the end of this process
   * makes the keeper start `finish`. */
  release(): void;
  /** Why there is no log although one was wanted; known once `go` has answered. */
  readonly logAbsent: string | null;
  /** Whether the user has interrupted the program. */
  readonly interrupted: boolean;
  readonly troubles: readonly Trouble[];
}

import type { Origin, unresolvedReasons } from '../../protocol/record.ts';
import type { Json, Numeric } from '../../protocol/values.ts';

/**
 * What is said from inside a recorded Python program, one JSON object a line, one file a process
 * (`observed/` of the run's folder). Written by agent/python/inside, read by agent/recorder/observed.
 * `at`: seconds since 1970. Paths are absolute, links not resolved; a lone surrogate U+DC80 to
 * U+DCFF stands for a byte that is no UTF-8, as in Python. `job`: the number of the multirun job that
 * a line belongs to.
 */
export type ObservedLine = { job?: number; at?: number } & ObservedFact;

export type ObservedFact =
  | {
      t: 'process';
      pid: number;
      ppid: number;
      /** Start time in clock ticks since boot, as `/proc/<pid>/stat` has it. */
      started: string | null;
      python: string;
      executable: string;
      argv: string[];
      cwd: string;
      via: string;
    }
  | { t: 'read'; path: string; stat: StatTuple | null; how: string }
  /** Told again where a process opens a file again, at most each `reopenedSeconds`. */
  | {
      t: 'write';
      path: string;
      /** Just before the file was opened; null: it was not there. */
      stat: StatTuple | null;
      mode: 'create' | 'truncate' | 'update' | 'append';
      how: string;
    }
  /** What a file held at the last moment before this process changed, replaced or removed it. */
  | { t: 'before'; path: string; stat: StatTuple; digest: string }
  | { t: 'rename'; from: string; to: string; stat: StatTuple | null }
  | { t: 'remove'; path: string }
  | { t: 'link'; from: string; to: string; hard: boolean }
  | { t: 'directory'; path: string }
  | {
      t: 'exec';
      argv: string[];
      executable: string | null;
      cwd: string;
      shell: boolean;
      /** The child's environment has not what would let it be seen inside. */
      scrubbed: boolean;
    }
  | { t: 'module'; name: string; file: string | null; version: string | null }
  | {
      t: 'config';
      system: string;
      /**
       * Of one process a later line with the same id takes the place of the earlier one. Lines with
       * several ids are one configuration together: key by key, the later one wins.
       */
      id?: string;
      values: Record<string, Json>;
      origins: Record<string, Origin>;
      unresolved: {
        key: string;
        reason: (typeof unresolvedReasons)[number];
        message?: string;
      }[];
      overrides?: string[];
      sources?: string[];
    }
  /** `generated`: drawn by the program, not given to it. */
  | { t: 'seed'; library: string; value: Numeric | null; generated?: boolean }
  | { t: 'setting'; name: string; value: Json }
  | {
      t: 'runtime';
      cuda?: string | null;
      cudnn?: string | null;
      rocm?: string | null;
      driver?: string | null;
      gpus?: { name: string; memoryBytes: number | null; uuid: string | null }[];
      blas?: { library: string; version: string | null; threads: number | null }[];
    }
  | { t: 'metrics'; source: string; points: ObservedPoint[] }
  | { t: 'exception'; kind: string; message: string; traceback: string }
  | {
      t: 'job';
      event: 'start' | 'end';
      job: number;
      overrides?: string[];
      directory?: string | null;
      status?: 'succeeded' | 'failed';
      message?: string | null;
      traceback?: string | null;
    }
  | { t: 'redacted'; where: string; rule: string }
  | { t: 'blind'; what: string }
  /**
   * A compiled module, or a library that was loaded by its path, that may write unseen; `reads`: and
   * read.
   */
  | { t: 'extension'; name: string; file: string; reads: boolean }
  | { t: 'exit'; code: number | null };

/** A file that is opened for writing again within so long is not told again. */
export const reopenedSeconds = 0.05;

/** `[dev, ino, size, mtimeNs, ctimeNs]`; what is beyond 2^53 is a string of digits. */
export type StatTuple = (number | string)[];

/** `[name, value, step, epoch, at]`. */
export type ObservedPoint = [
  name: string,
  value: Numeric,
  step: Numeric | null,
  epoch: Numeric | null,
  at: number | null,
];

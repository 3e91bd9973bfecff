import type {
  Artifact,
  Capture,
  Code,
  Config,
  CustomValue,
  DataEntry,
  Environment,
  Lifecycle,
  ProcessIdentity,
  Redaction,
  RunRecord,
} from './record.ts';
import type { Numeric } from './values.ts';

/**
 * The journal: one JSON object a line,
 * `{ seq, at, type, prev, data, hash }`. `hash` is the last member, `sha256:<hex>` over the UTF-8
 * bytes of the line before `,"hash":`, closed by `}`; `prev` is the hash of the line before, null
 * in the first. A line of an unknown type is kept and ignored.
 */

export interface Point {
  name: string;
  value: Numeric;
  step: Numeric | null;
  epoch: Numeric | null;
  at: string | null;
  unit: string | null;
}

/** A version of an artifact. `grew`: it continues the version before it in the same file. */
export type ArtifactVersion = Artifact & { grew?: boolean };

/** How much of the program's events file stands in the journal now, in bytes. */
export interface Taken {
  eventsOffset?: number;
  /** How many lines of each file of `observed/` have been taken for metrics. */
  observedLines?: Record<string, number>;
}

export interface JournalData {
  /** All that is known before the program starts: the whole record, with what is open as null. */
  launch: RunRecord;
  started: {
    startedAt: string;
    process: ProcessIdentity;
    keeper: ProcessIdentity | null;
    recorder: ProcessIdentity;
    logAbsent?: string | null;
  };
  heartbeat: Taken;
  /**
   * Whole entries, matched by path (or name): each replaces the one that stood. `seen` adds up, and
   * what was an input stays one.
   */
  data: {
    entries: DataEntry[];
    /**
     * Paths of folders among `entries` that stand from now on for the files in them that were
     * observed being read, and by nothing else than that are known.
     */
    folded?: string[];
    capture?: Capture['data'];
    fingerprint?: string | null;
    redactions?: Redaction[];
  };
  code: { code: Partial<Code>; capture?: Capture['code']; redactions?: Redaction[] };
  config: { config: Partial<Config>; capture?: Capture['config']; redactions?: Redaction[] };
  environment: {
    environment: Partial<Environment>;
    capture?: Capture['environment'];
    redactions?: Redaction[];
  };
  artifact: { artifacts: ArtifactVersion[] };
  metric: { source: string; points: Point[] } & Taken;
  note: { text: string };
  custom: { values: Record<string, CustomValue> };
  /** The main process is gone. */
  ended: { lifecycle: Lifecycle };
  /** Nothing more will come. */
  closed: {
    lifecycle: Lifecycle;
    capture: Capture;
    complete: boolean;
    fingerprint: string | null;
    files: NonNullable<RunRecord['files']>;
    redactions?: Redaction[];
  };
}
export type JournalType = keyof JournalData;

export type JournalEvent = {
  [T in JournalType]: { type: T; at: string; data: JournalData[T] };
}[JournalType];

/** A line as it stands in the file. */
export interface JournalLine {
  seq: number;
  at: string;
  type: string;
  prev: string | null;
  data: unknown;
  hash: string;
}

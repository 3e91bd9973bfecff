import type { FieldName, GateName } from './names.ts';
import type { Change, DigestMode, Origin, RunRecord } from './record.ts';
import type { Json, Numeric } from './values.ts';

/** What the verbs print with `--json`. */

export type Trust = 'ok' | 'suspect' | 'retired';
export type Verdict = 'clean' | 'warn' | 'block';

export interface ListRow {
  id: string;
  name: string | null;
  status: RunRecord['lifecycle']['status'];
  trust: Trust;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  exitCode: number | null;
  unattended: boolean;
  complete: boolean;
  commit: string | null;
  branch: string | null;
  clean: boolean | null;
  fingerprint: string | null;
  reason: string | null;
  tags: Record<string, string>;
  argv: string[];
  /** Last value of each metric. */
  metrics: Record<string, Numeric | null>;
  /** Further columns, asked for by `--columns`. */
  [column: string]: unknown;
}

/** `show`: the record, with what was judged of it. */
export type Shown = RunRecord & { trust: Trust };

/** A file that the two runs do not share: its digests, null where one is not known. */
export interface ContentDifference {
  path: string;
  a: string | null;
  b: string | null;
  modeA: DigestMode | null;
  modeB: DigestMode | null;
  /** `unknown`: what was recorded cannot tell whether the contents are the same. */
  change: 'changed' | 'added' | 'removed' | 'unknown' | 'same';
}

export interface Comparison {
  a: string;
  b: string;
  config: {
    key: string;
    a: Json | undefined;
    b: Json | undefined;
    originA: Origin | null;
    originB: Origin | null;
  }[];
  environment: {
    name: string;
    a: Json | undefined;
    b: Json | undefined;
    /** `package`, or the part of the environment that the entry is of. */
    kind: string;
    /** How far the versions of a package are apart, where they can be read. */
    change: 'major' | 'minor' | 'patch' | null;
  }[];
  code: {
    commitA: string | null;
    commitB: string | null;
    files: {
      path: string;
      kind: Change['kind'];
      added: number | null;
      removed: number | null;
    }[];
  };
  data: ContentDifference[];
  artifacts: ContentDifference[];
  metrics: {
    name: string;
    a: Numeric | null;
    b: Numeric | null;
    difference: Numeric | null;
  }[];
  command: { name: string; a: Json | undefined; b: Json | undefined }[];
  /** How many entries are the same, by section. */
  same: Record<string, number>;
  /** What is not known of one side, so that more may differ than is listed. */
  gaps: { side: 'a' | 'b'; field: FieldName; status: string; detail: string | null }[];
}

export interface Evidence {
  path: string | null;
  line: number | null;
  endLine: number | null;
  /** From 1, where a value of a configuration is meant. */
  column?: number;
  message: string;
  /** The earlier run that it is about. */
  run?: string;
}

export interface GateResult {
  gate: GateName;
  verdict: Verdict;
  evidence: Evidence[];
  /** What the user can do; null where there is nothing to do. */
  action: string | null;
}

export interface Check {
  verdict: Verdict;
  gates: GateResult[];
}

export interface Problem {
  subject: string;
  what: string;
  expected: string | null;
  found: string | null;
}

export interface Verification {
  ok: boolean;
  checked: number;
  problems: Problem[];
}

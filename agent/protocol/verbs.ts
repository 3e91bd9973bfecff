import type { GateName } from './names.ts';
import type { Change, Origin, RunRecord } from './record.ts';
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
  environment: { name: string; a: Json | undefined; b: Json | undefined }[];
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
  data: { path: string; a: string | null; b: string | null }[];
  artifacts: { path: string; a: string | null; b: string | null }[];
  metrics: {
    name: string;
    a: Numeric | null;
    b: Numeric | null;
    difference: Numeric | null;
  }[];
  command: { name: string; a: Json | undefined; b: Json | undefined }[];
  /** How many entries are the same, by section. */
  same: Record<string, number>;
}

export interface Evidence {
  path: string | null;
  line: number | null;
  endLine: number | null;
  message: string;
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

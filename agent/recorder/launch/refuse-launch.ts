import { appendFileSync } from 'node:fs';
import type { Check } from '../../protocol/verbs.ts';
import type { Layout } from '../../store/layout.ts';

export interface Refusal {
  at: string;
  /** Redacted. */
  argv: string[];
  check: Check;
}

/** A launch that a gate stopped is not a run: it leaves one line in `decisions.jsonl`. */
export function refuseLaunch(layout: Layout, { at, argv, check }: Refusal): void {
  const gates = check.gates.filter((gate) => gate.verdict !== 'clean');
  appendFileSync(layout.decisions, `${JSON.stringify({ at, decision: 'blocked', argv, gates })}\n`);
}

import type { GateName } from '../../protocol/names.ts';
import { gateNames } from '../../protocol/names.ts';
import type { GateDecision } from '../../protocol/record.ts';
import type { GatePolicies, GatePolicy } from '../../protocol/settings.ts';
import type { Check, Evidence, GateResult, Verdict } from '../../protocol/verbs.ts';

export type Findings = Partial<Record<GateName, Evidence[]>>;

/** Where no policy is set every gate warns, but for a repeat of an earlier run: that is told. */
function policyOf(gate: GateName, policies: GatePolicies): GatePolicy {
  return policies[gate] ?? (gate === 'identical-run' ? 'allow' : 'warn');
}

const actions: Record<GateName, string> = {
  'dirty-tree': 'Commit the changes, or launch as it is: the exact tree is kept with the record.',
  'unsaved-editors': 'Save the files.',
  'unresolved-config': 'Give each key a value in its file or on the command line.',
  'data-changed': 'Check where the data came from, or update its digest in runrecord.yaml.',
  'environment-drift': 'Install what the lock file names, or update the lock file.',
  'retired-input': 'Use a successor of the input, or say in --reason why it is used again.',
  'rejected-before': 'Read the earlier finding before you repeat it.',
  'identical-run': 'Look at the earlier run with runrecord show and its id.',
};

/** Judges what was found by the policies; all eight gates are listed. */
export function evaluateGates(findings: Findings, policies: GatePolicies): Check {
  const gates = gateNames.map((gate): GateResult => {
    const evidence = findings[gate] ?? [];
    const policy = policyOf(gate, policies);
    const verdict: Verdict = evidence.length === 0 || policy === 'allow' ? 'clean' : policy;
    return { gate, verdict, evidence, action: evidence.length === 0 ? null : actions[gate] };
  });
  const worst = (verdict: Verdict) => gates.some((gate) => gate.verdict === verdict);
  return { verdict: worst('block') ? 'block' : worst('warn') ? 'warn' : 'clean', gates };
}

/** What the record keeps of a check, for a launch that went on. */
export function gateDecisions(check: Check, reason: string | null): GateDecision[] {
  return check.gates
    .filter((gate) => gate.evidence.length > 0 || gate.verdict !== 'clean')
    .map(({ gate, verdict }) => ({
      gate,
      verdict,
      decision: verdict === 'warn' ? 'launched-anyway' : null,
      reason,
    }));
}

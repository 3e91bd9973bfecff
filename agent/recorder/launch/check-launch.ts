import { isGenerated } from '../../core/config/generated.ts';
import { evaluateGates, type Findings } from '../../core/gates/evaluate.ts';
import {
  findChangedData,
  findDirtyTree,
  findUnresolved,
  findUnsaved,
} from '../../core/gates/findings.ts';
import { findRejections, findRetiredInputs } from '../../core/gates/judged.ts';
import { shortId } from '../../core/text/short.ts';
import type { Judgement } from '../../protocol/judgement.ts';
import type { Json } from '../../protocol/values.ts';
import type { Check, Evidence } from '../../protocol/verbs.ts';
import type { CapturedLaunch } from './capture-launch.ts';
import type { LaunchPlan } from './plan.ts';

export interface CheckInputs {
  plan: LaunchPlan;
  captured: CapturedLaunch;
  judgements: Judgement[];
  /** Ids of earlier runs with this fingerprint, newest first. */
  repeats: string[];
  /** Lines of the uncommitted changes; empty where only the files are told. */
  hunks: Evidence[];
  /** Files that an editor holds with changes that are not saved. */
  unsaved?: readonly string[];
}

/** Judges a launch by what was captured for it. */
export function checkCaptured(inputs: CheckInputs): Check {
  const { plan, captured, judgements, repeats, hunks, unsaved = [] } = inputs;
  const config = captured.config.captured.value;
  const data = captured.data.captured.value;
  const expectations = captured.data.captured.expectations.flatMap(({ entry, expected }) => {
    const found = data[entry];
    return found === undefined ? [] : [{ entry: found, expected }];
  });
  const packages = captured.environment.captured.value.packages ?? [];
  const findings: Findings = {
    'dirty-tree': findDirtyTree(captured.code.captured.value, hunks),
    'unsaved-editors': findUnsaved(unsaved),
    'unresolved-config': findUnresolved(config.unresolved),
    'data-changed': findChangedData(data, expectations),
    'environment-drift': captured.environment.captured.lockDifferences.map(
      ({ lock, line, name, expected: wanted, found }) => ({
        path: lock,
        line,
        endLine: line,
        message: `${name} is ${found ?? 'not installed'}, and the lock file says ${wanted}`,
      }),
    ),
    'retired-input': findRetiredInputs(data, judgements),
    'rejected-before': findRejections(
      {
        config: (key) => lookUp(config.resolved, key),
        isDrawn: (key) => Object.hasOwn(config.origins, key) && isGenerated(config.origins[key]),
        digests: new Set(data.flatMap((entry) => entry.digest ?? [])),
        packages: new Map(packages.map((item) => [item.name, item.version])),
      },
      judgements,
    ),
    'identical-run': repeats.slice(0, 1).map((id) => ({
      path: null,
      line: null,
      endLine: null,
      run: id,
      message: `A run of the same inputs exists, seeds aside: ...${shortId(id)}${repeats.length > 1 ? `, and ${repeats.length - 1} more` : ''}.`,
    })),
  };
  return evaluateGates(findings, plan.gates);
}

function lookUp(tree: { [key: string]: Json } | null, key: string): Json | undefined {
  let value: Json | undefined = tree ?? undefined;
  for (const name of key.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = value[name];
  }
  return value;
}

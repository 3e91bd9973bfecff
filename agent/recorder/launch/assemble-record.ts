import { hostname, userInfo } from 'node:os';
import { workspacePath } from '../../capture/workspace-path.ts';
import { fingerprint } from '../../core/fingerprint.ts';
import { isComplete } from '../../core/fold.ts';
import { gateDecisions } from '../../core/gates/evaluate.ts';
import type { Redactor } from '../../core/redaction/redactor.ts';
import { unknownRecord } from '../../core/unknown-record.ts';
import type { Capture, DataEntry, RunRecord } from '../../protocol/record.ts';
import type { Check } from '../../protocol/verbs.ts';
import { sha256 } from '../../store/digest.ts';
import type { CapturedLaunch } from './capture-launch.ts';
import type { LaunchPlan } from './plan.ts';
import { detectLauncher } from './via.ts';

export interface RecordParts {
  id: string;
  createdAt: string;
  workspaceId: string;
  plan: LaunchPlan;
  captured: CapturedLaunch;
  redactor: Redactor;
  /** The environment of the recorder. */
  environment: NodeJS.ProcessEnv;
  isTerminal: boolean;
  /** Digest of the object that holds the stats of the output directories. */
  statsAtLaunch: string | null;
}

const runIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The launch part of a record: all that is known before the program starts. */
export function assembleRecord(parts: RecordParts): RunRecord {
  const { createdAt, plan, captured, redactor, environment } = parts;
  const text = (value: string, where: string) => redactor.redactText(value, where);
  const parent = environment.RUNRECORD_RUN_ID ?? '';
  const capture = captureAtLaunch(captured);
  const unknown = unknownRecord(parts, capture.artifacts);
  const record: RunRecord = {
    ...unknown,
    name: plan.name === null ? null : text(plan.name, 'name'),
    parent: runIdPattern.test(parent) ? parent : null,
    intent: {
      reason: plan.reason === null ? null : text(plan.reason, 'intent.reason'),
      expectation: null,
      tags: Object.fromEntries(
        Object.entries(plan.tags).map(([key, value]) => [
          key,
          redactor.redactValue(key, value, `intent.tags.${key}`),
        ]),
      ),
    },
    command: {
      ...unknown.command,
      argv: redactor.redactArgv(plan.argv),
      cwd: workspacePath(plan.root, plan.cwd),
      configWords: captured.config.captured.overrideTokens,
      executable: captured.environment.captured.executable,
      launcher: {
        user: userName(),
        host: hostname(),
        via: detectLauncher(environment, parts.isTerminal),
      },
    },
    code: captured.code.captured.value,
    config: captured.config.captured.value,
    data: captured.data.captured.value,
    environment:
      captured.environment.status.status === 'failed' ? null : captured.environment.captured.value,
    outputs: {
      directories: plan.outputs.directories.map((path) => workspacePath(plan.root, path)),
      declared: plan.outputs.declared,
      statsAtLaunch: parts.statsAtLaunch,
    },
    capture,
    complete: isComplete(capture),
    lifecycle: { ...unknown.lifecycle, heartbeatAt: createdAt },
  };
  // Names of files and branches, remotes of packages, what git said: whatever has the form.
  const safe = redactor.redactStrings(record, '');
  const redactions = [...redactor.found(), ...captured.data.captured.redactions];
  return { ...safe, redactions, fingerprint: fingerprint(safe, sha256) };
}

/** The record with what the gates found, for a launch that goes on. */
export function withCheck(record: RunRecord, check: Check): RunRecord {
  const warned = check.gates.some(
    ({ gate, verdict }) => gate === 'unresolved-config' && verdict === 'warn',
  );
  const decision = warned ? 'launched-anyway' : 'allowed';
  const unresolved = record.config.unresolved.map((item) => ({ ...item, decision }));
  return {
    ...record,
    config: { ...record.config, unresolved },
    gates: gateDecisions(check, record.intent.reason),
  };
}

function captureAtLaunch(captured: CapturedLaunch): Capture {
  const data = captured.data.status;
  const isOpen = captured.data.captured.value.some(isPinned);
  return {
    code: captured.code.status,
    config: captured.config.status,
    data: isOpen && data.status === 'captured' ? { ...data, status: 'pending' } : data,
    environment: captured.environment.status,
    artifacts: { status: 'pending', detail: null, durationMs: 0 },
  };
}

/** Too large to be hashed before the start: it is hashed beside the program. */
export function isPinned(entry: DataEntry): boolean {
  return entry.hashed === 'during' && entry.digest === null && !entry.changedDuringRun;
}

function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null; // A uid without an entry, as in many containers.
  }
}

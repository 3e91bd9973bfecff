import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, RunRecordError, systemCode } from '../protocol/errors.ts';
import { exitCodes, files } from '../protocol/names.ts';
import {
  defaultLimits,
  type GatePolicies,
  type Limits,
  type Settings,
} from '../protocol/settings.ts';

/** A run of the settings; paths relative to the workspace root, as they are written. */
export interface NamedRun {
  argv: string[];
  cwd: string | undefined;
  config: string[];
  /** Paths, or names of `data`. */
  data: string[];
  outputs: string[];
  tags: Record<string, string>;
  gates: GatePolicies;
}

export interface DeclaredSettingsData {
  path: string;
  digest?: string | undefined;
}

/** `runrecord.yaml` with its defaults filled in, or the defaults alone. */
export interface LoadedSettings {
  /** Absolute path of the file; null where there is none. */
  path: string | null;
  runs: Map<string, NamedRun>;
  data: Map<string, DeclaredSettingsData>;
  /** Null where nothing was declared: the usual folders are watched. */
  outputs: string[] | null;
  gates: GatePolicies;
  criteria: Record<string, string[]>;
  /** How many persons must approve a promotion. */
  approvals: number;
  ignore: string[];
  /** In bytes. */
  limits: Limits;
  /** Further names of secrets, as globs. */
  redact: string[];
  remotes: Record<string, unknown>;
}

/**
 * Reads `runrecord.yaml` of a workspace. Nothing but `fs` is loaded where there is none.
 *
 * @throws RunRecordError `bad-settings`, exit 2, with the place of what is wrong
 */
export async function loadSettings(root: string): Promise<LoadedSettings> {
  const path = join(root, files.settings);
  let text: string;
  try {
    // A pipe in its place would be waited for.
    if (!statSync(path).isFile()) throw Object.assign(new Error('not a file'), { code: 'EINVAL' });
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'ENOTDIR')
      return fillIn(null, {});
    const unreadable = systemCode(thrown) !== null && !(thrown instanceof TypeError);
    throw new RunRecordError(
      'bad-settings',
      `${files.settings} cannot be read: ${unreadable ? messageOf(thrown) : 'it is not UTF-8'}.`,
      'Make it a text file in UTF-8 that you may read, or remove it.',
      exitCodes.usage,
    );
  }
  const { checkSettings } = await import('./settings-check.ts');
  const settings = checkSettings(text);
  const { splitRunCommand } = await import('./settings-command.ts');
  return fillIn(path, settings, splitRunCommand);
}

function fillIn(
  path: string | null,
  settings: Partial<Settings>,
  split: (command: string) => string[] = () => [],
): LoadedSettings {
  const runs = Object.entries(settings.runs ?? {}).map(([name, run]): [string, NamedRun] => [
    name,
    {
      argv: typeof run.command === 'string' ? split(run.command) : run.command,
      cwd: run.cwd,
      config: run.config ?? [],
      data: run.data ?? [],
      outputs: run.outputs ?? [],
      tags: run.tags ?? {},
      gates: run.gates ?? {},
    },
  ]);
  const { snapshotFile, snapshot, log, hashBefore } = settings.limits ?? {};
  return {
    path,
    runs: new Map(runs),
    data: new Map(Object.entries(settings.data ?? {})),
    outputs: settings.outputs ?? null,
    gates: settings.gates ?? {},
    criteria: settings.criteria ?? {},
    approvals: settings.approvals ?? 1,
    ignore: settings.ignore ?? [],
    limits: {
      snapshotFile: sizeOf(snapshotFile, defaultLimits.snapshotFile),
      snapshot: sizeOf(snapshot, defaultLimits.snapshot),
      log: sizeOf(log, defaultLimits.log),
      hashBefore: sizeOf(hashBefore, defaultLimits.hashBefore),
    },
    redact: settings.redact ?? [],
    remotes: settings.remotes ?? {},
  };
}

const powers: Record<string, number> = { '': 0, k: 1, M: 2, G: 3, T: 4 };

/** `10MB` is 10,000,000 bytes, `1.5 GiB` 1,610,612,736. */
function sizeOf(size: number | string | undefined, otherwise: number): number {
  if (size === undefined) return otherwise;
  if (typeof size === 'number') return Math.round(size);
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kKMGT]?)(i?)B?\s*$/.exec(size);
  if (match === null) return otherwise;
  const [, count = '0', unit = '', binary] = match;
  const base = binary === 'i' ? 1024 : 1000;
  return Math.round(Number(count) * base ** (powers[unit === 'K' ? 'k' : unit] ?? 0));
}

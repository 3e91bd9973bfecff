import { realpathSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import type { DeclaredData } from '../../capture/data/capture-data.ts';
import type { LoadedSettings } from '../../capture/settings.ts';
import type { LaunchOptions } from '../../core/launch-options.ts';
import { RunRecordError } from '../../protocol/errors.ts';
import { defaultOutputs, exitCodes, files } from '../../protocol/names.ts';
import type { GatePolicies } from '../../protocol/settings.ts';
import { outermost } from '../outputs/scan.ts';

/** A launch with everything that the settings add to what was asked. Paths are absolute. */
export interface LaunchPlan {
  root: string;
  settings: LoadedSettings;
  name: string | null;
  reason: string | null;
  tags: Record<string, string>;
  argv: string[];
  cwd: string;
  config: string[];
  data: DeclaredData[];
  outputs: { directories: string[]; declared: boolean };
  gates: GatePolicies;
}

/**
 * What is to be launched, from the words of the command line and `runrecord.yaml`. What the user
 * typed is relative to the current folder, what the settings say to the workspace root.
 */
export function planLaunch(
  options: LaunchOptions,
  place: { root: string; cwd: string; settings: LoadedSettings },
): LaunchPlan {
  const { root, cwd, settings } = place;
  const named = options.named === null ? null : findNamedRun(options.named, settings);
  const argv = [...(named?.argv ?? []), ...options.argv];
  const typed = (path: string) => resolve(cwd, path);
  const written = (path: string) => resolve(root, path);
  const outputs = [
    ...options.outputs.map(typed),
    ...(named?.outputs ?? []).map(written),
    ...(settings.outputs ?? []).map(written),
  ];
  for (const folder of outputs) refuseAbove(folder, root);
  const usual = defaultOutputs.map(written);
  // A named run is written down with the workspace in mind, wherever it is called from.
  const runFolder = named === null ? cwd : written(named.cwd ?? '.');
  return {
    root,
    settings,
    name: options.name ?? options.named ?? nameOfCommand(argv),
    reason: options.reason,
    tags: { ...named?.tags, ...options.tags },
    argv,
    cwd: runFolder,
    config: [...(named?.config ?? []).map(written), ...options.config.map(typed)],
    data: declaredData(options.data, named?.data ?? [], place),
    outputs: {
      directories: outermost((outputs.length > 0 ? outputs : usual).map(realFolder), root),
      declared: outputs.length > 0,
    },
    gates: { ...settings.gates, ...named?.gates, ...options.gates },
  };
}

/** All that lies beside the workspace cannot be watched: `--out /` would not come to an end. */
function refuseAbove(folder: string, root: string): void {
  const inside = relative(realFolder(folder), root);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) return;
  throw new RunRecordError(
    'bad-output',
    `The output folder ${folder} holds the whole workspace.`,
    'Name the folder that the program writes to.',
    exitCodes.usage,
  );
}

function findNamedRun(name: string, settings: LoadedSettings) {
  const named = settings.runs.get(name);
  if (named !== undefined) return named;
  const known = [...settings.runs.keys()].join(', ');
  throw new RunRecordError(
    'no-such-run',
    `There is no run named "${name}" in ${files.settings}.`,
    known === ''
      ? 'Put the command after --: runrecord run -- python train.py'
      : `It names: ${known}.`,
    exitCodes.usage,
  );
}

/** The script, module or program, without its ending: runs of one script are told together. */
function nameOfCommand(argv: string[]): string | null {
  const module = /(?:^|\/)python[\d.]*$/.test(argv[0] ?? '') && argv[1] === '-m' ? argv[2] : null;
  if (module) return module;
  const script = argv.find((word) => /\.(?:py|R|jl|sh|js|ts|ipynb)$/i.test(word)) ?? argv[0];
  return script === undefined ? null : basename(script).replace(/\.\w+$/, '');
}

/** A word of `--data` may be the name of data in the settings; else it is a path. */
function declaredData(
  typed: string[],
  written: string[],
  { root, cwd, settings }: { root: string; cwd: string; settings: LoadedSettings },
): DeclaredData[] {
  const lookUp = (word: string, folder: string): DeclaredData => {
    const known = settings.data.get(word);
    if (known !== undefined) return { ...known, name: word, path: resolveData(known.path, root) };
    const path = resolveData(word, folder);
    const same = [...settings.data].find(([, item]) => resolveData(item.path, root) === path);
    return same === undefined ? { path } : { ...same[1], name: same[0], path };
  };
  return [...typed.map((word) => lookUp(word, cwd)), ...written.map((word) => lookUp(word, root))];
}

function resolveData(path: string, folder: string): string {
  return isAbsolute(path) || /^[a-z][\w+.-]*:\/\//i.test(path) ? path : join(folder, path);
}

/** A folder behind a link is followed where it lies; one that is not there yet stays as named. */
function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

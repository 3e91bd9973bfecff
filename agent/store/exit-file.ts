import { join } from 'node:path';
import * as v from 'valibot';
import type { ExitFile, ProcessFile } from '../core/liveness.ts';
import { files } from '../protocol/names.ts';
import { ProcessIdentity } from '../protocol/record.ts';
import { Time } from '../protocol/values.ts';
import { readSmallJson } from './small-file.ts';

const Maybe = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.nullable(schema), null);
const Amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Members that are missing or odd are unknown: the file may be of another version, or torn. */
const Exit = v.object({
  exitCode: Maybe(v.pipe(v.number(), v.safeInteger())),
  signal: Maybe(v.string()),
  startedAt: Maybe(Time),
  endedAt: Maybe(Time),
  durationMs: Maybe(Amount),
  peakMemoryBytes: Maybe(Whole),
  cpuTimeMs: Maybe(Amount),
  interrupted: v.fallback(v.boolean(), false),
  oomKills: Maybe(Whole),
  log: Maybe(v.object({ sizeBytes: Whole, truncated: v.fallback(v.boolean(), false) })),
  failure: Maybe(v.object({ errno: Maybe(v.string()), message: v.fallback(v.string(), '') })),
});

const Process = v.object({
  process: Maybe(ProcessIdentity),
  keeper: Maybe(ProcessIdentity),
  startedAt: Maybe(Time),
});

/** What the keeper saw of the end; null where there is no such file, or nothing in it. */
export function readExitFile(runFolder: string): ExitFile | null {
  const content = readWithDefaults(join(runFolder, files.exit));
  return content === null ? null : v.parse(Exit, content);
}

/** Whom the keeper started; null where it did not get that far. */
export function readProcessFile(runFolder: string): ProcessFile | null {
  const content = readWithDefaults(join(runFolder, files.process));
  return content === null ? null : v.parse(Process, content);
}

/** An object in a plain file of at most 1 MB, with every member a default away; else null. */
function readWithDefaults(path: string): object | null {
  const content = readSmallJson(path, 1_000_000);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return null;
  const nothing = Object.fromEntries(
    [...Object.keys(Exit.entries), ...Object.keys(Process.entries)].map((key) => [key, null]),
  );
  return { ...nothing, ...content };
}

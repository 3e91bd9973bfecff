import type { Captured, DigestCache, KeepObject } from '../../core/seams.ts';
import type { DataEntry, Redaction } from '../../protocol/record.ts';
import { EntryList } from './entry-list.ts';
import { type HashContext, hashEntries } from './hash-entries.ts';
import { HashPool } from './hash-pool.ts';
import { type ConfigValue, listCandidates } from './named-data.ts';

export interface DeclaredData {
  /** As given: absolute, or relative to `cwd` or the workspace; or a URI. */
  path: string | Uint8Array;
  name?: string | undefined;
  /** The digest that it should have. */
  digest?: string | undefined;
}

export interface DataOptions {
  workspaceRoot: string;
  cwd: string;
  declared: DeclaredData[];
  fromConfig: ConfigValue[];
  /** The arguments of the program, without interpreter and script. */
  argv: string[];
  /** Existing paths that are no data when named: script, config sources, interpreter; outputs. */
  exclude: { files: string[]; outputs: string[] };
  hashBeforeBytes: number;
  cache?: DigestCache | undefined;
  /** `.runrecord/cache`, for what need not be read again. */
  cacheFolder?: string | undefined;
  keepObject: KeepObject;
  redactUrl?: ((url: string) => string) | undefined;
  /** The user's home folder, never data by being named. */
  home?: string | undefined;
  pool?: HashPool | undefined;
  signal?: AbortSignal | undefined;
  /** Called while a folder is read: files so far. */
  progress?: ((path: string, files: number) => void) | undefined;
}

/** Whether declared data has the digest that was declared for it. */
export interface Expectation {
  /** Index into the entries. */
  entry: number;
  name: string | null;
  expected: string;
  found: string | null;
  verdict: 'same' | 'different' | 'missing' | 'unknown';
}

export interface CapturedData extends Captured<DataEntry[]> {
  redactions: Redaction[];
  expectations: Expectation[];
}

/**
 * The data of a run before it starts: what the user declared (role `input`), and what its config
 * and arguments name and which is there (role `named`: no claim that it is read). All is hashed
 * that the cache knows or that fits into `hashBeforeBytes` together; the rest is pinned by its
 * stat, with `hashed: "during"`, and is for `digestPinned`.
 *
 * What is missing or cannot be read makes the field `partial`, with the path; only an error of
 * `keepObject` (a full disk) is thrown.
 */
export async function captureData(options: DataOptions): Promise<CapturedData> {
  const list = new EntryList(options);
  for (const data of options.declared) list.declare(data);
  for (const candidate of listCandidates(options.argv, options.fromConfig)) {
    list.name(candidate.text, candidate.seen, candidate.from);
  }
  const context = {
    budgetBytes: options.hashBeforeBytes,
    hashBeforeBytes: options.hashBeforeBytes,
    cache: options.cache,
    pool: options.pool ?? new HashPool(),
    keepObject: options.keepObject,
    signal: options.signal,
    progress: options.progress,
    pointers: list.pointers,
    root: list.root,
    problems: list.problems,
    remarks: list.remarks,
  } satisfies HashContext;
  try {
    await hashEntries(list.found, context);
    await list.checkPointers(context.pool);
  } finally {
    if (!options.pool) await context.pool.close();
  }
  return list.finish();
}

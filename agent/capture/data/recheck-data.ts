import { statSync } from 'node:fs';
import { type DigestCache, type KeepObject, statKey } from '../../core/seams.ts';
import { messageOf, systemCode } from '../../protocol/errors.ts';
import type { DataEntry } from '../../protocol/record.ts';
import { type BytePath, fromRecorded, joinBytes, pathBuffer } from '../byte-path.ts';
import { type DataProblem, describeError, describeProblems } from './data-problem.ts';
import { rememberDigest } from './digest-file.ts';
import { digestTree } from './digest-tree.ts';
import { fillTree } from './hash-entries.ts';
import { HashPool } from './hash-pool.ts';
import { realOrSame } from './locate-data.ts';

export interface RecheckOptions {
  workspaceRoot: string;
  cache?: DigestCache | undefined;
  keepObject: KeepObject;
  pool?: HashPool | undefined;
  signal?: AbortSignal | undefined;
}

export interface Recheck {
  /** Entries that are different now, whole: for the journal's `data` event. */
  entries: DataEntry[];
  /** `partial` where something could not be read (again); `detail` says what. */
  status: 'captured' | 'partial';
  detail: string | null;
}

/**
 * Hashes what was pinned at launch, beside the running program. Every pinned entry comes back,
 * completed. One that no longer is what was pinned has `changedDuringRun`, `digest` null (what was
 * there at launch was never read) and what was found in `digestAfter`.
 */
export function digestPinned(entries: DataEntry[], options: RecheckOptions): Promise<Recheck> {
  const open = entries.filter((entry) => entry.hashed === 'during' && entry.digest === null);
  return withPool(options, { background: true }, async (context) => {
    const done: DataEntry[] = [];
    for (const entry of open) {
      if (entry.changedDuringRun) continue;
      const now = await readNow(entry, context);
      if (now === 'gone') done.push({ ...entry, changedDuringRun: true });
      else if (now === 'unreadable') done.push({ ...entry, hashed: null });
      else if (now.steady && now.stat === entry.stat)
        done.push({ ...now.entry, digest: now.digest });
      else done.push({ ...entry, changedDuringRun: true, digestAfter: now.digest });
    }
    return done;
  });
}

/**
 * Looks again at the end of the run: by stat, and where that differs by content. Answers the
 * entries that changed, with `digestAfter` (null: gone, or not readable any more).
 */
export function recheckData(entries: DataEntry[], options: RecheckOptions): Promise<Recheck> {
  const known = entries.filter((entry) => entry.stat !== undefined && entry.mode !== 'stat');
  return withPool(options, {}, async (context) => {
    const changed: DataEntry[] = [];
    for (const entry of known) {
      // What was first found is not known: the first look beside the program has said so.
      if (entry.digest === null && !entry.changedDuringRun) continue;
      const stat = await readStat(entry, context);
      if (stat === entry.stat && !entry.changedDuringRun) continue;
      const now = stat === null ? 'gone' : await readNow(entry, context);
      if (now === 'unreadable') continue;
      const digest = now === 'gone' ? null : now.digest;
      const differs = digest !== entry.digest;
      if (!differs && !entry.changedDuringRun) continue;
      const next = { ...entry, changedDuringRun: true, digestAfter: digest };
      if (!entry.changedDuringRun || digest !== entry.digestAfter) changed.push(next);
    }
    return changed;
  });
}

interface Context extends RecheckOptions {
  root: BytePath;
  pool: HashPool;
  problems: DataProblem[];
}

async function withPool(
  options: RecheckOptions,
  poolOptions: { background?: boolean },
  work: (context: Context) => Promise<DataEntry[]>,
): Promise<Recheck> {
  const pool = options.pool ?? new HashPool(poolOptions);
  const problems: DataProblem[] = [];
  try {
    const root = realOrSame(options.workspaceRoot);
    const entries = await work({ ...options, root, pool, problems });
    const status = problems.length > 0 ? 'partial' : 'captured';
    return { entries, status, detail: describeProblems(problems) };
  } finally {
    if (!options.pool) await pool.close();
  }
}

function pathOf(entry: DataEntry, root: BytePath): BytePath {
  const path = fromRecorded(entry);
  if (path.startsWith('/')) return path;
  return path === '.' ? root : joinBytes(root, path);
}

/** The pin as it would be now, or null where there is nothing (of that kind) any more. */
async function readStat(entry: DataEntry, context: Context): Promise<string | null> {
  const path = pathOf(entry, context.root);
  if (entry.mode === 'tree') {
    const tree = await digestTree(path, { ...context, statsOnly: true });
    return tree.problems.some((problem) => problem.path === '') ? null : tree.stat;
  }
  try {
    const stat = statSync(pathBuffer(path), { bigint: true });
    return stat.isFile() ? statKey(stat) : null;
  } catch {
    return null;
  }
}

interface Now {
  /** The entry with sizes and manifest as found. */
  entry: DataEntry;
  digest: string | null;
  stat: string;
  /** It did not change while it was read. */
  steady: boolean;
}

async function readNow(entry: DataEntry, context: Context): Promise<Now | 'gone' | 'unreadable'> {
  const path = pathOf(entry, context.root);
  if (entry.mode === 'tree') return readTreeNow(entry, path, context);
  try {
    const stat = statSync(pathBuffer(path), { bigint: true });
    const known = context.cache?.get(stat);
    if (known !== undefined) return { entry, digest: known, stat: statKey(stat), steady: true };
    const sizeBytes = Number(stat.size);
    const [result] = await context.pool.hash([{ path, sizeBytes, stat }]);
    if (!result) return 'unreadable';
    if ('error' in result) return report(entry, context, result.error, result.message);
    rememberDigest(context.cache, result);
    const { digest, changed } = result;
    return { entry, digest, stat: statKey(result.stat), steady: !changed };
  } catch (error) {
    return report(entry, context, systemCode(error) ?? 'UNKNOWN', messageOf(error));
  }
}

async function readTreeNow(
  entry: DataEntry,
  path: BytePath,
  context: Context,
): Promise<Now | 'gone' | 'unreadable'> {
  const tree = await digestTree(path, context);
  const atRoot = tree.problems.find((problem) => problem.path === '');
  if (atRoot) return report(entry, context, atRoot.error, atRoot.message);
  const next = { ...entry };
  fillTree(next, tree, context);
  return { entry: next, digest: tree.digest, stat: tree.stat, steady: tree.changed.length === 0 };
}

/** Gone is what `changedDuringRun` without `digestAfter` says; all else is a problem to tell. */
function report(
  entry: DataEntry,
  context: Context,
  error: string,
  message: string,
): 'gone' | 'unreadable' {
  if (error === 'ENOENT' || error === 'ENOTDIR' || error === 'ENOTREG') return 'gone';
  context.problems.push({ path: entry.path, what: describeError(error, message) });
  return 'unreadable';
}

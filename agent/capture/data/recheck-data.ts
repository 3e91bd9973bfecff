import type { DataEntry } from '../../protocol/record.ts';
import { describeProblems } from './data-problem.ts';
import { HashPool } from './hash-pool.ts';
import { realOrSame } from './locate-data.ts';
import { type Now, type NowContext, type RecheckOptions, readNow, readStat } from './read-now.ts';

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
      if (now === 'gone') done.push({ ...entry, changedDuringRun: true, change: 'deleted' });
      else if (now === 'unreadable') done.push({ ...entry, hashed: null });
      else if (now.steady && now.stat === entry.stat) done.push(complete(entry, now, context));
      else done.push({ ...entry, changedDuringRun: true, ...describeChange(entry, now) });
    }
    return done;
  });
}

/** Hashed as it was pinned; only now can it be told whether it is what it should be. */
function complete(entry: DataEntry, now: Now, context: NowContext): DataEntry {
  const { statsAtLaunch: _, ...rest } = { ...entry, ...now.entry };
  if (entry.expected !== undefined && now.digest !== null && now.digest !== entry.expected) {
    const what = `is ${now.digest}, and runrecord.yaml says ${entry.expected}`;
    context.remarks.push({ path: entry.path, what });
  }
  return { ...rest, digest: now.digest };
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
      if (entry.digest === null && !entry.changedDuringRun && entry.mode !== 'pointer') continue;
      const stat = await readStat(entry, context);
      if (stat === entry.stat && !entry.changedDuringRun && !isCoarse(entry, options)) continue;
      const now = stat === null ? 'gone' : await readNow(entry, context);
      if (now === 'unreadable') continue;
      const digest = now === 'gone' ? null : now.digest;
      // A pointer has the digest of what it stands for, not that of its own bytes.
      const differs = entry.mode === 'pointer' ? stat !== entry.stat : digest !== entry.digest;
      if (!differs && !entry.changedDuringRun) continue;
      const found = now === 'gone' ? goneSince(entry) : describeChange(entry, now);
      const next = { ...entry, changedDuringRun: true, ...found };
      if (!entry.changedDuringRun || digest !== entry.digestAfter) changed.push(next);
    }
    return changed;
  });
}

function goneSince(entry: DataEntry): Partial<DataEntry> {
  const after = entry.mode === 'tree' ? { manifestAfter: null } : {};
  return { digestAfter: null, change: 'deleted', ...after };
}

/** What became of it: with the manifests of a folder, and which of its members changed. */
function describeChange(entry: DataEntry, now: Now): Partial<DataEntry> {
  return {
    digestAfter: now.digest,
    change: now.grown ? 'grown' : isReplaced(entry, now) ? 'replaced' : 'modified',
    ...(entry.mode === 'tree' ? { manifestAfter: now.entry.manifest } : {}),
    ...(now.members === null ? {} : { members: now.members }),
  };
}

/** Another file has its name now: it was renamed into place. */
function isReplaced({ stat, mode }: DataEntry, now: Now): boolean {
  const identity = (key: string): string => key.split(':').slice(0, 2).join(':');
  return mode !== 'tree' && stat !== undefined && identity(stat) !== identity(now.stat);
}

/**
 * On a file system that counts whole seconds (FAT, some of NFS) a file that was written just before
 * the launch may be written again and keep its stat: there the content is asked.
 */
function isCoarse({ mode, stat }: DataEntry, { launchedAtMs }: RecheckOptions): boolean {
  if (mode !== 'full' || stat === undefined || launchedAtMs === undefined) return false;
  const [, , , mtimeNs = '', ctimeNs = ''] = stat.split(':');
  if (!mtimeNs.endsWith('000000000') || !ctimeNs.endsWith('000000000')) return false;
  return Math.max(Number(mtimeNs), Number(ctimeNs)) / 1e6 > launchedAtMs - 2_500;
}

async function withPool(
  options: RecheckOptions,
  poolOptions: { background?: boolean },
  work: (context: NowContext) => Promise<DataEntry[]>,
): Promise<Recheck> {
  const pool = options.pool ?? new HashPool(poolOptions);
  const context: NowContext = {
    ...options,
    root: realOrSame(options.workspaceRoot),
    pool,
    problems: [],
    remarks: [],
  };
  try {
    const entries = await work(context);
    const { problems, remarks } = context;
    const status = problems.length > 0 ? 'partial' : 'captured';
    return { entries, status, detail: describeProblems([...problems, ...remarks]) };
  } finally {
    if (!options.pool) await pool.close();
  }
}

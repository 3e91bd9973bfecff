import { statSync } from 'node:fs';
import { type DigestCache, type KeepObject, statKey } from '../../core/seams.ts';
import { messageOf, systemCode } from '../../protocol/errors.ts';
import type { DataEntry } from '../../protocol/record.ts';
import { type BytePath, fromRecorded, joinBytes, pathBuffer } from '../byte-path.ts';
import { diffManifests } from './changed-members.ts';
import { type DataProblem, describeError } from './data-problem.ts';
import { rememberDigest } from './digest-file.ts';
import { digestTree, type TreeDigest } from './digest-tree.ts';
import { fillTree, listedFiles } from './hash-entries.ts';
import type { HashPool } from './hash-pool.ts';
import { readManifest } from './manifest.ts';

export interface RecheckOptions {
  workspaceRoot: string;
  cache?: DigestCache | undefined;
  keepObject: KeepObject;
  /** Gives back what was kept; without it the members of a folder that changed are not told. */
  readObject?: ((digest: string) => Buffer | null) | undefined;
  launchedAtMs?: number | undefined;
  pool?: HashPool | undefined;
  signal?: AbortSignal | undefined;
}

export interface NowContext extends RecheckOptions {
  root: BytePath;
  pool: HashPool;
  problems: DataProblem[];
  /** What is worth saying without anything being wrong. */
  remarks: DataProblem[];
}

/** An input as it is found now. */
export interface Now {
  /** The entry with sizes and manifest as found. */
  entry: DataEntry;
  digest: string | null;
  stat: string;
  /** It did not change while it was read. */
  steady: boolean;
  /** It begins with what it was, and goes on. */
  grown: boolean;
  /** Of a folder: the object that lists the members which changed. */
  members: string | null;
}

function pathOf(entry: DataEntry, root: BytePath): BytePath {
  const path = fromRecorded(entry);
  if (path.startsWith('/')) return path;
  return path === '.' ? root : joinBytes(root, path);
}

/** The pin as it would be now, or null where there is nothing (of that kind) any more. */
export async function readStat(entry: DataEntry, context: NowContext): Promise<string | null> {
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

export async function readNow(
  entry: DataEntry,
  context: NowContext,
): Promise<Now | 'gone' | 'unreadable'> {
  const path = pathOf(entry, context.root);
  if (entry.mode === 'tree') return readTreeNow(entry, path, context);
  const same = { entry, grown: false, members: null };
  try {
    const stat = statSync(pathBuffer(path), { bigint: true });
    const sizeBytes = Number(stat.size);
    const mayHaveGrown = entry.digest !== null && sizeBytes > (entry.sizeBytes ?? sizeBytes);
    const known = mayHaveGrown ? undefined : context.cache?.get(stat);
    if (known !== undefined) return { ...same, digest: known, stat: statKey(stat), steady: true };
    const prefix = mayHaveGrown ? { prefixBytes: entry.sizeBytes ?? 0 } : {};
    const [result] = await context.pool.hash([{ path, sizeBytes, stat, ...prefix }]);
    if (!result) return 'unreadable';
    if ('error' in result) return report(entry, context, result.error, result.message);
    rememberDigest(context.cache, result);
    const { digest, changed, prefixDigest } = result;
    const grown = prefixDigest !== null && prefixDigest === entry.digest;
    return { ...same, digest, stat: statKey(result.stat), steady: !changed, grown };
  } catch (error) {
    return report(entry, context, systemCode(error) ?? 'UNKNOWN', messageOf(error));
  }
}

async function readTreeNow(
  entry: DataEntry,
  path: BytePath,
  context: NowContext,
): Promise<Now | 'gone' | 'unreadable'> {
  const tree = await digestTree(path, { ...context, listStats: listedFiles });
  const atRoot = tree.problems.find((problem) => problem.path === '');
  if (atRoot) return report(entry, context, atRoot.error, atRoot.message);
  const next = { ...entry };
  fillTree(next, tree, context);
  const members = tree.stat === entry.stat ? null : findMembers(entry, tree, context);
  const steady = tree.changed.length === 0;
  return { entry: next, digest: tree.digest, stat: tree.stat, steady, grown: false, members };
}

/** By the manifest of the launch; of a folder that was only pinned, by the stats of its files. */
function findMembers(entry: DataEntry, tree: TreeDigest, context: NowContext): string | null {
  const kept = entry.manifest ?? entry.statsAtLaunch ?? null;
  const before = kept === null ? null : (context.readObject?.(kept) ?? null);
  const after = entry.manifest === null ? tree.stats : tree.manifest;
  if (before === null || after === null) return null;
  const members = [...diffManifests(before, after)];
  if (members.length === 0) return null;
  if (entry.manifest === null && tree.manifest !== null) {
    const wanted = new Set(members.map(({ path }) => path));
    const digests = new Map<string, string>();
    for (const { path, mark } of readManifest(tree.manifest)) {
      const text = pathBuffer(path).toString('utf8');
      if (wanted.has(text)) digests.set(text, `sha256:${mark}`);
    }
    for (const member of members) member.after = digests.get(member.path) ?? null;
  }
  return context.keepObject(Buffer.from(`${JSON.stringify(members)}\n`));
}

/** Gone is what `changedDuringRun` without `digestAfter` says; all else is a problem to tell. */
function report(
  entry: DataEntry,
  context: NowContext,
  error: string,
  message: string,
): 'gone' | 'unreadable' {
  if (error === 'ENOENT' || error === 'ENOTDIR' || error === 'ENOTREG') return 'gone';
  context.problems.push({ path: entry.path, what: describeError(error, message) });
  return 'unreadable';
}

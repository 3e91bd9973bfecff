import { type DigestCache, type KeepObject, statKey } from '../../core/seams.ts';
import type { DataEntry } from '../../protocol/record.ts';
import { type BytePath, pathText } from '../byte-path.ts';
import { type DataProblem, describeError } from './data-problem.ts';
import { rememberDigest } from './digest-file.ts';
import { digestTree, type TreeDigest } from './digest-tree.ts';
import type { HashJob } from './hash-job.ts';
import type { HashPool } from './hash-pool.ts';
import type { LocatedData } from './locate-data.ts';
import type { PointerFinder } from './pointers/find-pointer.ts';
import { contentDigest, type FoundPointer, recordPointer } from './pointers/pointer.ts';

/** Something found on disk, with its entry in the making. */
export interface FoundData extends LocatedData {
  entry: DataEntry;
  /** Nobody said that it is read; a large one is not worth the reading. */
  onlyNamed: boolean;
  insideWorkspace: boolean;
}

export interface HashContext {
  /** Bytes that may still be read before the program starts. */
  budgetBytes: number;
  hashBeforeBytes: number;
  cache: DigestCache | undefined;
  pool: HashPool;
  keepObject: KeepObject;
  signal: AbortSignal | undefined;
  progress: ((path: string, files: number) => void) | undefined;
  pointers: PointerFinder;
  /** The workspace, for paths in the record. */
  root: BytePath;
  problems: DataProblem[];
  /** What is worth saying without anything being wrong. */
  remarks: DataProblem[];
}

/** Of a folder that is hashed beside the program, so many stats are kept: some 5 MB. */
export const listedFiles = 50_000;

/** A folder that is merely named is not walked beyond this. */
const namedFileLimit = 10_000;

/** Fills the entries: digests within the budget, the pin (the stat) of what is above it. */
export async function hashEntries(found: FoundData[], context: HashContext): Promise<void> {
  const jobs: { item: FoundData; job: HashJob }[] = [];
  for (const item of found) {
    const answer = findPointer(item, context);
    if (!item.stat.isFile()) continue;
    const job = planFile(item, answer?.stands ? answer.pointer : null, context);
    if (job) jobs.push({ item, job });
  }
  const results = await context.pool.hash(jobs.map(({ job }) => job));
  jobs.forEach(({ item }, index) => {
    const result = results[index];
    if (!result) return;
    const { entry } = item;
    if ('error' in result) {
      entry.hashed = null;
      context.problems.push({
        path: entry.path,
        what: describeError(result.error, result.message),
      });
      return;
    }
    entry.digest = result.digest;
    entry.sizeBytes = result.sizeBytes;
    entry.stat = statKey(result.stat);
    rememberDigest(context.cache, result);
    if (!result.changed) return;
    entry.changedDuringRun = true;
    context.problems.push({ path: entry.path, what: 'changed while it was hashed' });
  });
  for (const item of found) nameByContent(item, context);
  for (const item of found) {
    if (item.stat.isDirectory()) await hashTree(item, context);
    else if (!item.stat.isFile()) {
      context.problems.push({ path: item.entry.path, what: 'not a regular file' });
    }
  }
}

function findPointer(item: FoundData, context: HashContext) {
  const fileBytes = item.stat.isFile() ? Number(item.stat.size) : null;
  const answer = context.pointers.find({ given: item.given, real: item.real, fileBytes });
  if (answer) setPointer(item.entry, answer.pointer, context);
  return answer;
}

function setPointer(
  entry: DataEntry,
  pointer: FoundPointer,
  { root }: HashContext,
  agrees: boolean | null = null,
): void {
  entry.version = pointer.version;
  entry.pointer = { ...recordPointer(pointer, root), agrees };
}

/** A file of git-lfs, or an unlocked one of git-annex, looks like any other: the store has it. */
function nameByContent({ entry, real, stat }: FoundData, context: HashContext): void {
  if (!stat.isFile() || entry.digest === null || entry.pointer !== undefined) return;
  const pointer = context.pointers.findByContent(real, entry.digest, Number(stat.size));
  if (!pointer) return;
  setPointer(entry, pointer, context, true);
}

/** Null where there is nothing to hash now. */
function planFile(
  item: FoundData,
  pointer: FoundPointer | null,
  context: HashContext,
): HashJob | null {
  const { entry, stat, real } = item;
  const sizeBytes = Number(stat.size);
  Object.assign(entry, { sizeBytes, fileCount: 1, stat: statKey(stat), hashed: 'before' });
  if (pointer) {
    // What the program would read is the pointer; its digest is that of what it stands for.
    Object.assign(entry, { mode: 'pointer', digest: contentDigest(pointer), hashed: null });
    entry.sizeBytes = pointer.sizeBytes;
    context.remarks.push({ path: entry.path, what: `only a pointer of ${pointer.tool} is there` });
    return null;
  }
  const known = context.cache?.get(stat);
  if (known !== undefined) {
    entry.digest = known;
    return null;
  }
  if (sizeBytes <= context.budgetBytes) {
    context.budgetBytes -= sizeBytes;
    return { path: real, sizeBytes, stat };
  }
  if (item.onlyNamed && !item.insideWorkspace) leaveUnread(item, context);
  else entry.hashed = 'during';
  return null;
}

async function hashTree(item: FoundData, context: HashContext): Promise<void> {
  const { entry } = item;
  const distant = item.onlyNamed && !item.insideWorkspace;
  const tree = await digestTree(item.real, {
    pool: context.pool,
    cache: context.cache,
    readLimitBytes: context.budgetBytes,
    listStats: listedFiles,
    ...(item.onlyNamed ? { maxFiles: namedFileLimit } : {}),
    ...(distant ? { maxBytes: context.hashBeforeBytes } : {}),
    signal: context.signal,
    progress: (files) => context.progress?.(entry.path, files),
  });
  entry.mode = 'tree';
  if (tree.tooLarge) return leaveUnread(item, context);
  fillTree(entry, tree, context);
  if (tree.problems.some(({ path }) => path === '')) {
    Object.assign(entry, { sizeBytes: null, fileCount: null, hashed: null });
  } else if (tree.digest !== null) {
    context.budgetBytes -= tree.readBytes;
    entry.hashed = 'before';
    tellPointers(item, tree, context);
  } else if (distant) leaveUnread(item, context);
  else {
    entry.hashed = 'during';
    // With these it can be told which of its files changed before they were hashed.
    if (tree.stats !== null) entry.statsAtLaunch = context.keepObject(tree.stats);
  }
}

/** A program that reads such a folder finds other content than was meant. */
function tellPointers({ entry, real }: FoundData, tree: TreeDigest, context: HashContext): void {
  if (tree.manifest === null) return;
  const count = context.pointers.countPointers(real, tree.manifest);
  if (count === 0) return;
  const what = `${count} of its files ${count === 1 ? 'is only a pointer' : 'are only pointers'} of git-lfs`;
  context.remarks.push({ path: entry.path, what });
}

/** Takes over what a walk found; also for a folder that is hashed beside the program. */
export function fillTree(
  entry: DataEntry,
  tree: TreeDigest,
  context: Pick<HashContext, 'keepObject' | 'problems'>,
): void {
  entry.sizeBytes = tree.sizeBytes;
  entry.fileCount = tree.fileCount;
  entry.stat = tree.stat;
  if (tree.manifest) entry.manifest = context.keepObject(tree.manifest);
  entry.digest = tree.digest;
  const below = (path: BytePath): string =>
    path === '' ? entry.path : `${entry.path}/${pathText(path)}`;
  for (const { path, error, message } of tree.problems) {
    context.problems.push({ path: below(path), what: describeError(error, message) });
  }
  for (const path of tree.changed) {
    context.problems.push({ path: below(path), what: 'changed while it was hashed' });
  }
  if (tree.changed.length > 0) entry.changedDuringRun = true;
}

function leaveUnread(item: FoundData, context: HashContext): void {
  const { entry, stat } = item;
  const folder = stat.isDirectory();
  Object.assign(entry, { mode: 'stat', digest: null, hashed: null, stat: statKey(stat) });
  if (folder) Object.assign(entry, { sizeBytes: null, fileCount: null });
  const what = `named, not known to be read, and too large to hash${folder ? ' its files' : ''}`;
  context.remarks.push({ path: entry.path, what });
}

import type { DataEntry } from '../../protocol/record.ts';
import { type bytePath, isInside, pathBuffer, placeInRecord } from '../byte-path.ts';
import type { CapturedData, DataOptions, DeclaredData, Expectation } from './capture-data.ts';
import { type DataProblem, describeError, describeProblems } from './data-problem.ts';
import { isDataUri, stripCredentials, versionOfUri } from './data-uri.ts';
import type { FoundData } from './hash-entries.ts';
import type { HashPool } from './hash-pool.ts';
import { type LocatedData, locateData, type NotLocated, realOrSame } from './locate-data.ts';
import { createExclusion } from './named-data.ts';
import { checkPointers } from './pointers/check-pointers.ts';
import { PointerFinder } from './pointers/find-pointer.ts';
import { Md5Memory } from './pointers/md5-memory.ts';
import { contentDigest, recordPointer } from './pointers/pointer.ts';
import { listCompanions } from './sqlite-files.ts';

/** The entries in the making: what was declared and named, each place once. */
export class EntryList {
  readonly problems: DataProblem[] = [];
  /** What is worth saying without anything being wrong. */
  readonly remarks: DataProblem[] = [];
  readonly pointers = new PointerFinder();
  readonly found: FoundData[] = [];
  private readonly entries: DataEntry[] = [];
  private readonly byKey = new Map<string, DataEntry>();
  private readonly redactedKeys = new Set<DataEntry>();
  private readonly expected: { entry: DataEntry; name: string | null; digest: string }[] = [];
  private readonly options: DataOptions;
  readonly root: ReturnType<typeof bytePath>;
  private readonly isExcluded: ReturnType<typeof createExclusion>;

  constructor(options: DataOptions) {
    this.options = options;
    this.root = realOrSame(options.workspaceRoot);
    this.isExcluded = createExclusion({
      workspaceRoot: this.root,
      home: options.home,
      ...options.exclude,
    });
  }

  declare(data: DeclaredData): void {
    const { cwd, workspaceRoot } = this.options;
    const entry =
      typeof data.path === 'string' && isDataUri(data.path)
        ? this.addUri(data.path, 'declared')
        : this.addPath(data.path, 'declared', [cwd, workspaceRoot]);
    if (!entry) return;
    if (data.name !== undefined) entry.name ??= data.name;
    if (data.digest !== undefined) {
      entry.expected ??= data.digest;
      this.expected.push({ entry, name: data.name ?? null, digest: data.digest });
    }
  }

  name(text: string, seen: 'config' | 'argument', from: string | undefined): void {
    if (isDataUri(text)) {
      this.addUri(text, seen);
      return;
    }
    const { cwd, workspaceRoot } = this.options;
    const folders = [cwd, ...(from ? [folderOf(from, workspaceRoot)] : []), workspaceRoot];
    this.addPath(text, seen, folders);
  }

  /** Little is read for it here: what is above the budget is compared beside the program. */
  async checkPointers(pool: HashPool): Promise<void> {
    const { workspaceRoot, cacheFolder = null } = this.options;
    const checked = await checkPointers(this.entries, {
      workspaceRoot,
      pool,
      memory: new Md5Memory(cacheFolder),
      budget: { bytes: 32_000_000, files: 1_000 },
    });
    for (const { path, pointer } of checked) {
      const entry = this.entries.find((one) => one.path === path);
      if (entry && pointer) entry.pointer = pointer;
    }
  }

  finish(): CapturedData {
    const { entries, problems, remarks } = this;
    const detail = describeProblems([...problems, ...remarks]);
    const nothing = entries.length === 0;
    return {
      value: entries,
      status: problems.length > 0 ? 'partial' : nothing ? 'absent' : 'captured',
      detail: nothing ? 'no data was declared or named' : detail,
      redactions: entries.flatMap((entry, index) =>
        this.redactedKeys.has(entry) ? [{ where: `data[${index}].path`, rule: 'url' }] : [],
      ),
      expectations: this.expected.map(({ entry, name, digest }) => ({
        entry: entries.indexOf(entry),
        name,
        expected: digest,
        found: entry.digest,
        verdict: judge(entry, digest),
      })),
    };
  }

  private addUri(text: string, seen: DataEntry['seen'][number]): DataEntry {
    const stripped = stripCredentials(text);
    const uri = this.options.redactUrl?.(stripped.uri) ?? stripped.uri;
    const entry = this.merge(uri, seen, () => ({ path: uri }));
    entry.mode = 'uri';
    entry.version = versionOfUri(uri);
    if (uri !== text) this.redactedKeys.add(entry);
    return entry;
  }

  private addPath(
    path: string | Uint8Array,
    seen: DataEntry['seen'][number],
    folders: string[],
  ): DataEntry | null {
    const located = locateData(path, folders);
    const declared = seen === 'declared';
    if ('error' in located) {
      const pointed = this.addPointed(located, seen);
      if (pointed || !declared) return pointed;
      const entry = this.merge(located.given, seen, () => placeInRecord(located.given, this.root));
      this.problems.push({ path: entry.path, what: describeError(located.error, located.message) });
      return entry;
    }
    const { real, given } = located;
    if (!declared && this.isExcluded(inStore.test(real) ? given : real)) return null;
    const isNew = !this.byKey.has(real);
    const entry = this.merge(real, seen, () => placeInRecord(real, this.root));
    if (isNew) {
      if (inStore.test(real)) entry.link = placeInRecord(given, this.root).path;
      const insideWorkspace = isInside(real, this.root);
      this.found.push({ ...located, entry, onlyNamed: !declared, insideWorkspace });
      this.addCompanions(located, entry, seen);
    }
    return entry;
  }

  /** Data that is not there, and of which a tool knows: only its pointer was brought. */
  private addPointed(located: NotLocated, seen: DataEntry['seen'][number]): DataEntry | null {
    if (located.error !== 'ENOENT') return null;
    for (const given of located.tried) {
      if (seen !== 'declared' && this.isExcluded(given)) continue;
      const answer = this.pointers.find({ given, real: null, fileBytes: null });
      if (!answer) continue;
      const { pointer } = answer;
      const entry = this.merge(given, seen, () => placeInRecord(given, this.root));
      entry.mode = 'pointer';
      entry.version = pointer.version;
      entry.digest = contentDigest(pointer);
      entry.sizeBytes = pointer.sizeBytes;
      entry.fileCount = pointer.fileCount;
      entry.pointer = recordPointer(pointer, this.root);
      this.remarks.push({
        path: entry.path,
        what: `not there, only what ${pointer.tool} says of it`,
      });
      return entry;
    }
    return null;
  }

  /** Changes that a database has not taken into its file yet are part of what a program reads. */
  private addCompanions(
    located: LocatedData,
    entry: DataEntry,
    seen: DataEntry['seen'][number],
  ): void {
    if (!located.stat.isFile()) return;
    for (const path of listCompanions(located.real)) {
      const companion = this.addPath(pathBuffer(path), seen, []);
      if (!companion) continue;
      companion.partOf ??= entry.path;
      this.remarks.push({ path: companion.path, what: `holds changes of ${entry.path}` });
    }
  }

  private merge(
    key: string,
    seen: DataEntry['seen'][number],
    locate: () => { path: string; pathBytes?: string },
  ): DataEntry {
    const present = this.byKey.get(key);
    if (present) {
      if (!present.seen.includes(seen)) present.seen.push(seen);
      return present;
    }
    const entry: DataEntry = {
      ...locate(),
      role: seen === 'declared' ? 'input' : 'named',
      seen: [seen],
      digest: null,
      mode: 'full',
      sizeBytes: null,
      fileCount: null,
      manifest: null,
      version: null,
      hashed: null,
      changedDuringRun: false,
      digestAfter: null,
    };
    this.byKey.set(key, entry);
    this.entries.push(entry);
    return entry;
  }
}

/** Where git-annex, DVC and huggingface_hub keep contents that they link to. */
const inStore = /\/annex\/objects\/|\/\.dvc\/cache\/|\/(?:datasets|models|spaces)--[^/]+\/blobs\//;

function judge(entry: DataEntry, expected: string): Expectation['verdict'] {
  // What a pointer stands for is not there to be read.
  if (entry.mode === 'pointer') return 'missing';
  if (entry.digest !== null) return entry.digest === expected ? 'same' : 'different';
  // Pinned, or in a place that is only named by a URI: nothing to compare with yet.
  return entry.hashed === 'during' || entry.mode === 'uri' ? 'unknown' : 'missing';
}

function folderOf(path: string, workspaceRoot: string): string {
  const absolute = path.startsWith('/') ? path : `${workspaceRoot}/${path}`;
  return absolute.slice(0, Math.max(absolute.lastIndexOf('/'), 1));
}

import { type BytePath, joinBytes } from '../../byte-path.ts';
import { readManifest } from '../manifest.ts';
import { readAnnexPointer } from './annex.ts';
import { AnnexStore } from './annex-store.ts';
import { DvcReader } from './dvc.ts';
import { LfsReader } from './lfs.ts';
import { barePointer, type FoundPointer } from './pointer.ts';
import { readHead } from './read-head.ts';

/** Pointers of git-lfs without extensions are some 130 bytes long. */
const pointerBytes = { least: 110, most: 260 };
const mostAsked = 2_000;
/** Pointers are shorter; all else is not opened to look for one. */
const smallBytes = 2_048;
const leastBytes = 24;

export interface PointerQuestion {
  /** As it was named, links not followed. */
  given: BytePath;
  /** What links lead to; null where nothing is there. */
  real: BytePath | null;
  /** Null of a folder, and where nothing is there. */
  fileBytes: number | null;
}

export interface PointerAnswer {
  pointer: FoundPointer;
  /** What lies there is the pointer itself, or nothing: a program would not find the data. */
  stands: boolean;
}

/**
 * What the tools of data versions (DVC, git-lfs, git-annex, the cache of Hugging Face) say of data.
 * Reads small files beside it; asks no network and runs no tool. One finder a launch: it remembers
 * what it read.
 */
export class PointerFinder {
  private readonly dvc = new DvcReader();
  private readonly lfs = new LfsReader();
  private readonly annex = new AnnexStore();

  find({ given, real, fileBytes }: PointerQuestion): PointerAnswer | null {
    const isSmall = fileBytes !== null && fileBytes >= leastBytes && fileBytes <= smallBytes;
    const text = real !== null && isSmall ? (readHead(real, smallBytes) ?? '') : '';
    const lfs = real === null ? null : this.lfs.readPointer(real, text);
    if (lfs) return { pointer: lfs, stands: true };
    if (real === null || fileBytes !== null) {
      const annex = readAnnexPointer(given, real, text);
      if (annex) return { pointer: annex, stands: annex.cached === false };
    }
    const hub = readHubRevision([given, ...(real === null ? [] : [real])]);
    if (hub) return real === null ? null : { pointer: hub, stands: false };
    const dvc =
      this.dvc.find(given) ??
      (real === null ? null : real === given ? readCacheName(real) : this.dvc.find(real));
    return dvc && { pointer: dvc, stands: real === null };
  }

  /**
   * How many files of a folder are only pointers of git-lfs, by its manifest; of very many that
   * could be some are asked.
   */
  countPointers(folder: BytePath, manifest: Buffer): number {
    if (!this.lfs.isUsed(folder)) return 0;
    let asked = 0;
    let count = 0;
    for (const { path, sizeBytes } of readManifest(manifest)) {
      if (sizeBytes < pointerBytes.least || sizeBytes > pointerBytes.most) continue;
      if (++asked > mostAsked) break;
      const file = joinBytes(folder, path);
      if (this.lfs.readPointer(file, readHead(file, smallBytes) ?? '')) count += 1;
    }
    return count;
  }

  /** Of a file that was hashed: whether git-lfs or git-annex has its content. */
  findByContent(real: BytePath, digest: string, sizeBytes: number): FoundPointer | null {
    return (
      this.lfs.readContent(real, digest, sizeBytes) ??
      this.annex.findContent(real, digest, sizeBytes)
    );
  }
}

/** DVC's own store, where a workspace has links into it: its names are the digests. */
function readCacheName(real: BytePath): FoundPointer | null {
  const [, head, tail] = /\/files\/md5\/([0-9a-f]{2})\/([0-9a-f]{30})$/.exec(real) ?? [];
  if (head === undefined || tail === undefined) return null;
  const md5 = head + tail;
  const more = { digest: `md5:${md5}`, fileCount: 1, cached: true };
  return barePointer('dvc', `dvc:md5:${md5}`, more);
}

/** `models--owner--name/snapshots/<commit>/...`: the cache of huggingface_hub. */
function readHubRevision(paths: BytePath[]): FoundPointer | null {
  for (const path of paths) {
    const [, kind = '', repository = '', revision] =
      /\/(datasets|models|spaces)--([^/]+)\/snapshots\/([0-9a-f]{40})(?:\/|$)/.exec(path) ?? [];
    if (revision === undefined) continue;
    const prefix = kind === 'models' ? '' : `${kind}/`;
    const url = `hf://${prefix}${repository.replaceAll('--', '/')}`;
    // Large files are kept under their SHA-256, small ones under an id of git.
    const hex = /\/blobs\/([0-9a-f]{64})$/.exec(paths.at(-1) ?? '')?.[1];
    const digest = hex === undefined ? null : `sha256:${hex}`;
    return barePointer('hugging-face', `hf:${revision}`, { source: { url, revision }, digest });
  }
  return null;
}

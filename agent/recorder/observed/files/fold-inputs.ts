import { type BytePath, bytePath, isInside, placeInRecord } from '../../../capture/byte-path.ts';
import { ManifestWriter } from '../../../capture/data/manifest.ts';
import { foldFolders } from '../../../core/observed/fold-folders.ts';
import type { KeepObject } from '../../../core/seams.ts';
import type { DataEntry } from '../../../protocol/record.ts';

export interface FoldedInputs {
  /** An entry a folder, with a manifest of just the files that were read. */
  folders: DataEntry[];
  /** Absolute paths of the files that they stand for. */
  covered: ReadonlySet<string>;
}

/**
 * Makes one entry of thousands of inputs in a folder. `inputs`: by absolute path. Never for the
 * workspace itself or what is above it, nor for `taken`: folders that have an entry of their own.
 */
export function foldInputs(
  inputs: ReadonlyMap<string, DataEntry>,
  options: { root: string; taken: ReadonlySet<string>; keepObject: KeepObject },
): FoldedInputs {
  const root = bytePath(options.root);
  const alone = [...inputs].filter(([, entry]) => canFold(entry)).map(([path]) => path);
  const folded = foldFolders(alone, (folder) => {
    const place = folder as BytePath;
    if (options.taken.has(folder) || isInside(root, place)) return false;
    return isInside(place, root) || folder.split('/').length > 3;
  });
  const folders = [...folded].map(([folder, paths]): DataEntry => {
    const manifest = new ManifestWriter();
    let sizeBytes = 0;
    for (const path of paths.sort()) {
      const { digest, sizeBytes: bytes } = inputs.get(path) as DataEntry;
      manifest.add(path.slice(folder.length + 1) as BytePath, digest ?? '', bytes ?? 0);
      sizeBytes += bytes ?? 0;
    }
    const { bytes, digest } = manifest.finish();
    return {
      ...placeInRecord(folder as BytePath, options.root),
      role: 'input',
      seen: ['hook'],
      digest,
      mode: 'tree',
      sizeBytes,
      fileCount: paths.length,
      manifest: options.keepObject(bytes),
      version: null,
      hashed: 'during',
      changedDuringRun: false,
      digestAfter: null,
    };
  });
  return { folders, covered: new Set([...folded.values()].flat()) };
}

/** A changed file stands for itself: a tree has one digest a file. */
function canFold(entry: DataEntry): boolean {
  const isPlain = entry.mode === 'full' && entry.digest !== null && !entry.changedDuringRun;
  return isPlain && entry.seen.every((seen) => seen === 'hook');
}

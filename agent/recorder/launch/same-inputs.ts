import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type BytePath, joinBytes, pathBuffer, placeOnDisk } from '../../capture/byte-path.ts';
import { digestFile } from '../../capture/data/digest-file.ts';
import { readManifest } from '../../capture/data/manifest.ts';
import type { DigestCache } from '../../core/seams.ts';
import { files } from '../../protocol/names.ts';
import type { DataEntry, RunRecord } from '../../protocol/record.ts';
import type { Layout } from '../../store/layout.ts';
import { readObject } from '../../store/objects.ts';

/** More than this is not looked at before a start: then nobody says that nothing has changed. */
const most = { runs: 5, files: 2_000, bytes: 16_000_000 };

/**
 * Of runs of one fingerprint, those whose other inputs are what they were: a launch does not know
 * what its program will read, but an earlier run that was seen reading does.
 */
export function withSameInputs(layout: Layout, ids: string[], cache: DigestCache): string[] {
  return ids.slice(0, most.runs).filter((id) => {
    const budget = { ...most };
    const isSame = (path: BytePath, digest: string | null) =>
      digest !== null && readDigest(path, cache, budget) === digest;
    try {
      const text = readFileSync(join(layout.runFolder(id), files.record), 'utf8');
      const { data } = JSON.parse(text) as RunRecord;
      return data.filter(isOnlySeen).every((entry) => {
        const place = placeOnDisk(entry, layout.root);
        if (entry.mode !== 'tree') return isSame(place, entry.digest);
        const manifest = entry.manifest === null ? null : readObject(layout, entry.manifest);
        if (manifest === null) return false;
        for (const { path, mark } of readManifest(manifest)) {
          if (!isSame(joinBytes(place, path), `sha256:${mark}`)) return false;
        }
        return true;
      });
    } catch {
      return false; // A record that cannot be read tells nothing of its inputs.
    }
  });
}

/** Part of no fingerprint: what was declared or named is. */
function isOnlySeen(entry: DataEntry): boolean {
  return entry.role === 'input' && entry.seen.every((seen) => seen === 'hook');
}

/** Null where there is no file, or more would have to be read than a launch waits for. */
function readDigest(
  path: BytePath,
  cache: DigestCache,
  budget: { files: number; bytes: number },
): string | null {
  budget.files -= 1;
  if (budget.files < 0) return null;
  const stat = statSync(pathBuffer(path), { bigint: true, throwIfNoEntry: false });
  if (stat?.isFile() !== true) return null;
  const known = cache.get(stat);
  if (known !== undefined) return known;
  budget.bytes -= Number(stat.size);
  return budget.bytes < 0 ? null : digestFile(pathBuffer(path), { cache }).digest;
}

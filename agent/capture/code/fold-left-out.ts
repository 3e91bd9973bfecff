import type { LeftOut } from '../../protocol/record.ts';

/** As many files of one output or data folder are listed one by one. */
const listed = 1000;

/**
 * Files that were left out because of where they lie: those of a top folder that holds very many
 * become one entry, with the sum of their sizes.
 */
export function foldLeftOut(entries: LeftOut[]): LeftOut[] {
  if (entries.length <= listed) return entries;
  const folders = new Map<string, LeftOut[]>();
  for (const entry of entries) {
    const key = `${entry.reason}/${entry.path.split('/')[0]}`;
    const folder = folders.get(key);
    if (folder === undefined) folders.set(key, [entry]);
    else folder.push(entry);
  }
  return [...folders.values()].flatMap((folder) => {
    const first = folder[0];
    if (first === undefined || folder.length <= listed) return folder;
    const sizeBytes = folder.reduce((sum, entry) => sum + (entry.sizeBytes ?? 0), 0);
    const path = first.path.split('/')[0] ?? '';
    return [{ path, sizeBytes, digest: null, reason: first.reason }];
  });
}

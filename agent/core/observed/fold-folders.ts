/** So many observed files in one folder are told as one entry. */
export const foldAbove = 1_000;

/**
 * Which folders are to be told as one entry instead of file by file: each has more than a thousand
 * of `paths` that are not in a folded one below it. A folder is folded only where `mayFold`; the
 * rest of the paths stay as they are. Answers the files by folder.
 */
export function foldFolders(
  paths: Iterable<string>,
  mayFold: (folder: string) => boolean,
): Map<string, string[]> {
  const waiting = new Map<string, string[]>();
  for (const path of paths) push(waiting, folderOf(path), [path]);
  const folded = new Map<string, string[]>();
  const byDepth = new Map<number, Set<string>>();
  for (const folder of waiting.keys()) {
    const depth = depthOf(folder);
    byDepth.set(depth, (byDepth.get(depth) ?? new Set()).add(folder));
  }
  for (let depth = Math.max(0, ...byDepth.keys()); depth > 0; depth -= 1) {
    for (const folder of byDepth.get(depth) ?? []) {
      const files = waiting.get(folder) ?? [];
      if (!mayFold(folder)) continue;
      if (files.length > foldAbove) {
        folded.set(folder, files);
        continue;
      }
      const above = folderOf(folder);
      push(waiting, above, files);
      byDepth.set(depth - 1, (byDepth.get(depth - 1) ?? new Set()).add(above));
    }
  }
  return folded;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function depthOf(folder: string): number {
  return folder === '' ? 0 : folder.split('/').length - 1;
}

function push(map: Map<string, string[]>, key: string, values: string[]): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [...values]);
  else for (const value of values) known.push(value);
}

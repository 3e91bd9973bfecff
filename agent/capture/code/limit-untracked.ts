import { formatSize } from '../../core/text/size.ts';
import { type BytePath, pathText } from '../byte-path.ts';

export interface UntrackedFile {
  path: BytePath;
  sizeBytes: number;
}

/** Files that are written by hand stay, however much lies beside them. */
const sources =
  /\.(?:py|pyx|pyi|ipynb|R|jl|c|cc|cpp|cu|h|hpp|rs|go|java|js|ts|sh|lua|m|ya?ml|toml)$/;

/**
 * Which untracked files are too much together, though each is small enough: those of the heaviest
 * top folders, until the rest is within the limit. A data set that nobody has named must not be
 * written into the repository with each run. By folders, so that none is kept by half.
 */
export function limitUntracked(
  files: UntrackedFile[],
  limitBytes: number,
): { over: Set<BytePath>; problem: string | null } {
  let total = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const over = new Set<BytePath>();
  if (total <= limitBytes) return { over, problem: null };
  const groups = new Map<string, UntrackedFile[]>();
  for (const file of files) {
    if (sources.test(file.path)) continue;
    const top = file.path.split('/')[0] ?? '';
    const group = groups.get(top);
    if (group === undefined) groups.set(top, [file]);
    else group.push(file);
  }
  const heaviest = [...groups]
    .map(([top, group]) => ({ top, group, bytes: group.reduce((sum, f) => sum + f.sizeBytes, 0) }))
    .sort((a, b) => b.bytes - a.bytes || (a.top < b.top ? -1 : 1));
  const names: string[] = [];
  let leftBytes = 0;
  for (const { top, group, bytes } of heaviest) {
    if (total <= limitBytes) break;
    for (const { path } of group) over.add(path);
    names.push(pathText(top as BytePath));
    total -= bytes;
    leftBytes += bytes;
  }
  return { over, problem: describe(names, leftBytes, limitBytes) };
}

function describe(names: string[], leftBytes: number, limitBytes: number): string | null {
  if (names.length === 0) return null;
  const shown = names.slice(0, 3).join(', ');
  const which = names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
  return (
    `${which}: untracked files of ${formatSize(leftBytes)} are not kept, as all together are more ` +
    `than limits.snapshot (${formatSize(limitBytes)}); name the folder under data or outputs in ` +
    'runrecord.yaml, or in .gitignore'
  );
}

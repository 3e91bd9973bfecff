import { type BigIntStats, type Dirent, lstatSync, readdirSync, statSync } from 'node:fs';
import { messageOf, systemCode } from '../../protocol/errors.ts';
import { type BytePath, joinBytes, pathBuffer } from '../byte-path.ts';

export interface WalkedFile {
  /** Relative to the root of the walk. */
  path: BytePath;
  stat: BigIntStats;
}

export interface WalkProblem {
  path: BytePath;
  /** The system's word: `EACCES`, `ENOENT` ... */
  error: string;
  message: string;
}

interface Folder {
  path: BytePath;
  /** `dev:ino` of the folder and of those above it, as the walk came here. */
  chain: readonly string[];
  /** Whether a link was followed on the way. */
  linked: boolean;
}

/**
 * The files below `root`, sorted by the bytes of their relative paths, one folder in memory at a
 * time: names are sorted with a `/` behind those of folders, which is the order of whole paths.
 *
 * Links are followed, as a program that reads the folder would: what counts is the content seen
 * under a name. A link to one of the folders it lies in is left out; so is, inside a folder that
 * was itself reached through a link, a second link to the same place, else links to folders of
 * links would never end. Pipes, sockets and devices are left out, and
 * the folders `.git` and `.runrecord`. What cannot be read, and links
 * that lead nowhere, go to `onProblem`.
 */
export function* walkTree(
  root: BytePath,
  onProblem: (problem: WalkProblem) => void,
): Generator<WalkedFile> {
  const walkedThroughLinks = new Set<string>();
  const attempt = <T>(path: BytePath, read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      onProblem({ path, error: systemCode(error) ?? 'UNKNOWN', message: messageOf(error) });
      return null;
    }
  };

  function* walkFolder(folder: Folder): Generator<WalkedFile> {
    const names = attempt(folder.path, () => readNames(joinPath(root, folder.path)));
    for (const marked of names ?? []) {
      const link = marked.endsWith(linkMark);
      const path = joinBytes(folder.path, marked.replace(/[/\0]+$/, ''));
      const full = pathBuffer(joinPath(root, path));
      const stat = attempt(path, () =>
        link ? statSync(full, { bigint: true }) : lstatSync(full, { bigint: true }),
      );
      if (!stat) continue;
      if (stat.isFile()) yield { path, stat };
      else if (stat.isDirectory()) {
        const next = enterFolder(folder, path, stat, link);
        if (next) yield* walkFolder(next);
      }
    }
  }

  function enterFolder(
    parent: Folder,
    path: BytePath,
    stat: BigIntStats,
    link: boolean,
  ): Folder | null {
    const id = `${stat.dev}:${stat.ino}`;
    if (parent.chain.includes(id)) return null;
    if (link && parent.linked) {
      if (walkedThroughLinks.has(id)) return null;
      walkedThroughLinks.add(id);
    }
    return { path, chain: [...parent.chain, id], linked: parent.linked || link };
  }

  const stat = attempt('' as BytePath, () => statSync(pathBuffer(root), { bigint: true }));
  if (!stat) return;
  if (!stat.isDirectory()) {
    onProblem({ path: '' as BytePath, error: 'ENOTDIR', message: 'not a folder' });
    return;
  }
  yield* walkFolder({ path: '' as BytePath, chain: [`${stat.dev}:${stat.ino}`], linked: false });
}

function joinPath(root: BytePath, path: BytePath): BytePath {
  return path === '' ? root : joinBytes(root, path);
}

/** Folders that tools keep for themselves, ours among them: they change with every run. */
const bookkeeping = new Set(['.git', '.runrecord']);

const linkMark = '\0';

/** Names marked with what they are: `/` behind a folder, NUL behind a link; sorted as paths. */
function readNames(folder: BytePath): string[] {
  const names: string[] = [];
  for (const [name, kind] of readKinds(folder)) {
    if (kind.isFile()) names.push(name);
    else if (kind.isDirectory()) {
      if (!bookkeeping.has(name)) names.push(`${name}/`);
    } else if (kind.isSymbolicLink()) {
      names.push(leadsToFolder(joinBytes(folder, name)) ? `${name}/${linkMark}` : name + linkMark);
    }
  }
  return names.sort();
}

type Kind = Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>;

function readKinds(folder: BytePath): [string, Kind][] {
  const path = pathBuffer(folder);
  // The types of Node know `latin1` for file contents only; file names take it as well.
  const encoding = 'latin1' as 'utf8';
  try {
    const entries = readdirSync(path, { encoding, withFileTypes: true });
    return entries.map((entry) => [entry.name, entry]);
  } catch (error) {
    if (systemCode(error)?.startsWith('ERR_') !== true) throw error;
    // Where the file system does not tell kinds, Node asks for each and cannot join such a path.
    return readdirSync(path, { encoding }).flatMap((name): [string, Kind][] => {
      const stat = lstatSync(pathBuffer(joinBytes(folder, name)), { throwIfNoEntry: false });
      return stat ? [[name, stat]] : [];
    });
  }
}

function leadsToFolder(link: BytePath): boolean {
  try {
    return statSync(pathBuffer(link)).isDirectory();
  } catch {
    return false;
  }
}

import { posix } from 'node:path';
import { pathsOf, readTrace, type TracedCall } from './trace-lines.ts';

/** What the system saw a program do with files. Paths are absolute, bytes, links resolved. */
export interface Truth {
  /** Files that were there before, and were opened while they still held what they held then. */
  read: Set<string>;
  /** Files that were opened for writing, or came by a rename or a link. */
  written: Set<string>;
  /** Files of before that were removed or renamed away. */
  gone: Set<string>;
}

export const tracedCalls =
  'open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,truncate,' +
  'chdir,fchdir,clone,clone3,fork,vfork';

/**
 * Follows the program `root` and all that it started through a trace of everything.
 * `wasThere`: whether a regular file was at a path before the run.
 */
export function readTruth(trace: string, root: number, wasThere: (path: string) => boolean): Truth {
  const calls = readTrace(trace);
  const family = familyOf(calls, root);
  const folders = new Map<number, string>();
  const files = new FileHistory(wasThere);
  for (const call of calls) {
    const parent = family.get(call.pid);
    if (parent === undefined) continue;
    if (!folders.has(call.pid)) folders.set(call.pid, folders.get(parent) ?? '/');
    follow(call, folders, files);
  }
  return files;
}

/** Parents by child, of the root and all below it. A trace may tell of a child's deeds before its birth. */
function familyOf(calls: TracedCall[], root: number): Map<number, number> {
  const parents = new Map<number, number>();
  for (const { pid, name, result } of calls)
    if (/^(?:clone3?|v?fork)$/.test(name) && result > 0) parents.set(result, pid);
  const family = new Map([[root, root]]);
  const belongs = (pid: number): boolean => {
    if (family.has(pid)) return true;
    const parent = parents.get(pid);
    if (parent === undefined || !belongs(parent)) return false;
    family.set(pid, parent);
    return true;
  };
  for (const pid of parents.keys()) belongs(pid);
  return family;
}

function follow(call: TracedCall, folders: Map<number, string>, files: FileHistory): void {
  const paths = pathsOf(call.words);
  const here = folders.get(call.pid) ?? '/';
  const place = (at: number): string => {
    const path = paths[at];
    return path === undefined ? '' : posix.resolve(path.folder ?? here, path.name);
  };
  const atFolder = /AT_FDCWD<((?:\\x[0-9a-f]{2})*)>/.test(call.words) ? paths[0]?.folder : null;
  if (atFolder != null) folders.set(call.pid, atFolder);
  switch (call.name) {
    case 'open':
    case 'openat':
    case 'openat2':
      if (call.opened !== null) files.opened(call.opened, call.words);
      break;
    case 'creat':
      if (call.opened !== null) files.opened(call.opened, 'O_WRONLY|O_TRUNC');
      break;
    case 'rename':
    case 'renameat':
    case 'renameat2':
      files.renamed(place(0), place(1));
      break;
    case 'link':
    case 'linkat':
      files.linked(place(0), place(1));
      break;
    case 'unlink':
    case 'unlinkat':
      files.removed(place(0));
      break;
    case 'truncate':
      files.opened(place(0), 'O_RDWR');
      break;
    case 'chdir':
      folders.set(call.pid, place(0));
      break;
    case 'fchdir': {
      const folder = /^\d+<([^>]*)>/.exec(call.words)?.[1];
      if (folder !== undefined) folders.set(call.pid, pathsOf(`"${folder}"`)[0]?.name ?? here);
      break;
    }
  }
}

/** Which files still hold what they held before the run, and which are the run's own by now. */
class FileHistory implements Truth {
  readonly read = new Set<string>();
  readonly written = new Set<string>();
  readonly gone = new Set<string>();
  readonly #wasThere: (path: string) => boolean;
  /** What the run made, replaced or emptied. */
  readonly #own = new Set<string>();

  constructor(wasThere: (path: string) => boolean) {
    this.#wasThere = wasThere;
  }

  opened(path: string, words: string): void {
    if (/\bO_(?:DIRECTORY|PATH|TMPFILE)\b/.test(words)) return;
    const isWriting = /\bO_(?:WRONLY|RDWR)\b/.test(words);
    const isOriginal = this.#wasThere(path) && !this.#own.has(path) && !this.gone.has(path);
    if (isOriginal && !/\bO_TRUNC\b/.test(words)) this.read.add(path);
    if (!isWriting) return;
    this.written.add(path);
    if (!isOriginal || /\bO_TRUNC\b/.test(words)) this.#own.add(path);
  }

  renamed(from: string, to: string): void {
    for (const path of [...this.#own]) {
      const moved = movedPath(path, from, to);
      if (moved === null) continue;
      this.#own.delete(path);
      this.#own.add(moved);
      this.written.add(moved);
    }
    this.gone.add(from);
    this.gone.delete(to);
    this.#own.add(to);
    this.written.add(to);
  }

  linked(from: string, to: string): void {
    this.written.add(to);
    if (this.#own.has(from)) this.#own.add(to);
  }

  removed(path: string): void {
    this.#own.delete(path);
    this.gone.add(path);
  }
}

/** Where a path lies after a rename of it, or of a folder above it. */
function movedPath(path: string, from: string, to: string): string | null {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? `${to}${path.slice(from.length)}` : null;
}

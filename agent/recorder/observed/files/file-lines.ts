import { lstatSync } from 'node:fs';
import { type BytePath, pathBuffer } from '../../../capture/byte-path.ts';
import type { FileEvent } from '../../../core/observed/file-event.ts';
import type { ObservedLine } from '../../../core/observed/observed-line.ts';
import { statOfTuple } from '../../../core/observed/stat-tuple.ts';
import type { FileStat } from '../../../core/seams.ts';
import { findFormerTarget } from './former-target.ts';
import { observedBytes, type PathResolver } from './resolve-path.ts';

/**
 * What an observed line says of a file, with the path of what links lead to; null for lines of
 * other things, and for what is no regular file. `isFurniture`: paths that are
 * not looked at at all.
 */
export function readFileLine(
  line: ObservedLine,
  resolver: PathResolver,
  isFurniture: (path: string) => boolean,
): FileEvent | null {
  const at = line.at ?? 0;
  switch (line.t) {
    case 'read': {
      const stat = statOfTuple(line.stat);
      if (stat === null || isFurniture(line.path)) return null;
      const path = fileOpened(line.path, stat, resolver);
      return path === null ? null : { kind: 'read', path, stat, at };
    }
    case 'before': {
      const stat = statOfTuple(line.stat);
      const path = stat === null || isFurniture(line.path) ? null : fileAt(line.path, resolver);
      if (stat === null || path === null) return null;
      return { kind: 'before', path, stat, digest: line.digest, at };
    }
    default:
      return readWrite(line, resolver, isFurniture);
  }
}

/** {@link readFileLine} for lines that tell of a change alone. */
export function readWrite(
  line: ObservedLine,
  resolver: PathResolver,
  isFurniture: (path: string) => boolean = () => false,
): FileEvent | null {
  const at = line.at ?? 0;
  switch (line.t) {
    case 'write': {
      const path = isFurniture(line.path) ? null : fileAt(line.path, resolver);
      const keeps = line.mode === 'update' || line.mode === 'append';
      const stat = statOfTuple(line.stat);
      return path === null ? null : { kind: 'write', path, stat, keeps, at };
    }
    case 'rename': {
      if (line.stat === null) return null; // There was nothing to rename: it failed.
      const from = resolver.entry(line.from);
      const to = resolver.entry(line.to);
      return { kind: 'rename', from, to, at };
    }
    case 'remove':
      return { kind: 'remove', path: resolver.entry(line.path), at };
    case 'link':
      if (!line.hard) return null;
      return {
        kind: 'link',
        from: resolver.target(line.from).path,
        to: resolver.entry(line.to),
        at,
      };
    default:
      return null;
  }
}

export function isFolder(path: BytePath): boolean {
  return lstatSync(pathBuffer(path), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The file that was opened, also where a link has led to it that leads elsewhere by now. */
function fileOpened(path: string, stat: FileStat, resolver: PathResolver): BytePath | null {
  const { path: real, stat: now } = resolver.target(path);
  if (
    now === null ||
    (now.ino === stat.ino && now.dev === stat.dev) ||
    real === observedBytes(path)
  )
    return now === null || now.isFile() ? real : null;
  return findFormerTarget(real, stat) ?? (now.isFile() ? real : null);
}

/** A file may have gone by now; what is there and is no file (a pipe, a folder) does not count. */
function fileAt(path: string, resolver: PathResolver): BytePath | null {
  const { path: real, stat } = resolver.target(path);
  return stat === null || stat.isFile() ? real : null;
}

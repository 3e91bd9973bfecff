import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../digest.ts';
import { isLocalFolder } from '../filesystem.ts';
import { type Layout, readWorkspaceId } from '../layout.ts';

/**
 * Where the index lies: in the workspace on a local file system, else in the user's cache folder,
 * as SQLite's locks cannot be trusted elsewhere. Null where neither can be written.
 */
export function databasePath(layout: Layout): string | null {
  if (!canWrite(layout.home)) return null;
  if (isLocalFolder(layout.home)) {
    return isAbsentOrWritable(layout.index) ? layout.index : null;
  }
  try {
    const folder = userCacheFolder(layout);
    mkdirSync(folder, { recursive: true });
    return canWrite(folder) ? join(folder, 'runs.sqlite') : null;
  } catch {
    return null;
  }
}

/** A folder of the user's own for what is derived from one workspace. */
export function userCacheFolder(layout: Layout): string {
  const given = process.env.XDG_CACHE_HOME;
  // The specification says that a relative path is to be ignored.
  const base = given?.startsWith('/') ? given : join(homedir(), '.cache');
  const place = sha256(layout.home).slice('sha256:'.length, 'sha256:'.length + 16);
  // The path as well: a copy of a workspace has the same id and other runs.
  return join(base, 'runrecord', `${readWorkspaceId(layout) ?? 'workspace'}-${place}`);
}

export function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isAbsentOrWritable(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) === undefined || canWrite(path);
}

import { lstatSync, readdirSync } from 'node:fs';
import { type BytePath, bytePath, joinBytes, pathBuffer } from '../../../capture/byte-path.ts';

export interface WorkspaceScan {
  root: string;
  /** When the program was started, ms since 1970. */
  startedAtMs: number;
  ignored(path: BytePath): boolean;
  /** Files that lay in the workspace at launch; asked for only where it matters. */
  atLaunch(): Promise<ReadonlySet<BytePath> | null>;
}

/** The clock of a file system's times goes in steps of up to 10 ms. */
const stepMs = 10;
const bookkeeping = new Set(['.git', '.hg', '.svn', '.runrecord', 'node_modules', '__pycache__']);

/**
 * Files of the workspace that have changed since the program was started: the way to see what
 * programs wrote that say nothing from inside. Content that is older than the run counts where it
 * has come to its place since, as its name was not there at launch.
 */
export async function scanWorkspace(scan: WorkspaceScan): Promise<BytePath[]> {
  const changed: BytePath[] = [];
  const moved: BytePath[] = [];
  const sinceMs = scan.startedAtMs - stepMs;
  const open = [bytePath(scan.root)];
  let sinceYield = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const entries = listFolder(folder);
    // A virtual environment is told by its file.
    if (entries.some(({ name }) => name === 'pyvenv.cfg')) continue;
    for (const entry of entries) {
      const path = joinBytes(folder, entry.name);
      if (entry.isDirectory()) {
        if (!bookkeeping.has(entry.name) && !scan.ignored(path)) open.push(path);
      } else if (entry.isFile()) {
        const stat = lstatSync(pathOnDisk(path), { throwIfNoEntry: false });
        // Most have not changed: of the others alone it is asked whether they count.
        if (stat === undefined || stat.ctimeMs < sinceMs || scan.ignored(path)) continue;
        if (stat.mtimeMs >= sinceMs) changed.push(path);
        else moved.push(path);
      }
    }
    sinceYield += entries.length;
    if (sinceYield > 1000) {
      sinceYield = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  if (moved.length === 0) return changed;
  const known = await scan.atLaunch();
  // Where nobody knows what was there, a new mode or link would look like a new file.
  const arrived = moved.filter((path) => known?.has(path) === false);
  return [...changed, ...arrived];
}

function listFolder(folder: BytePath) {
  try {
    return readdirSync(pathOnDisk(folder), { withFileTypes: true, encoding: 'latin1' });
  } catch {
    return [];
  }
}

/** A name of ASCII alone is the same as text, and needs no bytes of its own. */
function pathOnDisk(path: BytePath): string | Buffer {
  return /[\x80-\xff]/.test(path) ? pathBuffer(path) : path;
}

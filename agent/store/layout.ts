import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, RunRecordError, systemCode } from '../protocol/errors.ts';
import { files } from '../protocol/names.ts';
import { syncFolder, writeDurably } from './durable.ts';
import { isFolder } from './workspace-root.ts';

/** Absolute paths of everything that lies in a workspace. */
export interface Layout {
  root: string;
  home: string;
  settings: string;
  runs: string;
  objects: string;
  judgements: string;
  cache: string;
  decisions: string;
  /** The index, where the folder is local; else it lies in the user's cache folder. */
  index: string;
  promoted: string;
  workspaceId: string;
  runFolder(id: string): string;
  journal(id: string): string;
}

export function workspaceLayout(root: string): Layout {
  const home = join(root, files.home);
  const runs = join(home, files.runs);
  return {
    root,
    home,
    settings: join(root, files.settings),
    runs,
    objects: join(home, files.objects),
    judgements: join(home, files.judgements),
    cache: join(home, files.cache),
    decisions: join(home, files.decisions),
    index: join(home, files.index),
    promoted: join(root, files.promoted),
    workspaceId: join(home, 'workspace-id'),
    runFolder: (id) => join(runs, id),
    journal: (id) => join(runs, id, files.journal),
  };
}

/**
 * Makes `.runrecord/` with all its folders, ignored by git through a `.gitignore` of its own, and
 * answers the workspace's id, drawn at the first call.
 *
 * @throws RunRecordError `home-not-writable` where the folder cannot be made
 */
export function ensureHome(layout: Layout): string {
  try {
    const isNew = makeFolder(layout.home);
    for (const folder of [layout.runs, layout.objects, layout.judgements, layout.cache]) {
      mkdirSync(folder, { recursive: true });
    }
    const ignore = join(layout.home, '.gitignore');
    if (lstatSync(ignore, { throwIfNoEntry: false }) === undefined) {
      writeDurably(ignore, Buffer.from('*\n'), { exclusive: true });
    }
    if (isNew) syncFolder(layout.root);
    return readWorkspaceId(layout) ?? drawWorkspaceId(layout);
  } catch (thrown) {
    throw homeError(layout, thrown);
  }
}

/** Whether it was made now. Not `recursive`, which tells of a read-only disk as ENOENT. */
function makeFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (thrown) {
    if (systemCode(thrown) === 'EEXIST' && isFolder(path)) return false;
    throw thrown;
  }
}

/** Null where the workspace has none yet. */
export function readWorkspaceId(layout: Layout): string | null {
  try {
    const id = readFileSync(layout.workspaceId, 'utf8').trim();
    return /^[0-9a-zA-Z-]{8,64}$/.test(id) ? id : null;
  } catch {
    return null;
  }
}

function drawWorkspaceId(layout: Layout): string {
  const drawn = randomUUID();
  // Of two first launches at once, the one that comes second takes the other's.
  const isOurs = writeDurably(layout.workspaceId, Buffer.from(`${drawn}\n`), { exclusive: true });
  if (isOurs) return drawn;
  const standing = readWorkspaceId(layout);
  if (standing !== null) return standing;
  writeDurably(layout.workspaceId, Buffer.from(`${drawn}\n`));
  return drawn;
}

function homeError(layout: Layout, thrown: unknown): RunRecordError {
  const reasons: Record<string, string> = {
    ENOSPC: 'Free some space on that disk.',
    EDQUOT: 'Free some of your quota on that disk.',
    EROFS: 'Record from a folder that can be written to.',
    EACCES: 'Make the folder writable for you.',
    EPERM: 'Make the folder writable for you.',
    ENOTDIR: `Move the file away that stands where ${layout.home} should be a folder.`,
    EEXIST: `Move the file away that stands where ${layout.home} should be a folder.`,
  };
  const action = reasons[systemCode(thrown) ?? ''] ?? 'Check the folder and its disk.';
  const message = `The folder ${layout.home} cannot be set up: ${messageOf(thrown)}.`;
  return new RunRecordError('home-not-writable', message, action, 125);
}

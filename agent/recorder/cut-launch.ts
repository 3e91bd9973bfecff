import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../protocol/errors.ts';
import { files } from '../protocol/names.ts';
import type { Layout } from '../store/layout.ts';
import { statPath } from '../store/stat-path.ts';

const newline = 0x0a;

/**
 * Whether a run's folder is what a kill left before the launch line was written: nothing has run,
 * and it is no record. What holds a whole line, or anything that comes after it, is one, however
 * damaged.
 */
export function isCutLaunch(layout: Layout, id: string): boolean {
  const folder = layout.runFolder(id);
  const later = [files.process, files.exit, files.record, files.log, files.events];
  if (later.some((name) => existsSync(join(folder, name)))) return false;
  // A pipe in the place of the journal would be waited for.
  if (statPath(layout.journal(id))?.isFile() === false) return false;
  try {
    return !readFileSync(layout.journal(id)).includes(newline);
  } catch (error) {
    return systemCode(error) === 'ENOENT';
  }
}

import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Everything below a folder with size and time, one line each: equal lists, nothing touched. */
export function listTree(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const { size, mtimeMs, mode } = lstatSync(join(folder, path));
      return `${path} ${mode.toString(8)} ${size} ${mtimeMs}`;
    })
    .join('\n');
}

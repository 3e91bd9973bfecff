import { readdirSync } from 'node:fs';
import { type BytePath, joinBytes, pathBuffer } from '../../../capture/byte-path.ts';

/** A moved folder with more files than this is taken up by the scan at the end. */
const mostFiles = 50_000;

/** The regular files in a folder and those below it. */
export function filesBelow(path: BytePath): BytePath[] {
  const found: BytePath[] = [];
  const open = [path];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    try {
      const options = { withFileTypes: true, encoding: 'buffer' } as const;
      for (const entry of readdirSync(pathBuffer(folder), options)) {
        const inside = joinBytes(folder, entry.name.toString('latin1'));
        if (entry.isDirectory()) open.push(inside);
        else if (entry.isFile()) found.push(inside);
      }
    } catch {
      // Gone by now, with what was in it.
    }
    if (found.length > mostFiles) return found;
  }
  return found;
}

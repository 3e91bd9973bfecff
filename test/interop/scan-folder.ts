import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { type BytePath, pathBuffer } from '../../agent/capture/byte-path.ts';

export interface ScannedFile {
  digest: string;
  /** The id that git gives the content as a blob. */
  blob: string;
  sizeBytes: number;
  mtimeNs: bigint;
  ctimeNs: bigint;
}

export type Scan = Map<string, ScannedFile>;

const passedOver = new Set(['.git', '.runrecord', '__pycache__']);

/** Every regular file below the folders, by absolute path as bytes, with its content's digest. */
export function scanFolders(folders: readonly string[]): Scan {
  const scan: Scan = new Map();
  for (const folder of folders) scanInto(scan, Buffer.from(folder).toString('latin1'));
  return scan;
}

function scanInto(scan: Scan, folder: string): void {
  const names = readdirSync(pathBuffer(folder as BytePath), { encoding: 'buffer' });
  for (const bytes of names) {
    const name = bytes.toString('latin1');
    if (passedOver.has(name)) continue;
    const path = `${folder}/${name}`;
    const place = pathBuffer(path as BytePath);
    const stat = lstatSync(place, { bigint: true });
    if (stat.isDirectory()) scanInto(scan, path);
    else if (stat.isFile()) {
      const content = readFileSync(place);
      scan.set(path, {
        digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
        blob: createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex'),
        sizeBytes: content.length,
        mtimeNs: stat.mtimeNs,
        ctimeNs: stat.ctimeNs,
      });
    }
  }
}

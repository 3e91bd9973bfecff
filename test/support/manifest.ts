import type { BytePath } from '../../agent/capture/byte-path.ts';

export interface ManifestFile {
  path: BytePath;
  digest: string;
  sizeBytes: number;
}

/** The files of a manifest's bytes; a line that is none is left out. */
export function parseManifest(bytes: Uint8Array): ManifestFile[] {
  const files: ManifestFile[] = [];
  for (const line of Buffer.from(bytes).toString('latin1').split('\n')) {
    const match = /^(\\?)([0-9a-f]{64}) {2}(\d+) {2}(.+)$/s.exec(line);
    if (!match) continue;
    const [, escaped, hex, size, raw = ''] = match;
    const path = escaped
      ? raw.replace(/\\([\\nr])/g, (_, sign) => (sign === 'n' ? '\n' : sign === 'r' ? '\r' : '\\'))
      : raw;
    files.push({ path: path as BytePath, digest: `sha256:${hex}`, sizeBytes: Number(size) });
  }
  return files;
}

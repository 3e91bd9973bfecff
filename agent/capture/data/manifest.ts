import { createHash, type Hash } from 'node:crypto';
import { type BytePath, pathBuffer } from '../byte-path.ts';

/** The manifest is built in pieces of so many bytes: a million lines are some 150 MB. */
const pieceBytes = 1024 * 1024;

/**
 * One line a file, `<sha256 hex>  <size>  <path>`: the path relative to the folder, escaped as
 * `sha256sum` does (a backslash before the line, then `\\`, `\n` and `\r`).
 */
export function manifestLine(path: BytePath, digest: string, sizeBytes: number): string {
  const hex = digest.replace(/^sha256:/, '');
  if (!/[\\\n\r]/.test(path)) return `${hex}  ${sizeBytes}  ${path}\n`;
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `\\${hex}  ${sizeBytes}  ${escaped}\n`;
}

/** A manifest in the making: lines go in sorted by the bytes of their path. */
export class ManifestWriter {
  private readonly hash: Hash = createHash('sha256');
  private readonly pieces: Buffer[] = [];
  private text = '';

  add(path: BytePath, digest: string, sizeBytes: number): void {
    this.text += manifestLine(path, digest, sizeBytes);
    if (this.text.length >= pieceBytes) this.flush();
  }

  /** The bytes of the whole, and their digest as `sha256:<hex>`. */
  finish(): { bytes: Buffer; digest: string } {
    this.flush();
    return { bytes: Buffer.concat(this.pieces), digest: `sha256:${this.hash.digest('hex')}` };
  }

  private flush(): void {
    const piece = pathBuffer(this.text as BytePath);
    this.hash.update(piece);
    this.pieces.push(piece);
    this.text = '';
  }
}

export interface ManifestEntry {
  /** The hex of the digest; in a list of stats the stat. */
  mark: string;
  sizeBytes: number;
  path: BytePath;
}

/** The lines of a manifest, in its order; what is no line of one is left out. */
export function* readManifest(bytes: Buffer): Generator<ManifestEntry> {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.toString('latin1', start, end);
    start = end + 1;
    const match = /^(\\?)([0-9a-f:-]+) {2}(\d+) {2}(.+)$/s.exec(line);
    if (!match) continue;
    const [, escaped, mark = '', size, raw = ''] = match;
    const path =
      escaped === '' ? raw : raw.replaceAll(/\\([\\nr])/g, (_, sign) => unescapes[sign] ?? sign);
    yield { mark, sizeBytes: Number(size), path: path as BytePath };
  }
}

const unescapes: Record<string, string> = { n: '\n', r: '\r' };

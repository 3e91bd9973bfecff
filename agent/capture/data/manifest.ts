import { createHash, type Hash } from 'node:crypto';
import { type BytePath, pathBuffer } from '../byte-path.ts';

/** The manifest is built in pieces of so many bytes: a million lines are some 150 MB. */
const pieceBytes = 1024 * 1024;

/**
 * One line a file, `<sha256 hex>  <size>  <path>`: the path relative to the folder, escaped as
 * `sha256sum` does (a backslash before the line, then `\\`, `\n` and `\r`).
 */
export function manifestLine(path: BytePath, digest: string, sizeBytes: number): string {
  const hex = digest.slice('sha256:'.length);
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

import { createHash } from 'node:crypto';

/** `sha256:<hex>` of text (as UTF-8) or of bytes that are in memory. */
export function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

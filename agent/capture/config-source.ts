import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { limits } from '../core/config/limits.ts';
import type { Diagnostic, ParsedConfig } from '../core/config/node.ts';
import { parseConfig } from '../core/config/parse-config.ts';
import type { Dialect } from '../protocol/record.ts';
import { decodeText } from './config-decode.ts';
import { realPath, workspacePath } from './workspace-path.ts';

export interface ConfigSource {
  absolute: string;
  /** As the record has it. */
  path: string;
  dialect: Dialect;
  /** Of the bytes on disk; null where they could not be read. */
  digest: string | null;
  /** Null where the file is too large to be kept, or unreadable. */
  bytes: Uint8Array | null;
  text: string | null;
  parsed: ParsedConfig;
}

/** Above this many bytes a file is digested but neither parsed nor kept. */
const maxBytes = limits.jsonCharacters;

/**
 * Reads a configuration file once: its digest, its text and its values are of the same bytes.
 * Never throws for what the file is or holds; that is told in `parsed.diagnostics`. `root`: links
 * resolved.
 */
export async function readConfigSource(
  absolute: string,
  root: string,
  dialect: Dialect,
): Promise<ConfigSource> {
  const path = workspacePath(root, realPath(absolute));
  const base = { absolute, path, dialect };
  const refuse = (message: string, reason: Diagnostic['reason'] = 'syntax'): ParsedConfig => ({
    root: null,
    diagnostics: [{ key: null, reason, message, path, line: null }],
  });
  let read: { digest: string; bytes: Uint8Array | null; sizeBytes: number };
  try {
    read = readOnce(absolute);
  } catch (thrown) {
    const message = `cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    const parsed = refuse(message, 'missing-file');
    return { ...base, digest: null, bytes: null, text: null, parsed };
  }
  const { digest, bytes, sizeBytes } = read;
  if (bytes === null) {
    const parsed = refuse(`${sizeBytes} bytes are over the limit of ${maxBytes} for a config`);
    return { ...base, digest, bytes, text: null, parsed };
  }
  const { text, problem } = decodeText(bytes);
  if (text === null) return { ...base, digest, bytes, text, parsed: refuse(problem) };
  return { ...base, digest, bytes, text, parsed: await parseConfig(text, dialect, path) };
}

function readOnce(path: string) {
  // A pipe with no writer would keep an ordinary open waiting for ever.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error('not a file');
    const hash = createHash('sha256');
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(Math.min(1 << 20, Math.max(4096, stat.size + 1)));
      const count = readSync(file, chunk, 0, chunk.length, null);
      if (count === 0) break;
      const part = chunk.subarray(0, count);
      hash.update(part);
      sizeBytes += count;
      if (sizeBytes <= maxBytes) chunks.push(part);
    }
    const digest = `sha256:${hash.digest('hex')}`;
    return { digest, sizeBytes, bytes: sizeBytes <= maxBytes ? Buffer.concat(chunks) : null };
  } finally {
    closeSync(file);
  }
}

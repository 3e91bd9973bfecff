import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import type { KeepObject } from '../../core/seams.ts';
import type { CodeFile } from '../../protocol/record.ts';
import { bytePath, placeInRecord } from '../byte-path.ts';
import type { Uncovered } from './uncovered-files.ts';

export interface KeepFileOptions {
  workspaceRoot: string;
  /** Bytes: a larger file is kept by its digest alone. */
  limit: number;
  keepObject: KeepObject;
  digestFile: (path: Buffer | string) => Promise<string>;
  /** The bytes without secrets; the same array where there are none. */
  redactBytes?: ((bytes: Uint8Array, where: string) => Uint8Array) | undefined;
  sha256: (bytes: Uint8Array) => string;
}

/**
 * Keeps one file of code that no snapshot holds, as an object. Where secrets were taken out of it
 * the object is another than the file's digest says. Throws where it cannot be read.
 */
export async function keepFile(
  file: string,
  reason: Uncovered,
  options: KeepFileOptions,
): Promise<CodeFile> {
  const place = placeInRecord(bytePath(file), options.workspaceRoot);
  const why = reason === null ? {} : { reason };
  const { size } = lstatSync(realpathSync(file));
  if (size > options.limit) {
    const digest = await options.digestFile(file);
    return { ...place, digest, sizeBytes: size, ...why, object: null };
  }
  const bytes = readFileSync(file);
  const kept = options.redactBytes?.(bytes, `code.files.${place.path}`) ?? bytes;
  const object = options.keepObject(kept);
  const common = { ...place, sizeBytes: bytes.length, ...why };
  // What was left out for a secret in it has no digest anywhere.
  if (kept === bytes || reason === 'left-out') return { ...common, digest: object };
  return { ...common, digest: options.sha256(bytes), object };
}

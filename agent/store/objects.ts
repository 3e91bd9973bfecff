import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf, systemCode } from '../protocol/errors.ts';
import type { Problem } from '../protocol/verbs.ts';
import { sha256 } from './digest.ts';
import { syncFolder, writeDurably } from './durable.ts';
import type { Layout } from './layout.ts';

const digestPattern = /^sha256:([0-9a-f]{2})([0-9a-f]{62})$/;

/** Where an object lies: `objects/ab/cdef...`; null for what is not a digest. */
export function objectPath(layout: Layout, digest: string): string | null {
  const [, head, tail] = digestPattern.exec(digest) ?? [];
  return head === undefined || tail === undefined ? null : join(layout.objects, head, tail);
}

/**
 * Keeps bytes under their digest, read-only, synced; the same bytes are kept once. An object that
 * was damaged on the disk is put right.
 */
export function keepObject(layout: Layout, bytes: Uint8Array): string {
  const digest = sha256(bytes);
  const path = objectPath(layout, digest) as string;
  if (holds(path, bytes)) return digest;
  const folder = dirname(path);
  if (mkdirSync(folder, { recursive: true }) !== undefined) syncFolder(dirname(folder));
  writeDurably(path, bytes, { mode: 0o444 });
  return digest;
}

function holds(path: string, bytes: Uint8Array): boolean {
  try {
    return statSync(path).size === bytes.length && readFileSync(path).equals(bytes);
  } catch {
    return false;
  }
}

/** The object's bytes, whatever they are by now; null where there is none. */
export function readObject(layout: Layout, digest: string): Buffer | null {
  const path = objectPath(layout, digest);
  if (path === null) return null;
  try {
    return statSync(path).isFile() ? readFileSync(path) : null;
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemCode(thrown) ?? '')) return null;
    throw thrown;
  }
}

/** Null where the object is there and is what its name says. */
export function checkObject(layout: Layout, digest: string): Problem | null {
  const hex = digest.replace(/^sha256:/, '');
  const subject = `objects/${hex.slice(0, 2)}/${hex.slice(2)}`;
  try {
    const bytes = readObject(layout, digest);
    if (bytes === null) return { subject, what: 'missing', expected: digest, found: null };
    const found = sha256(bytes);
    return found === digest ? null : { subject, what: 'changed', expected: digest, found };
  } catch (thrown) {
    return { subject, what: 'unreadable', expected: digest, found: messageOf(thrown) };
  }
}

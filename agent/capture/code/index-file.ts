import { createHash } from 'node:crypto';
import type { BytePath } from '../byte-path.ts';

/** The format of a git index that is read here: versions 2 to 4, without a split (`link`). */

export interface IndexEntry {
  path: BytePath;
  /** 0o100644, 0o100755, 0o120000 (link), 0o160000 (submodule), 0o040000 (folder of a sparse index). */
  mode: number;
  /** Object id, hexadecimal. */
  id: string;
  /** Size on disk when the entry was made, modulo 2^32. */
  size: number;
  /** 0, or 1 to 3 of a conflict. */
  stage: number;
  assumeUnchanged: boolean;
  skipWorktree: boolean;
  /** Where the entry begins in the file. */
  offset: number;
}

/** What is not an index, or one of a version that is unknown here. */
export class IndexUnreadable extends Error {}

const modeAt = 24;
const sizeAt = 36;
const idAt = 40;
const assumeUnchangedBit = 0x8000;
const extendedBit = 0x4000;
const skipWorktreeBit = 0x4000;

/** The checksum at the end of the file, hexadecimal; all zero where `index.skipHash` is set. */
export function checksumOf(index: Buffer, hashBytes: number): string {
  return index.toString('hex', index.length - hashBytes);
}

/** Every entry of an index whose ids have `hashBytes`. Throws `IndexUnreadable`. */
export function readIndexEntries(index: Buffer, hashBytes: number): IndexEntry[] {
  if (index.length < 12 + hashBytes || index.toString('latin1', 0, 4) !== 'DIRC') {
    throw new IndexUnreadable('it is not an index');
  }
  const version = index.readUInt32BE(4);
  if (version < 2 || version > 4) throw new IndexUnreadable(`its version is ${version}`);
  checkSum(index, hashBytes);
  const count = index.readUInt32BE(8);
  const entries: IndexEntry[] = [];
  let offset = 12;
  let previous = '';
  try {
    for (let n = 0; n < count; n += 1) {
      const flagsAt = offset + idAt + hashBytes;
      const flags = index.readUInt16BE(flagsAt);
      const extended = (flags & extendedBit) === 0 ? 0 : index.readUInt16BE(flagsAt + 2);
      const nameAt = flagsAt + ((flags & extendedBit) === 0 ? 2 : 4);
      const name = version === 4 ? readShared(index, nameAt, previous) : readName(index, nameAt);
      entries.push({
        path: name.path as BytePath,
        mode: index.readUInt32BE(offset + modeAt),
        id: index.toString('hex', offset + idAt, offset + idAt + hashBytes),
        size: index.readUInt32BE(offset + sizeAt),
        stage: (flags >> 12) & 3,
        assumeUnchanged: (flags & assumeUnchangedBit) !== 0,
        skipWorktree: (extended & skipWorktreeBit) !== 0,
        offset,
      });
      // Up to version 3 an entry is padded with 1 to 8 NULs to a multiple of 8.
      const length = name.end - offset;
      offset = version === 4 ? name.end + 1 : offset + ((length + 8) & ~7);
      previous = name.path;
    }
  } catch (error) {
    if (error instanceof RangeError) throw new IndexUnreadable('it ends in the middle of an entry');
    throw error;
  }
  return entries;
}

function checkSum(index: Buffer, hashBytes: number): void {
  const expected = checksumOf(index, hashBytes);
  if (/^0+$/.test(expected)) return;
  if (hashOf(index.subarray(0, -hashBytes), hashBytes).toString('hex') !== expected) {
    throw new IndexUnreadable('its checksum is wrong');
  }
}

function hashOf(bytes: Buffer, hashBytes: number): Buffer {
  return createHash(hashBytes === 32 ? 'sha256' : 'sha1')
    .update(bytes)
    .digest();
}

function readName(index: Buffer, start: number): { path: string; end: number } {
  const end = index.indexOf(0, start);
  if (end < 0) throw new RangeError();
  return { path: index.toString('latin1', start, end), end };
}

/** Version 4: how many bytes of the name before to drop, as a varint, and what follows them. */
function readShared(index: Buffer, start: number, previous: string): { path: string; end: number } {
  let at = start;
  let byte = index.readUInt8(at++);
  let drop = byte & 127;
  while ((byte & 128) !== 0) {
    byte = index.readUInt8(at++);
    drop = ((drop + 1) << 7) | (byte & 127);
  }
  const suffix = readName(index, at);
  return { path: previous.slice(0, previous.length - drop) + suffix.path, end: suffix.end };
}

/** What to change in entries of an index, in place. */
export interface Patch {
  /** Takes the promise away that the file is not to be looked at. */
  clearFlags?: boolean;
  /** Forgets the file's stat, so that git reads it again. */
  forgetStat?: boolean;
}

/** Changes entries in place and renews the checksum. */
export function patchIndex(
  index: Buffer,
  hashBytes: number,
  patches: Map<IndexEntry, Patch>,
): void {
  if (patches.size === 0) return;
  for (const [entry, patch] of patches) {
    const flagsAt = entry.offset + idAt + hashBytes;
    if (patch.clearFlags === true) {
      const flags = index.readUInt16BE(flagsAt);
      index.writeUInt16BE(flags & ~assumeUnchangedBit, flagsAt);
      if (entry.skipWorktree) {
        index.writeUInt16BE(index.readUInt16BE(flagsAt + 2) & ~skipWorktreeBit, flagsAt + 2);
      }
    }
    // Change and modification times, device and inode.
    if (patch.forgetStat === true) index.fill(0, entry.offset, entry.offset + modeAt);
  }
  hashOf(index.subarray(0, -hashBytes), hashBytes).copy(index, index.length - hashBytes);
}

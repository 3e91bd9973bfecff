import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The directory of a zip lies at its end; one of more than this is no library of modules. */
const directoryLimitBytes = 32 * 1024 * 1024;
const memberLimitBytes = 1024 * 1024;
const endBytes = 22 + 65_535;

interface Member {
  name: string;
  offset: number;
  packedBytes: number;
  isDeflated: boolean;
}

/**
 * The metadata of packages that are imported from a zip on Python's path (zipimport, zipped eggs):
 * text by the member's name. Empty where the file is no zip; throws where it cannot be read.
 */
export function readZipMetadata(path: string): Map<string, string> {
  const texts = new Map<string, string>();
  const descriptor = openSync(path, 'r');
  try {
    for (const member of listMembers(descriptor)) {
      if (!/^(?:[^/]+\.(?:dist|egg)-info|EGG-INFO)\/[^/]+$/.test(member.name)) continue;
      if (!/\/(?:METADATA|PKG-INFO|INSTALLER|direct_url\.json)$/.test(member.name)) continue;
      if (member.packedBytes <= memberLimitBytes) {
        texts.set(member.name, readMember(descriptor, member));
      }
    }
  } finally {
    closeSync(descriptor);
  }
  return texts;
}

function readAt(descriptor: number, offset: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(descriptor, buffer, 0, length, offset));
}

function listMembers(descriptor: number): Member[] {
  const { size } = fstatSync(descriptor);
  const start = Math.max(0, size - endBytes);
  const tail = readAt(descriptor, start, size - start);
  const end = tail.lastIndexOf('PK\x05\x06');
  if (end < 0 || end + 22 > tail.length) return [];
  const directoryBytes = tail.readUInt32LE(end + 12);
  if (directoryBytes > directoryLimitBytes) return [];
  // Something may stand before a zip: the directory lies just before its end all the same.
  const directoryAt = start + end - directoryBytes;
  const shift = directoryAt - tail.readUInt32LE(end + 16);
  const directory = readAt(descriptor, directoryAt, directoryBytes);
  const members: Member[] = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50; ) {
    const nameBytes = directory.readUInt16LE(at + 28);
    const extraBytes = directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    members.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      offset: directory.readUInt32LE(at + 42) + shift,
      packedBytes: directory.readUInt32LE(at + 20),
      isDeflated: directory.readUInt16LE(at + 10) === 8,
    });
    at += 46 + nameBytes + extraBytes;
  }
  return members;
}

function readMember(descriptor: number, member: Member): string {
  const head = readAt(descriptor, member.offset, 30);
  if (head.length < 30) return '';
  const dataAt = member.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  const packed = readAt(descriptor, dataAt, member.packedBytes);
  const bytes = member.isDeflated
    ? process
        .getBuiltinModule('node:zlib')
        .inflateRawSync(packed, { maxOutputLength: memberLimitBytes })
    : packed;
  return bytes.toString('utf8');
}

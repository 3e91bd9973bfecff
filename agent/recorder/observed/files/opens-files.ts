import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';

/** What a shared object takes from the C and C++ libraries to open a file. */
const opening =
  /^(?:__)?(?:open|open64|openat|openat64|open_2|open64_2|creat|creat64|fopen|fopen64|freopen|freopen64)$|^_ZNSt(?:7__cxx11)?\d+basic_(?:filebuf|[io]?fstream)I|^_ZNSt10filesystem/;
/** Libraries that open nothing for those who use them, or nothing that a run is about. */
const silent =
  /^(?:ld-linux|lib(?:c|m|dl|rt|pthread|util|gcc_s|stdc\+\+|atomic|z|crypt|ssl|crypto|python[\d.]*t?|gomp|iomp5|omp|gfortran|quadmath|(?:scipy_)?openblas\w*|blas|cblas|lapack|mkl_\w+|tbb\w*|cuda\w*|cu(?:blas|dnn|fft|sparse|rand|solver|pti|file)\w*|nv\w+|nccl|c10\w*|torch\w*|caffe2\w*|boost_(?:system|python|numpy|thread)\w*))(?:[-.]|$)/;
const largestTableBytes = 16 * 1024 * 1024;

interface Section {
  type: number;
  offset: number;
  size: number;
  link: number;
}

/**
 * Whether a compiled module could open files past Python: by what it takes from the C library, and by
 * other libraries that it needs. True where that cannot be told (another format than 64-bit ELF). No
 * proof that it does.
 */
export function opensFiles(path: string): boolean {
  if (silent.test(basename(path))) return false;
  let descriptor: number;
  try {
    // The name comes from a program: a pipe would have no end.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return true;
  }
  try {
    const { symbols, needed } = readDynamic(descriptor);
    return symbols.some((name) => opening.test(name)) || needed.some((name) => !silent.test(name));
  } catch {
    return true;
  } finally {
    closeSync(descriptor);
  }
}

const sectionTypes = { dynamic: 6, dynamicSymbols: 11 };
const neededTag = 1n;

/** Names that are taken from elsewhere, and the libraries that are loaded with this one. */
function readDynamic(descriptor: number): { symbols: string[]; needed: string[] } {
  const head = readAt(descriptor, 0, 64);
  const isElf64 = head.readUInt32BE(0) === 0x7f454c46 && head[4] === 2 && head[5] === 1;
  if (!isElf64) throw new Error('no 64-bit ELF');
  const sections = readSections(descriptor, head);
  // Of a symbol: its name, and the section that defines it, which is none here.
  const symbols = readNames(descriptor, sections, sectionTypes.dynamicSymbols, 24, (entry) =>
    entry.readUInt16LE(6) === 0 ? entry.readUInt32LE(0) : null,
  );
  const needed = readNames(descriptor, sections, sectionTypes.dynamic, 16, (entry) =>
    entry.readBigUInt64LE(0) === neededTag ? entry.readUInt32LE(8) : null,
  );
  if (symbols.length === 0) throw new Error('no symbols');
  return { symbols, needed };
}

/** The names of those entries of a section for which `nameOf` has a place among its strings. */
function readNames(
  descriptor: number,
  sections: Section[],
  type: number,
  entryBytes: number,
  nameOf: (entry: Buffer) => number | null,
): string[] {
  const section = sections.find((one) => one.type === type);
  if (section === undefined) return [];
  const strings = sections[section.link];
  if (strings === undefined) throw new Error('no names');
  const names = readAt(descriptor, strings.offset, strings.size);
  const table = readAt(descriptor, section.offset, section.size);
  const found: string[] = [];
  for (let at = 0; at + entryBytes <= table.length; at += entryBytes) {
    const name = nameOf(table.subarray(at, at + entryBytes));
    if (name !== null) found.push(names.toString('latin1', name, names.indexOf(0, name)));
  }
  return found;
}

function readSections(descriptor: number, head: Buffer): Section[] {
  const [offset, size, count] = [
    Number(head.readBigUInt64LE(40)),
    head.readUInt16LE(58),
    head.readUInt16LE(60),
  ];
  const table = readAt(descriptor, offset, size * count);
  return Array.from({ length: count }, (_, index) => {
    const at = index * size;
    return {
      type: table.readUInt32LE(at + 4),
      offset: Number(table.readBigUInt64LE(at + 24)),
      size: Number(table.readBigUInt64LE(at + 32)),
      link: table.readUInt32LE(at + 40),
    };
  });
}

function readAt(descriptor: number, offset: number, size: number): Buffer {
  const stat = fstatSync(descriptor);
  if (!stat.isFile() || size > largestTableBytes || offset + size > stat.size) {
    throw new Error('not as long as it says');
  }
  const bytes = Buffer.alloc(size);
  readSync(descriptor, bytes, 0, size, offset);
  return bytes;
}

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { opensFiles } from '../../agent/recorder/observed/files/opens-files.ts';

/** A 64-bit ELF file with nothing but what it takes from elsewhere. */
function elf({ symbols = [], needed = [] }: { symbols?: string[]; needed?: string[] }): Buffer {
  const names = Buffer.from(`\0${[...symbols, ...needed].join('\0')}\0`);
  const nameOf = (name: string) => names.indexOf(`\0${name}\0`) + 1;
  const symbolTable = Buffer.alloc(24 * (symbols.length + 1));
  symbols.forEach((name, at) => {
    symbolTable.writeUInt32LE(nameOf(name), 24 * (at + 1));
  });
  const dynamic = Buffer.alloc(16 * (needed.length + 1));
  needed.forEach((name, at) => {
    dynamic.writeBigUInt64LE(1n, 16 * at);
    dynamic.writeBigUInt64LE(BigInt(nameOf(name)), 16 * at + 8);
  });
  const parts = [symbolTable, names, dynamic];
  const sections = [
    { type: 11, link: 1, entry: 24 },
    { type: 3, link: 0, entry: 0 },
    { type: 6, link: 1, entry: 16 },
  ];
  const headers = Buffer.alloc(64 * 3);
  let offset = 64;
  sections.forEach(({ type, link, entry }, at) => {
    const size = parts[at]?.length ?? 0;
    headers.writeUInt32LE(type, 64 * at + 4);
    headers.writeBigUInt64LE(BigInt(offset), 64 * at + 24);
    headers.writeBigUInt64LE(BigInt(size), 64 * at + 32);
    headers.writeUInt32LE(link, 64 * at + 40);
    headers.writeBigUInt64LE(BigInt(entry), 64 * at + 56);
    offset += size;
  });
  const head = Buffer.alloc(64);
  head.write('\x7fELF\x02\x01\x01', 'latin1');
  head.writeBigUInt64LE(BigInt(offset), 40);
  head.writeUInt16LE(64, 58);
  head.writeUInt16LE(3, 60);
  return Buffer.concat([head, ...parts, headers]);
}

describe('a compiled module', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'run-record-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function opens(bytes: Buffer): boolean {
    const path = join(folder, 'module.so');
    writeFileSync(path, bytes);
    return opensFiles(path);
  }

  it('cannot open a file where it takes nothing from the C library that does', () => {
    assert.equal(opens(elf({ symbols: ['malloc', 'PyArg_ParseTuple', 'opendir_r'] })), false);
    assert.equal(opens(elf({ symbols: ['PyFile_FromFd'], needed: ['libc.so.6'] })), false);
    const libraries = ['libstdc++.so.6', 'libscipy_openblas-c128ec02.so', 'libtorch_cpu.so'];
    assert.equal(opens(elf({ symbols: ['sqrt'], needed: libraries })), false);
  });

  it('can by each of the ways that C and C++ have', () => {
    for (const name of [
      ...['open', 'open64', 'openat', 'fopen', 'fopen64', '__open_2', 'creat'],
      '_ZNSt14basic_ifstreamIcSt11char_traitsIcEEC1EPKcSt13_Ios_Openmode',
      '_ZNSt13basic_filebufIcSt11char_traitsIcEE4openEPKcSt13_Ios_Openmode',
    ]) {
      assert.equal(opens(elf({ symbols: ['malloc', name] })), true, name);
    }
  });

  it('can where it needs a library of its own', () => {
    assert.equal(opens(elf({ symbols: ['sqrt'], needed: ['libgdal-9a1b.so.36'] })), true);
  });

  it('is one of the usual libraries, wherever it lies', () => {
    assert.equal(
      opensFiles('/env/site-packages/scikit_learn.libs/libgomp-a34b3233.so.1.0.0'),
      false,
    );
  });

  it('may, where its file does not tell', () => {
    const whole = elf({ symbols: ['malloc'] });
    assert.equal(opens(Buffer.from('MZ not of this system')), true);
    assert.equal(opens(whole.subarray(0, whole.length - 70)), true);
    const lying = Buffer.from(whole);
    lying.writeBigUInt64LE(2n ** 60n, 40);
    assert.equal(opens(lying), true);
    assert.equal(opensFiles(join(folder, 'gone.so')), true);
    const pipe = join(folder, 'pipe.so');
    execFileSync('mkfifo', [pipe]);
    assert.equal(opensFiles(pipe), true);
  });
});

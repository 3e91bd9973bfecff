import { readFileSync, readlinkSync } from 'node:fs';
import { inheritanceVariable, inheritedLimits } from './keeper-inheritance.ts';
import type { KeeperSpec } from './keeper-types.ts';

/**
 * What is sent to the keeper: `KEY=VALUE` records, each ended by NUL, and one more NUL. Argv and
 * environment are bytes that JSON could not hold.
 */
export function encodeMessage(records: [key: string, value: string | Buffer][]): Buffer {
  const parts: Buffer[] = [];
  let text = '';
  for (const [key, value] of records) {
    if (typeof value === 'string') text += `${key}=${value}\0`;
    else {
      parts.push(Buffer.from(`${text}${key}=`), value);
      text = '\0';
    }
  }
  return Buffer.concat([...parts, Buffer.from(`${text}\0`)]);
}

/** The spec as records. A secret with a NUL in it cannot be in an environment and is left out. */
export function specRecords(spec: KeeperSpec): [string, string | Buffer][] {
  const arguments_ = originals('/proc/self/cmdline');
  const variables = originals('/proc/self/environ');
  const { ignored, openFiles } = inheritedLimits(process.env);
  const records: [string, string | Buffer][] = [
    ['do', 'spec'],
    ['cwd', originalFolder(spec.cwd)],
    ['folder', spec.folder],
  ];
  for (const word of spec.argv) records.push(['argv', original(word, arguments_)]);
  for (const [name, value] of Object.entries(spec.environment)) {
    if (value !== undefined && name !== inheritanceVariable)
      records.push(['env', original(`${name}=${value}`, variables)]);
  }
  if (spec.log !== null) {
    records.push(['log', spec.log.path], ['limit', String(spec.log.limitBytes)]);
  }
  for (const secret of spec.secrets) {
    const { rule, value } =
      typeof secret === 'string' ? { rule: 'environment', value: secret } : secret;
    if (!value.includes('\0')) records.push(['secret', `${rule}=${value}`]);
  }
  for (const { rule, literal, pattern } of spec.rules) {
    records.push(['rule', rule], ['literal', literal ?? ''], ['pattern', pattern]);
  }
  for (const word of spec.finish ?? []) records.push(['finish', word]);
  for (const name of ignored) records.push(['ignored', name]);
  if (openFiles !== null) records.push(['files', String(openFiles)]);
  return records;
}

/** Where Node has put U+FFFD for bytes that are no UTF-8, the kernel still has the bytes. */
function original(text: string, pool: () => Map<string, Buffer>): string | Buffer {
  return text.includes('\uFFFD') ? (pool().get(text) ?? text) : text;
}

function originals(path: string): () => Map<string, Buffer> {
  let found: Map<string, Buffer> | undefined;
  return () => {
    found ??= new Map(split(path).map((bytes) => [bytes.toString('utf8'), bytes]));
    return found;
  };
}

function split(path: string): Buffer[] {
  try {
    // Latin-1 keeps each byte as one character.
    const text = readFileSync(path, 'latin1');
    return text.split('\0').map((piece) => Buffer.from(piece, 'latin1'));
  } catch {
    return [];
  }
}

function originalFolder(path: string): string | Buffer {
  if (!path.includes('\uFFFD')) return path;
  try {
    const bytes = readlinkSync('/proc/self/cwd', 'buffer');
    return bytes.toString('utf8') === path ? bytes : path;
  } catch {
    return path;
  }
}

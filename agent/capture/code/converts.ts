import type { Conversion } from './conversion-rules.ts';

/** Whether a plain checkout would give back other bytes than these. */
export function converts(bytes: Buffer, conversion: Conversion): boolean {
  if (conversion.ident && hasKeyword(bytes)) return true;
  if (conversion.crlf !== null && becomesCrlf(bytes, conversion.crlf)) return true;
  if (conversion.encoding !== null && isReencoded(bytes, conversion.encoding)) return true;
  return conversion.smudge !== null && !passesThrough(bytes, conversion.smudge);
}

/** `$Id$`, or `$Id: …$` with one word: git puts the id of the blob in, which cannot be in it. */
function hasKeyword(bytes: Buffer): boolean {
  return /\$Id(?:\$|:[^\n$]?[^ \n$]* ?\$)/.test(bytes.toString('latin1'));
}

function becomesCrlf(bytes: Buffer, rule: 'always' | 'guess'): boolean {
  let nakedLf = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (at === 0 || bytes[at - 1] !== 13) {
      nakedLf += 1;
      break;
    }
  }
  if (nakedLf === 0) return false;
  return rule === 'always' || (!bytes.includes(13) && !looksBinary(bytes));
}

/** Git's guess (`convert.c`): a NUL, or more than one control character in 128 others. */
function looksBinary(bytes: Buffer): boolean {
  let control = 0;
  let printable = 0;
  for (const byte of bytes) {
    if (byte === 0) return true;
    if (byte === 10 || byte === 13) continue;
    const isAllowed = byte === 8 || byte === 9 || byte === 12 || byte === 27;
    if (byte === 127 || (byte < 32 && !isAllowed)) control += 1;
    else printable += 1;
  }
  // A final Ctrl-Z is an old end of file.
  if (bytes.at(-1) === 26) control -= 1;
  return printable >> 7 < control;
}

/** The bytes are taken for UTF-8 on the way out; where they are none, git leaves them. */
function isReencoded(bytes: Buffer, encoding: string): boolean {
  if (bytes.length === 0) return false;
  const isAscii = !bytes.some((byte) => byte > 127);
  if (isAscii && !/^(UTF-?(16|32|7)|UCS|EBCDIC|IBM)/.test(encoding)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Smudge filters that leave such bytes alone; any other may do what it likes. */
function passesThrough(bytes: Buffer, smudge: string): boolean {
  if (/^cat\s*$/.test(smudge)) return true;
  const isLfs = /^git[- ]lfs\s/.test(smudge);
  return isLfs && !bytes.subarray(0, 40).toString('latin1').startsWith('version https://');
}

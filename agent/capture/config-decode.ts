export type Decoded = { text: string; problem: null } | { text: null; problem: string };

/** The text of a file: UTF-8, or UTF-16 where a byte order mark says so. The mark stays. */
export function decodeText(bytes: Uint8Array): Decoded {
  const encoding = encodingOf(bytes);
  try {
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
    // In UTF-16 the mark is part of the encoding; in UTF-8 it is an oddity that parsers tell.
    return { text: encoding === 'utf-8' ? text : text.replace(/^\ufeff/, ''), problem: null };
  } catch {
    return { text: null, problem: `not valid ${encoding.toUpperCase()}` };
  }
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

/** Bytes as a text of one character each, so that patterns for ASCII can be used on any file. */
export function binaryText(bytes: Uint8Array): string {
  const chunks: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) {
    chunks.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  }
  return chunks.join('');
}

export function bytesOfBinary(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** A text as the characters of its UTF-8 bytes. */
export function utf8Binary(text: string): string {
  // Each escape of a percent-encoded text is one byte; lone surrogates have none.
  return encodeURIComponent(text.toWellFormed()).replace(/%([0-9A-F]{2})/g, (_match, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

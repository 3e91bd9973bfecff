import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** An editor shows this much of a log, its end. */
const shownBytes = 4_000_000;

/**
 * The end of a log as an editor shows it, and how many bytes were left out before it. Throws what
 * `open` throws.
 */
export function readLogEnd(path: string): { text: string; leftOutBytes: number } {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const start = Math.max(0, size - shownBytes);
    const bytes = Buffer.alloc(size - start);
    const length = readSync(file, bytes, 0, bytes.length, start);
    const whole = bytes.subarray(0, length).toString('utf8');
    // A cut in the middle of a line would show half of it.
    const cut = start === 0 ? 0 : whole.indexOf('\n') + 1;
    const text = whole.slice(cut);
    return { text: readable(text), leftOutBytes: start + Buffer.byteLength(whole.slice(0, cut)) };
  } finally {
    closeSync(file);
  }
}

/** Without colours; of a line that was written over (a progress bar) what stood there last. */
export function readable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.replace(/\r+$/, '').split('\r').at(-1))
    .join('\n');
}

import { readSync } from 'node:fs';

/** A line of a file, without its end of line. */
export interface ScannedLine {
  /** Counted from 1, from where the scan began. */
  number: number;
  /** Null where the line is longer than 64 MB. */
  bytes: Buffer | null;
  /** Offset of its first byte, and of the byte after its newline. */
  start: number;
  end: number;
  /** False for a last line without a newline. */
  isTerminated: boolean;
}

const longestLineBytes = 64 * 1024 * 1024;
const chunkBytes = 1024 * 1024;
const newline = 0x0a;

/** Goes through the lines of an open file from an offset, a chunk in memory at a time. */
export function* scanLines(
  descriptor: number,
  from = 0,
  until = Number.POSITIVE_INFINITY,
): Generator<ScannedLine> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let pieces: Buffer[] = [];
  let length = 0;
  let number = 0;
  let start = from;
  let position = from;
  const take = (end: number, isTerminated: boolean): ScannedLine => {
    const isTooLong = length > longestLineBytes;
    const bytes = isTooLong ? null : trimReturn(Buffer.concat(pieces));
    number += 1;
    const line = { number, bytes, start, end, isTerminated };
    pieces = [];
    length = 0;
    start = end;
    return line;
  };
  const keep = (piece: Buffer) => {
    length += piece.length;
    // Copied, as the chunk is filled again; a line that is too long is only counted.
    if (length <= longestLineBytes) pieces.push(Buffer.from(piece));
    else pieces = [];
  };
  while (position < until) {
    const wanted = Math.min(chunkBytes, until - position);
    const count = readSync(descriptor, chunk, 0, wanted, position);
    if (count === 0) break;
    let begin = 0;
    for (;;) {
      const end = chunk.subarray(0, count).indexOf(newline, begin);
      if (end === -1) break;
      keep(chunk.subarray(begin, end));
      yield take(position + end + 1, true);
      begin = end + 1;
    }
    if (begin < count) keep(chunk.subarray(begin, count));
    position += count;
  }
  if (length > 0) yield take(position, false);
}

/** A journal that went through a tool of another system may have CRLF. */
function trimReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
}

import type { BytePath } from '../byte-path.ts';

/** NUL-terminated, as `git … -z --stdin` reads them. */
export function zeroTerminated(lines: Iterable<string>): Buffer {
  let text = '';
  for (const line of lines) text += `${line}\0`;
  return Buffer.from(text, 'latin1');
}

/** The NUL-terminated parts of what git printed: paths, or lines that hold one. */
export function splitZero(output: Buffer): BytePath[] {
  const parts = output.toString('latin1').split('\0');
  parts.pop();
  return parts as BytePath[];
}

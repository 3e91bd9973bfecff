const start = /^(?:\S* ?)?Traceback \(most recent call last\):\s*$/;
const lastLine =
  /^((?:[A-Za-z_][\w.]*)(?:Error|Exception|Interrupt|Exit|Warning|Iteration)?)(?:: ?(.*))?$/;

/**
 * The last Python traceback in the end of a log, or null. `text` is the log's tail; the message is
 * the exception's own line (`ValueError: no such mode`).
 */
export function findTraceback(text: string): { message: string; traceback: string } | null {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const first = lines.findLastIndex((line) => start.test(line));
  if (first === -1) return null;
  let end = first + 1;
  while (end < lines.length && /^(?:\s|$)/.test(lines[end] ?? '')) end += 1;
  const message = lines[end] ?? '';
  if (!lastLine.test(message)) return null;
  // An exception's message may go on over further lines; blank ones and new prompts end it.
  let last = end;
  while (last + 1 < lines.length && lines[last + 1]?.trim() !== '') last += 1;
  return {
    message: message.trim(),
    traceback: lines.slice(first, Math.min(last, end + 50) + 1).join('\n'),
  };
}

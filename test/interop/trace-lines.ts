/** One call to the system that succeeded, as strace wrote it with `-f -y -xx`. */
export interface TracedCall {
  pid: number;
  name: string;
  /** What stands between the parentheses, strings still in hex. */
  words: string;
  result: number;
  /** What the descriptor that was answered leads to: a path of bytes, links resolved. */
  opened: string | null;
}

/**
 * Reads a trace line by line, in the order in which the calls ended. Calls that were cut by another
 * process (`<unfinished ...>`, `<... resumed>`) are put together; those that failed are left out.
 */
export function readTrace(text: string): TracedCall[] {
  const calls: TracedCall[] = [];
  const unfinished = new Map<number, string>();
  for (const line of text.split('\n')) {
    const numbered = /^(\d+) +(.*)$/s.exec(line);
    if (numbered === null) continue;
    const pid = Number(numbered[1]);
    let call = numbered[2] ?? '';
    if (call.endsWith('<unfinished ...>')) {
      unfinished.set(pid, call.slice(0, -'<unfinished ...>'.length));
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/s.exec(call);
    if (resumed !== null) call = `${unfinished.get(pid) ?? ''}${resumed[1]}`;
    const read = readCall(pid, call);
    if (read !== null) calls.push(read);
  }
  return calls;
}

function readCall(pid: number, call: string): TracedCall | null {
  const found = /^(\w+)\((.*)\) += (-?\d+)(?:<([^>]*)>)?/s.exec(call);
  if (found === null) return null;
  const [, name = '', words = '', result = '', opened] = found;
  if (Number(result) < 0) return null;
  return {
    pid,
    name,
    words,
    result: Number(result),
    opened: opened === undefined ? null : fromHex(opened),
  };
}

/** The paths among the words of a call: of a folder's descriptor (`<…>`) and strings, in order. */
export function pathsOf(words: string): { folder: string | null; name: string }[] {
  const found = words.matchAll(/(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:\\x[0-9a-f]{2})*)"/g);
  return [...found].map(([, folder, name = '']) => ({
    folder: folder === undefined ? null : fromHex(folder),
    name: fromHex(name),
  }));
}

/** `\x61\x62` as the bytes that it stands for, one character each. */
function fromHex(text: string): string {
  return text.replaceAll(/\\x([0-9a-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

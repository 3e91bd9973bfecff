const firstAfterMs = 3_000;
const everyMs = 5_000;

/**
 * Tells on standard error that data is being read before the program starts, once that has taken
 * some seconds: a folder of a million files would look like a program that hangs.
 */
export function createDataProgress(
  tell: (line: string) => void,
  nowMs: () => number = () => performance.now(),
): (path: string, files: number) => void {
  const startedMs = nowMs();
  let nextMs = startedMs + firstAfterMs;
  return (path, files) => {
    const now = nowMs();
    if (now < nextMs) return;
    nextMs = now + everyMs;
    tell(
      `runrecord: reading ${path} before the start: ${files.toLocaleString('en')} files so far (Ctrl-C stops)`,
    );
  };
}

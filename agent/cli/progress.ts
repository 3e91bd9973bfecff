import type { CliDeps, Progress } from './deps.ts';

const shortestMs = 200;

/**
 * A line on standard error that says how far something is, for a person who waits: only in a
 * terminal, only for what takes a while, and gone when it is done.
 */
export function startProgress(deps: CliDeps, word: string): { report: Progress; end(): void } {
  const startedAt = deps.now();
  let shownAt = startedAt;
  let shown = false;
  return {
    report: (done, total) => {
      const now = deps.now();
      if (deps.stderr.isTTY !== true || now - shownAt < shortestMs) return;
      shownAt = now;
      shown = true;
      deps.stderr.write(`\r\u001b[K${word} ${done} of ${total}`);
    },
    end: () => {
      if (shown) deps.stderr.write('\r\u001b[K');
    },
  };
}

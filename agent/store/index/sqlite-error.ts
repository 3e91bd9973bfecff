/** The primary result code of SQLite in a thrown error, or null. */
function resultCode(thrown: unknown): number | null {
  if (typeof thrown !== 'object' || thrown === null || !('errcode' in thrown)) return null;
  return typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : null;
}

/** Another connection holds the lock. */
export function isBusy(thrown: unknown): boolean {
  return [5, 6].includes(resultCode(thrown) ?? 0);
}

/** The file is no database, or a broken one, or has tables that are not ours. */
export function isDamage(thrown: unknown): boolean {
  const code = resultCode(thrown);
  if (code === 11 || code === 26) return true;
  return (
    code === 1 &&
    thrown instanceof Error &&
    /already exists|no such (table|column)/.test(thrown.message)
  );
}

/** Read-only, input or output error, full disk, cannot be opened. */
export function isNoWrite(thrown: unknown): boolean {
  return [8, 10, 13, 14].includes(resultCode(thrown) ?? 0);
}

const patienceMs = 60_000;

/** Tries again while another process writes; SQLite's own waiting covers 5 s, and not every case. */
export function retryWhileBusy<T>(attempt: () => T): T {
  const untilMs = Date.now() + patienceMs;
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 200)) {
    try {
      return attempt();
    } catch (thrown) {
      if (!isBusy(thrown) || Date.now() > untilMs) throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}

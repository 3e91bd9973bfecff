const windowMs = 3 * 60_000;
const mostRestarts = 5;
const firstDelayMs = 250;

/**
 * How long to wait before the agent is started again, in milliseconds: twice as long after each
 * crash of the last three minutes. Null: it crashed too often, and somebody has to look.
 */
export function restartDelayMs(crashedAtMs: readonly number[], nowMs: number): number | null {
  const recent = crashedAtMs.filter((at) => nowMs - at < windowMs).length;
  return recent > mostRestarts ? null : firstDelayMs * 2 ** Math.max(0, recent - 1);
}

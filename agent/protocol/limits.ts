/** Limits in bytes, as they hold where nothing was set. */
export const defaultLimits = {
  snapshotFile: 10_000_000,
  snapshot: 1_000_000_000,
  log: 100_000_000,
  hashBefore: 256_000_000,
} as const;
export type Limits = { -readonly [K in keyof typeof defaultLimits]: number };

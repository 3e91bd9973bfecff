import type { FileStat } from '../seams.ts';

/**
 * What a process of a run did to a file, from its observed line, with paths that are resolved: those
 * of what links lead to. `at`: seconds since 1970.
 */
export type FileEvent = { at: number } & (
  | { kind: 'read'; path: string; stat: FileStat }
  /** `stat`: just before it was opened; null where it was not there. */
  | { kind: 'write'; path: string; stat: FileStat | null; keeps: boolean }
  | { kind: 'before'; path: string; stat: FileStat; digest: string }
  | { kind: 'rename'; from: string; to: string }
  | { kind: 'remove'; path: string }
  /** A child that nothing reports from was given this path among its words. */
  | { kind: 'name'; path: string; stat: FileStat }
  /** A second name for the same file. */
  | { kind: 'link'; from: string; to: string }
);

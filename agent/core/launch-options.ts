import type { GateName } from '../protocol/names.ts';
import type { GatePolicy } from '../protocol/settings.ts';

/** What `run` and `check` were asked for, before the settings of the workspace are read. */
export interface LaunchOptions {
  /** A run of `runrecord.yaml` that stands for the command; `argv` is then added to its own. */
  named: string | null;
  /** The command, each word as the program gets it. */
  argv: string[];
  name: string | null;
  reason: string | null;
  /** Paths as they were typed, relative to the current folder. */
  config: string[];
  /** Paths, or names of `data` in `runrecord.yaml`. */
  data: string[];
  outputs: string[];
  tags: Record<string, string>;
  gates: Partial<Record<GateName, GatePolicy | undefined>>;
  keepLog: boolean;
  quiet: boolean;
  /** Where to write the id of the record at launch. */
  recordFile: string | null;
}

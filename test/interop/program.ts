import type { RunRecord } from '../../agent/protocol/record.ts';
import type { Workspace } from '../support/workspace.ts';

/** A small real program, as its users write it, and how it is run. */
export interface Program {
  /** What the test is called by. */
  name: string;
  /** Folder below programs/ that holds it; its `make.py`, where there is one, makes what it reads. */
  folder: string;
  command: string[];
  /** Further options of `runrecord run`. */
  options?: string[];
  exitCode?: number;
  /** Processes of it may go on after it has ended. */
  lingers?: boolean;
  /** Lines of its output come in another order each time. */
  unordered?: boolean;
  /** What the record is to say that it could not see; then files that match `files` may be missing. */
  unseen?: { says: RegExp; files: RegExp };
  /** Files that two plain runs of it make under the same name with other bytes, or other names. */
  varies?: RegExp;
  /** What else is true of its record. `jobs`: those of a multirun, by number. */
  check?(recorded: RecordedProgram): void | Promise<void>;
}

export interface RecordedProgram {
  record: RunRecord;
  jobs: RunRecord[];
  workspace: Workspace;
  stdout: string;
}

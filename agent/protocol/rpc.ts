import type { GateName } from './names.ts';
import type { Artifact, RunStatus } from './record.ts';
import type { GatePolicy } from './settings.ts';
import type { Check, Comparison, ListRow, Shown } from './verbs.ts';

/**
 * What the extension (or any other client) and the language server say to each other beyond LSP.
 * Requests and notifications are named once, here. Additive changes only; a change that is not
 * raises `rpcVersion`, and a client that finds another one says so and what to do.
 */

export const rpcVersion = 1;

/** `initializationOptions` of the client. */
export interface ClientOptions {
  rpcVersion: number;
  clientVersion: string;
  /** False: nothing is run, nothing written, no shipped database opened. */
  trusted: boolean;
}

/** `experimental.runrecord` in the server's capabilities. */
export interface ServerInfo {
  rpcVersion: number;
  version: string;
}

/** A row of the Runs view. */
export interface RunSummary extends ListRow {
  /** Workspace folder (absolute path) that the run belongs to. */
  folder: string;
  artifactCount: number;
}

/** A command that was recorded before, or a run of `runrecord.yaml`. */
export interface Launchable {
  kind: 'named' | 'recent';
  name: string;
  /** Empty for a named run: its settings hold it. */
  argv: string[];
  /** As one reads it. */
  label: string;
  /** Absolute. */
  cwd: string;
}

export interface Requests {
  /** Newest first; `where` and `sort` as the verb `list` takes them. */
  'runrecord/list': {
    params: { folder?: string; where?: string; sort?: string; limit?: number };
    result: { revision: number; rows: RunSummary[] };
  };
  'runrecord/show': { params: { id: string }; result: Shown };
  'runrecord/artifacts': { params: { id: string }; result: Artifact[] };
  /** The record as a document that a person reads, in Markdown. */
  'runrecord/document': { params: { id: string }; result: { title: string; text: string } };
  /** The resolved configuration as text with sorted keys, and where each value is from. */
  'runrecord/config': { params: { id: string }; result: { text: string } };
  'runrecord/environment': { params: { id: string }; result: { text: string } };
  'runrecord/compare': { params: { a: string; b: string }; result: Comparison };
  'runrecord/launchables': { params: { folder: string }; result: Launchable[] };
  'runrecord/check': {
    params: {
      folder: string;
      /** Where the command would be started, absolute; the folder itself without. */
      cwd?: string;
      named: string | null;
      argv: string[];
      gates?: Partial<Record<GateName, GatePolicy>>;
      /** Files with changes that are not saved, relative to the folder. */
      unsaved: string[];
    };
    result: Check;
  };
  /**
   * Interrupts a run that goes on, as Ctrl-C would; `force` ends its program at once. `stopped`: false
   * where it had ended already.
   */
  'runrecord/stop': { params: { id: string; force: boolean }; result: { stopped: boolean } };
}
export type RequestName = keyof Requests;

export interface Notifications {
  /** Something changed: whoever shows runs asks again. */
  'runrecord/changed': { revision: number; live: { id: string; status: RunStatus }[] };
  /** Said once, in the place where the user looks. */
  'runrecord/problem': {
    code: string;
    message: string;
    action: string;
    /** Workspace folder (absolute path) that it is about. */
    folder?: string;
  };
}
export type NotificationName = keyof Notifications;

/** `source` of our diagnostics, and their codes. */
export const diagnosticSource = 'Run Record';
export const diagnosticCodes = ['dirty-tree', 'unresolved-config'] as const;

import type { RunRecordError } from '../protocol/errors.ts';
import type { Notifications } from '../protocol/rpc.ts';

/** What the composition root gives the server. */
export interface ServerDeps {
  version: string;
  environment: NodeJS.ProcessEnv;
  /** The command that finishes a record whose recorder is gone. */
  attendCommand(root: string, id: string): string[];
  /** The command that brings a workspace's index up to date. */
  indexCommand(root: string): string[];
  /** Milliseconds since 1970. */
  now(): number;
}

export type Problem = Notifications['runrecord/problem'];

/** What holds from the handshake to the end, for all that serves one client. */
export interface Session {
  deps: ServerDeps;
  /** False: nothing is run, nothing written, no shipped database opened. */
  trusted: boolean;
  /** Why our own requests cannot be answered to this client; null where they can. */
  refusal: RunRecordError | null;
  /** Says a problem, once for its folder and message. */
  tell(problem: Problem): void;
  /** For the client's log. */
  log(text: string): void;
}

import type * as vscode from 'vscode';
import type { RunSummary } from '../agent/protocol/rpc.ts';
import type { AgentState } from './agent-state.ts';

/** What `activate` answers to other extensions: to read, nothing to change. Additive changes only. */
export interface ExtensionApi {
  apiVersion: 1;
  state(): AgentState;
  /** Newest first, as the Runs view shows them. */
  runs(): readonly RunSummary[];
  onDidChangeRuns: vscode.Event<void>;
}

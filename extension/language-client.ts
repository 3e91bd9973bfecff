import type * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
} from 'vscode-languageclient/node';
import { type ClientOptions, diagnosticSource, type ServerInfo } from '../agent/protocol/rpc.ts';
import { agentArguments, environmentOf, type NodeCommand } from './node-command.ts';

export interface ClientSetup {
  node: NodeCommand;
  /** Absolute path of the agent's bundle. */
  program: string;
  /** Where it is started: never the user's folder, which it must be possible to delete. */
  cwd: string;
  options: ClientOptions;
  log: vscode.LogOutputChannel;
  /** The connection closed without having been asked to. */
  onClosed: () => void;
}

/** Keeps the library from opening messages of its own: what a user has to know, we say once. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/**
 * The connection to an agent process of its own, not yet started. This module brings the language
 * client with it, most of our code: it is loaded when an agent is needed.
 */
export function createLanguageClient(setup: ClientSetup): LanguageClient {
  return new QuietClient(
    'runrecord',
    'Run Record',
    {
      command: setup.node.path,
      args: agentArguments(setup.program),
      options: { cwd: setup.cwd, env: environmentOf(setup.node, process.env) },
    },
    {
      documentSelector: [{ scheme: 'file' }],
      diagnosticCollectionName: diagnosticSource,
      outputChannel: setup.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: setup.options,
      // Restarts are ours: with a growing delay, and an end.
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          setup.onClosed();
          const message = 'The connection to the agent closed.';
          return { action: CloseAction.DoNotRestart, handled: true, message };
        },
      },
      initializationFailedHandler: () => false,
    },
  );
}

/** What the agent said of itself in the handshake; null where it said nothing. */
export function serverInfoOf(client: LanguageClient): ServerInfo | null {
  const { experimental } = client.initializeResult?.capabilities ?? {};
  const info: Partial<ServerInfo> | undefined = experimental?.runrecord;
  if (typeof info?.rpcVersion !== 'number' || typeof info.version !== 'string') return null;
  return { rpcVersion: info.rpcVersion, version: info.version };
}

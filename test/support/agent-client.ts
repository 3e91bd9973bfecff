import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { Notifications, RequestName, Requests, ServerInfo } from '../../agent/protocol/rpc.ts';
import { rpcVersion } from '../../agent/protocol/rpc.ts';
import { root } from './sources.ts';
import { until } from './workspace.ts';

const door = join(root, 'dist/runrecord.cjs');

export interface AgentOptions {
  folders: readonly string[];
  trusted?: boolean;
  /** `initializationOptions` as they are; without, those of our own extension. */
  options?: unknown;
  environment?: Record<string, string | undefined>;
  /** Of Node; without, those of the command line's door. */
  arguments?: string[];
  /** The process that the agent is to end with; without, the test's. */
  processId?: number;
}

/** The built agent in a process of its own, and a client that remembers what it was told. */
export class AgentClient {
  readonly process: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly problems: Notifications['runrecord/problem'][] = [];
  readonly logs: string[] = [];
  /** The last word on each document, by its URI. */
  readonly diagnostics = new Map<string, Diagnostic[]>();
  changed: Notifications['runrecord/changed'] | null = null;
  info: ServerInfo | null = null;

  private constructor({ environment, ...options }: AgentOptions) {
    this.process = spawn(process.execPath, options.arguments ?? [door, 'lsp', '--stdio'], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout, stdin } = this.process;
    if (stdout === null || stdin === null) throw new Error('the agent has no pipes');
    // One that was killed does not read any more.
    stdin.on('error', () => {});
    this.connection = createProtocolConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    );
    this.connection.onError(() => {});
    this.connection.onNotification('runrecord/changed', (changed) => {
      this.changed = changed;
    });
    this.connection.onNotification('runrecord/problem', (problem) => {
      this.problems.push(problem);
    });
    this.connection.onNotification('window/logMessage', ({ message }) => {
      this.logs.push(message);
    });
    this.connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => {
      this.diagnostics.set(uri, diagnostics);
    });
    this.connection.listen();
  }

  static async start(options: AgentOptions): Promise<AgentClient> {
    const client = new AgentClient(options);
    const { trusted = true } = options;
    const ours = { rpcVersion, clientVersion: 'test', trusted };
    const answer: InitializeResult = await client.connection.sendRequest('initialize', {
      processId: options.processId ?? process.pid,
      rootUri: null,
      capabilities: { workspace: { workspaceFolders: true } },
      workspaceFolders: options.folders.map((path) => ({ uri: uriOf(path), name: path })),
      initializationOptions: 'options' in options ? options.options : ours,
    });
    client.info = answer.capabilities.experimental?.runrecord ?? null;
    await client.connection.sendNotification('initialized', {});
    return client;
  }

  request<M extends RequestName>(
    method: M,
    params: Requests[M]['params'],
  ): Promise<Requests[M]['result']> {
    return this.connection.sendRequest(method, params);
  }

  async list(params: Requests['runrecord/list']['params'] = {}) {
    return (await this.request('runrecord/list', params)).rows;
  }

  /** The problem of this code, once it is told. */
  problem(code: string) {
    return until(() => this.problems.find((one) => one.code === code), `the problem ${code}`);
  }

  async openDocument(path: string, text: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: uriOf(path), languageId: 'plaintext', version: 1, text },
    });
  }

  async changeDocument(path: string, version: number, text: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: uriOf(path), version },
      contentChanges: [{ text }],
    });
  }

  /** The diagnostics of a document, once they are as wanted. */
  async diagnosed(
    path: string,
    isWanted: (diagnostics: Diagnostic[]) => boolean,
  ): Promise<Diagnostic[]> {
    return until(() => {
      const found = this.diagnostics.get(uriOf(path));
      return found !== undefined && isWanted(found) ? found : null;
    }, `diagnostics of ${path}`);
  }

  /** Exit code and signal, once it has ended. */
  async ended(): Promise<[code: number | null, signal: string | null]> {
    await until(
      () => this.process.exitCode !== null || this.process.signalCode !== null,
      'the end of the agent',
    );
    return [this.process.exitCode, this.process.signalCode];
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended();
    this.connection.dispose();
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await this.ended();
    this.connection.dispose();
  }
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  type NotificationName,
  type Notifications,
  type RequestName,
  type Requests,
  rpcVersion,
} from '../agent/protocol/rpc.ts';
import type { AgentState } from './agent-state.ts';
import { ownNode, whyUnusable } from './node-command.ts';
import { restartDelayMs } from './restart-delay.ts';

export interface AgentOptions {
  /** Absolute path of the agent's bundle, and the folder it is started in. */
  program: string;
  cwd: string;
  version: string;
  log: vscode.LogOutputChannel;
  /** Says once what went wrong for good. */
  tell: (message: string) => void;
}

const crashedTooOften =
  'The Run Record agent ended time after time and is not started again. Runs go on, and nothing ' +
  'of them is lost. The agent log says why it ended.';

/**
 * The agent process of this window: started when it is first needed, again after a crash, and
 * given up where it crashes time after time.
 */
export class Agent implements vscode.Disposable {
  readonly #options: AgentOptions;
  readonly #stateChanged = new vscode.EventEmitter<AgentState>();
  readonly #changed = new vscode.EventEmitter<Notifications['runrecord/changed']>();
  readonly #problem = new vscode.EventEmitter<Notifications['runrecord/problem']>();
  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidChangeRuns = this.#changed.event;
  readonly onProblem = this.#problem.event;
  #state: AgentState = 'idle';
  #client: LanguageClient | null = null;
  #starting: Promise<void> | null = null;
  #retry: NodeJS.Timeout | undefined;
  #crashedAtMs: number[] = [];
  #disposed = false;

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  get state(): AgentState {
    return this.#state;
  }

  /** Resolves when an attempt has been made; `state` says how it went. Safe to call at any time. */
  start(): Promise<void> {
    if (this.#disposed || this.#state === 'ready') return Promise.resolve();
    clearTimeout(this.#retry);
    this.#starting ??= this.#launch().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  /** Ends the process, if there is one, and starts another; past crashes are forgotten. */
  async restart(): Promise<void> {
    await this.#starting?.catch(() => {});
    this.#crashedAtMs = [];
    await this.#stop();
    this.#become('idle');
    await this.start();
  }

  /** Asks the agent, which is started for it; throws a sentence where it cannot be. */
  async request<M extends RequestName>(
    method: M,
    params: Requests[M]['params'],
    token?: vscode.CancellationToken,
  ): Promise<Requests[M]['result']> {
    await this.start();
    if (this.#client === null || this.#state !== 'ready') {
      throw new Error('The Run Record agent is not running. Run Record: Restart Agent starts it.');
    }
    // An absent token would count as one more parameter.
    const more = token === undefined ? [] : [token];
    return this.#client.sendRequest<Requests[M]['result']>(method, params, ...more);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#retry);
    void this.#stop();
    for (const emitter of [this.#stateChanged, this.#changed, this.#problem]) emitter.dispose();
  }

  /** Ends the process and waits for it: for the window's own end. */
  async end(): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#retry);
    await this.#stop();
  }

  async #launch(): Promise<void> {
    const node = ownNode();
    const unusable = whyUnusable(node);
    if (unusable !== null) return this.#giveUp('unusable', unusable);
    this.#become('starting');
    const { createLanguageClient, serverInfoOf } = await import('./language-client.ts');
    const { log, program, cwd, version } = this.#options;
    let isStarted = false;
    let isOver = false;
    const crash = (why: string) => {
      // An end that was asked for is none.
      if (isOver || (isStarted && this.#client !== client)) return;
      isOver = true;
      this.#crashed(why);
    };
    const client = createLanguageClient({
      node,
      program,
      cwd,
      log,
      options: { rpcVersion, clientVersion: version, trusted: vscode.workspace.isTrusted },
      onClosed: () => crash('the connection closed'),
    });
    this.#listen(client, 'runrecord/changed', this.#changed);
    this.#listen(client, 'runrecord/problem', this.#problem);
    try {
      await client.start();
    } catch (error) {
      return crash(error instanceof Error ? error.message : String(error));
    }
    if (isOver) return;
    if (this.#disposed) return client.dispose();
    this.#client = client;
    isStarted = true;
    const info = serverInfoOf(client);
    if (info?.rpcVersion === rpcVersion) return this.#become('ready');
    await this.#stop();
    this.#giveUp(
      'mismatched',
      `The agent (${info?.version ?? 'of an unknown version'}) is of another version than this window (${version}). Reload the window.`,
    );
  }

  #listen<M extends NotificationName>(
    client: LanguageClient,
    method: M,
    emitter: vscode.EventEmitter<Notifications[M]>,
  ): void {
    client.onNotification(method, (params: Notifications[M]) => emitter.fire(params));
  }

  #crashed(why: string): void {
    this.#client = null;
    if (this.#disposed) return;
    const nowMs = Date.now();
    this.#crashedAtMs.push(nowMs);
    const delayMs = restartDelayMs(this.#crashedAtMs, nowMs);
    this.#options.log.warn(`The agent ended: ${why}.`);
    if (delayMs === null) {
      this.#giveUp('stopped', crashedTooOften);
      return;
    }
    this.#become('starting');
    this.#retry = setTimeout(() => void this.start(), delayMs);
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    // A process that does not answer is ended after two seconds.
    await client?.dispose().catch((error) => this.#options.log.warn(String(error)));
  }

  #giveUp(state: AgentState, message: string): void {
    this.#options.log.error(message);
    this.#become(state);
    this.#options.tell(message);
  }

  #become(state: AgentState): void {
    if (this.#state === state || this.#disposed) return;
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}

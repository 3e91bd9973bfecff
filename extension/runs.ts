import * as vscode from 'vscode';
import type { RunSummary } from '../agent/protocol/rpc.ts';
import type { Agent } from './agent.ts';
import { isLive } from './run-status.ts';

const pageSize = 200;

/** The newest runs of the workspace, as the agent last told them; kept while it is gone. */
export class Runs implements vscode.Disposable {
  readonly #agent: Agent;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];
  #rows: RunSummary[] = [];
  #limit = pageSize;
  #hasOlder = false;
  #isKnown = false;
  #asking: Promise<void> | null = null;
  #askAgain = false;

  constructor(agent: Agent, log: vscode.LogOutputChannel) {
    this.#agent = agent;
    this.#log = log;
    this.#subscriptions = [
      this.#changed,
      agent.onDidChangeRuns(() => void this.refresh()),
      agent.onDidChangeState((state) => state === 'ready' && void this.refresh()),
    ];
  }

  /** Newest first. */
  get rows(): readonly RunSummary[] {
    return this.#rows;
  }

  get hasOlder(): boolean {
    return this.#hasOlder;
  }

  /** False until the agent has told them for the first time. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  get live(): RunSummary[] {
    return this.#rows.filter((row) => isLive(row.status));
  }

  find(id: string): RunSummary | undefined {
    return this.#rows.find((row) => row.id === id);
  }

  /** The run of the same name and folder that was made before it. */
  previousOf(run: RunSummary): RunSummary | undefined {
    if (run.name === null) return undefined;
    return this.#rows
      .slice(this.#rows.indexOf(run) + 1)
      .find((row) => row.name === run.name && row.folder === run.folder);
  }

  /** Asks the agent; what changes while it answers is asked for once more. */
  refresh(): Promise<void> {
    if (this.#asking !== null) {
      this.#askAgain = true;
      return this.#asking;
    }
    this.#asking = this.#ask().finally(() => {
      this.#asking = null;
      if (this.#askAgain) void this.refresh();
    });
    return this.#asking;
  }

  showOlder(): Promise<void> {
    this.#limit += pageSize;
    return this.refresh();
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  async #ask(): Promise<void> {
    this.#askAgain = false;
    if (this.#agent.state !== 'ready') return;
    try {
      const { rows } = await this.#agent.request('runrecord/list', { limit: this.#limit + 1 });
      this.#hasOlder = rows.length > this.#limit;
      this.#rows = rows.slice(0, this.#limit);
      this.#isKnown = true;
      this.#changed.fire();
    } catch (error) {
      // The agent may have ended meanwhile: what was known stays, and its restart asks again.
      this.#log.warn(`The runs could not be listed: ${error}`);
    }
  }
}

import { join } from 'node:path';
import * as vscode from 'vscode';
import { files } from '../agent/protocol/names.ts';
import type { RunSummary } from '../agent/protocol/rpc.ts';
import type { Agent } from './agent.ts';
import { addressOf, type DocumentKind, parseAddress } from './document-uri.ts';
import { documentScheme } from './ids.ts';
import { readLogEnd } from './log-text.ts';
import { folderOfRun } from './run-folder.ts';
import type { Runs } from './runs.ts';
import { formatSize } from './text.ts';

export const uriOf = (kind: DocumentKind, run: Pick<RunSummary, 'id' | 'name'>): vscode.Uri =>
  vscode.Uri.from(addressOf(kind, run));

/** Records, configurations, environments and logs as documents that can be read and not edited. */
export class Documents implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #agent: Agent;
  readonly #runs: Runs;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(agent: Agent, runs: Runs) {
    this.#agent = agent;
    this.#runs = runs;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(documentScheme, this),
      runs.onDidChange(() => this.#refreshOpen()),
    );
  }

  async provideTextDocumentContent(
    uri: vscode.Uri,
    token: vscode.CancellationToken,
  ): Promise<string> {
    const address = parseAddress(uri.path);
    if (address === null) return 'There is no such document of Run Record.';
    const { kind, id } = address;
    try {
      if (kind === 'log') return await this.#readLog(id);
      const { text } =
        kind === 'record'
          ? await this.#agent.request('runrecord/document', { id }, token)
          : await this.#agent.request(`runrecord/${kind}`, { id }, token);
      return text;
    } catch (error) {
      return `This could not be read: ${error instanceof Error ? error.message : error}`;
    }
  }

  /** What a document shows is another now. */
  touch(uri: vscode.Uri): void {
    this.#changed.fire(uri);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #readLog(id: string): Promise<string> {
    if (this.#runs.find(id) === undefined) await this.#agent.start();
    const run = this.#runs.find(id);
    if (run === undefined) return 'The run of this log is not in the Runs view.';
    try {
      const { text, leftOutBytes } = readLogEnd(join(folderOfRun(run), files.log));
      if (leftOutBytes === 0) return text;
      return `... ${formatSize(leftOutBytes)} before this are in ${join(folderOfRun(run), files.log)}\n${text}`;
    } catch {
      return 'This run has no log: it had the terminal itself. Show Record says why.';
    }
  }

  /** Logs are followed by their own files. */
  #refreshOpen(): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      const kind = uri.scheme === documentScheme ? parseAddress(uri.path)?.kind : undefined;
      if (kind !== undefined && kind !== 'log') this.#changed.fire(uri);
    }
  }
}

import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact } from '../agent/protocol/record.ts';
import type { RunSummary } from '../agent/protocol/rpc.ts';
import type { Agent } from './agent.ts';
import { artifactItem, runItem, runTooltip } from './run-item.ts';
import { describeRun } from './run-label.ts';
import { isLive } from './run-status.ts';
import type { Runs } from './runs.ts';

/** What the tree is made of. A node stays the same object for as long as its run is listed. */
export type RunNode =
  | { kind: 'folder'; folder: string }
  | { kind: 'run'; run: RunSummary }
  | { kind: 'artifact'; run: RunSummary; artifact: Artifact };

type RunRow = Extract<RunNode, { kind: 'run' }> & {
  /** What is seen of it now, as one text to compare. */
  looks: string;
};

/** Runs, newest first; in a window of several folders, by folder; artifacts beneath each run. */
export class RunsTree implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  readonly #runs: Runs;
  readonly #agent: Agent;
  readonly #changed = new vscode.EventEmitter<RunNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscription: vscode.Disposable;
  #rows = new Map<string, RunRow>();
  #folders = new Map<string, RunNode>();

  constructor(runs: Runs, agent: Agent) {
    this.#runs = runs;
    this.#agent = agent;
    this.#subscription = runs.onDidChange(() => this.#update());
  }

  getChildren(node?: RunNode): RunNode[] | Promise<RunNode[]> {
    if (node === undefined) {
      return this.#folders.size > 1 ? [...this.#folders.values()] : [...this.#rows.values()];
    }
    if (node.kind === 'folder') {
      return [...this.#rows.values()].filter(({ run }) => run.folder === node.folder);
    }
    return node.kind === 'run' ? this.#artifactsOf(node.run) : [];
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    if (node.kind === 'run') {
      return runItem(node.run, this.#runs.previousOf(node.run) !== undefined, Date.now());
    }
    if (node.kind === 'artifact') {
      return artifactItem(node.run, node.artifact);
    }
    const item = new vscode.TreeItem(
      basename(node.folder),
      vscode.TreeItemCollapsibleState.Expanded,
    );
    item.id = node.folder;
    item.iconPath = vscode.ThemeIcon.Folder;
    item.tooltip = node.folder;
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: RunNode): vscode.TreeItem {
    if (node.kind === 'run') item.tooltip = runTooltip(node.run);
    return item;
  }

  getParent(node: RunNode): RunNode | undefined {
    if (node.kind === 'artifact') return this.#rows.get(node.run.id);
    if (node.kind === 'run' && this.#folders.size > 1) return this.#folders.get(node.run.folder);
    return undefined;
  }

  /** The node of a listed run, to reveal it. */
  nodeOf(id: string): RunNode | undefined {
    return this.#rows.get(id);
  }

  /** Redraws the rows whose age reads differently by now. */
  tick(): void {
    const redrawn = [...this.#rows.values()].filter((row) => isRedrawn(row, row.run));
    if (redrawn.length > 0) this.#changed.fire(redrawn);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  async #artifactsOf(run: RunSummary): Promise<RunNode[]> {
    const artifacts = await this.#agent.request('runrecord/artifacts', { id: run.id });
    // Versions that were written over are in the record; here is what came of them.
    return artifacts
      .filter(({ state }) => state !== 'overwritten')
      .map((artifact) => ({ kind: 'artifact', run, artifact }));
  }

  /** Redraws what changed: the list where runs came or went, else only the rows that differ. */
  #update(): void {
    const before = [...this.#rows.keys()].join();
    const redrawn: RunNode[] = [];
    const rows = new Map<string, RunRow>();
    for (const run of this.#runs.rows) {
      const row = this.#rows.get(run.id) ?? { kind: 'run', run, looks: '' };
      // While a run goes on its artifacts may change with their number staying the same.
      if (isRedrawn(row, run) || isLive(row.run.status)) redrawn.push(row);
      row.run = run;
      rows.set(run.id, row);
    }
    this.#rows = rows;
    const folders = [...new Set(this.#runs.rows.map(({ folder }) => folder))];
    const known = this.#folders;
    this.#folders = new Map(
      folders.map((folder) => [folder, known.get(folder) ?? { kind: 'folder', folder }]),
    );
    const sameList = before === [...rows.keys()].join() && known.size === this.#folders.size;
    if (!sameList) this.#changed.fire(undefined);
    else if (redrawn.length > 0) this.#changed.fire(redrawn);
  }
}

/** Whether the run, as it is now, looks different from its row; the row takes note of it. */
function isRedrawn(row: RunRow, run: RunSummary): boolean {
  const looks = [run.status, describeRun(run, Date.now()), run.artifactCount, run.durationMs].join(
    ' ',
  );
  const isChanged = looks !== row.looks;
  row.looks = looks;
  return isChanged;
}

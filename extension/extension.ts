import * as vscode from 'vscode';
import { Agent } from './agent.ts';
import { registerCommands } from './commands.ts';
import { Documents } from './documents.ts';
import type { ExtensionApi } from './extension-api.ts';
import { commandIds, runsViewId, settingIds } from './ids.ts';
import { LaunchTerminals } from './launch/terminals.ts';
import { followLogs } from './log-follower.ts';
import { Runs } from './runs.ts';
import { RunsTree } from './runs-tree.ts';
import { showState } from './show-state.ts';
import { showLiveRuns } from './status-bar.ts';
import { doorFolder, extendTerminalPath } from './terminal-path.ts';
import { watchWorkspace } from './watch-workspace.ts';

const tickMs = 10_000;

let agent: Agent | undefined;

/** Puts the parts together. Nothing is started here unless the workspace has something to show. */
export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const log = vscode.window.createOutputChannel('Run Record', { log: true });
  agent = new Agent({
    program: context.asAbsolutePath('dist/agent/main.cjs'),
    cwd: context.extensionPath,
    version: String(context.extension.packageJSON.version),
    log,
    tell: tellGivenUp,
  });
  const runs = new Runs(agent, log);
  const tree = new RunsTree(runs, agent);
  const view = vscode.window.createTreeView(runsViewId, {
    treeDataProvider: tree,
    canSelectMany: true,
    showCollapseAll: true,
  });
  const documents = new Documents(agent, runs);
  const terminals = new LaunchTerminals();
  context.subscriptions.push(
    ...[log, agent, runs, tree, view, documents, terminals],
    followLogs(documents, runs),
    showLiveRuns(runs),
    showState(agent, runs, view),
    extendTerminalPath(context),
    watchWorkspace(agent),
    keepAgesCurrent(view, tree),
    registerCommands({
      agent,
      runs,
      view,
      log,
      launch: { agent, terminals, door: () => door(context) },
    }),
  );
  return {
    apiVersion: 1,
    state: () => agent?.state ?? 'stopped',
    runs: () => runs.rows,
    onDidChangeRuns: runs.onDidChange,
  };
}

/** The agent ends with the window. */
export async function deactivate(): Promise<void> {
  await agent?.end();
}

/** `runrecord`, where terminals have it on their path; else where it lies. */
function door(context: vscode.ExtensionContext): string {
  const isOnPath = vscode.workspace.getConfiguration().get<boolean>(settingIds.addToPath, true);
  return isOnPath
    ? 'runrecord'
    : vscode.Uri.joinPath(vscode.Uri.file(doorFolder(context)), 'runrecord').fsPath;
}

function tellGivenUp(message: string): void {
  const restart = 'Restart Agent';
  const show = 'Show Agent Log';
  void vscode.window.showErrorMessage(message, restart, show).then((chosen) => {
    if (chosen === restart) void vscode.commands.executeCommand(commandIds.restartAgent);
    if (chosen === show) void vscode.commands.executeCommand(commandIds.showAgentLog);
  });
}

function keepAgesCurrent(view: vscode.TreeView<unknown>, tree: RunsTree): vscode.Disposable {
  const timer = setInterval(() => {
    if (view.visible) tree.tick();
  }, tickMs);
  return { dispose: () => clearInterval(timer) };
}

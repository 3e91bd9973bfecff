import * as vscode from 'vscode';
import { files } from '../agent/protocol/names.ts';
import type { Agent } from './agent.ts';
import { contextKeys } from './ids.ts';
import { hasSomethingToShow, isInRepository } from './workspace-marks.ts';

/**
 * Starts the agent as soon as the workspace has something to show or record, and anew when the
 * user comes to trust it. Until then nothing runs.
 */
export function watchWorkspace(agent: Agent): vscode.Disposable {
  const look = () => {
    const folders = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => uri.fsPath);
    const withoutGit = folders.some((folder) => !isInRepository(folder));
    void vscode.commands.executeCommand('setContext', contextKeys.withoutGit, withoutGit);
    if (agent.state === 'idle' && folders.some(hasSomethingToShow)) void agent.start();
  };
  let watchers = watchMarks(look);
  look();
  return vscode.Disposable.from(
    { dispose: () => watchers.dispose() },
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      watchers.dispose();
      watchers = watchMarks(look);
      look();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      if (agent.state !== 'idle') void agent.restart();
    }),
  );
}

/** Tells when a first record, settings or a repository come into a folder, or go. */
function watchMarks(look: () => void): vscode.Disposable {
  const watchers = (vscode.workspace.workspaceFolders ?? []).flatMap((folder) =>
    [files.home, files.settings, '.git'].map((name) =>
      vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(folder, name),
        false,
        true,
        false,
      ),
    ),
  );
  return vscode.Disposable.from(
    ...watchers,
    ...watchers.flatMap((watcher) => [watcher.onDidCreate(look), watcher.onDidDelete(look)]),
  );
}

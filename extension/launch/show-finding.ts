import { resolve } from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { Finding } from './gate-findings.ts';

/** Takes the user to what a gate found, for a launch later. */
export async function showFinding({ action, place }: Finding, folder: string): Promise<void> {
  if (place?.run !== undefined) {
    await vscode.commands.executeCommand(commandIds.showRecord, place.run);
    return;
  }
  if (place?.path == null) return;
  const uri = vscode.Uri.file(resolve(folder, place.path));
  if (action === 'Show Changes') {
    await vscode.commands.executeCommand('workbench.view.scm');
    // The git extension opens its own difference; without it the file itself is shown.
    await vscode.commands.executeCommand('git.openChange', uri).then(undefined, () => open(uri, 1));
    return;
  }
  if (action === 'Save') {
    await vscode.workspace.saveAll(false);
    return;
  }
  await open(uri, place.line ?? 1);
}

async function open(uri: vscode.Uri, line: number): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.commands.executeCommand('vscode.open', uri, {
    selection: new vscode.Range(at, at),
  } satisfies vscode.TextDocumentShowOptions);
}

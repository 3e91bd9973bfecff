import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import * as vscode from 'vscode';
import { settingIds } from './ids.ts';
import { ownNode } from './node-command.ts';
import { writeDoors } from './terminal-door.ts';

/** The folder with the `runrecord` of this extension, made and current. */
export function doorFolder(context: vscode.ExtensionContext): string {
  const folder = join(context.globalStorageUri.fsPath, 'bin');
  mkdirSync(folder, { recursive: true });
  writeDoors(folder, ownNode(), context.asAbsolutePath('dist/runrecord.cjs'));
  return folder;
}

/**
 * Puts `runrecord` on the path of integrated terminals: only where the user trusts the folder, and
 * for as long as the setting says so.
 */
export function extendTerminalPath(context: vscode.ExtensionContext): vscode.Disposable {
  const collection = context.environmentVariableCollection;
  const apply = () => {
    const wanted = vscode.workspace.getConfiguration().get<boolean>(settingIds.addToPath, true);
    if (!wanted || !vscode.workspace.isTrusted) return collection.clear();
    collection.description = 'Makes the command `runrecord` available.';
    // Also after the shell's own start-up files, which may set the path anew.
    collection.prepend('PATH', `${doorFolder(context)}${delimiter}`, {
      applyAtProcessCreation: true,
      applyAtShellIntegration: true,
    });
  };
  apply();
  return vscode.Disposable.from(
    vscode.workspace.onDidGrantWorkspaceTrust(apply),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settingIds.addToPath)) apply();
    }),
  );
}

import * as vscode from 'vscode';

/** What is used of the interface of VS Code's own git extension (version 1). */
interface GitApi {
  getRepository(uri: vscode.Uri): GitRepository | null;
  openRepository?(root: vscode.Uri): Promise<GitRepository | null>;
}
export interface GitRepository {
  readonly rootUri: vscode.Uri;
  add(paths: string[]): Promise<void>;
  commit(message: string, options?: { all?: boolean }): Promise<void>;
}

/** The repository of a folder, as the git extension has it; null without one, or without that. */
export async function findRepository(folder: vscode.Uri): Promise<GitRepository | null> {
  const extension = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
  if (extension === undefined) return null;
  try {
    const api = (await extension.activate()).getAPI(1);
    return api.getRepository(folder) ?? (await api.openRepository?.(folder)) ?? null;
  } catch {
    // Git is turned off in the settings, or there is none.
    return null;
  }
}

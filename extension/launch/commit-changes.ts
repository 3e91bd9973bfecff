import { resolve } from 'node:path';
import * as vscode from 'vscode';
import type { Check } from '../../agent/protocol/verbs.ts';
import { findRepository } from './git-extension.ts';

/** Files that the gates found uncommitted, relative to the top of the repository. */
export function uncommittedPaths({ gates }: Check): string[] {
  const found = gates.find(({ gate }) => gate === 'dirty-tree')?.evidence ?? [];
  return [...new Set(found.flatMap(({ path }) => (path === null ? [] : [path])))];
}

/**
 * Commits what the gates found, by VS Code's git extension and with the user's own hooks, under a
 * message that is asked for. False where the user thought better of it.
 */
export async function commitChanges(folder: string, check: Check): Promise<boolean> {
  const repository = await findRepository(vscode.Uri.file(folder));
  if (repository === null) {
    throw new Error('There is no git repository to commit to. Commit in a terminal, then launch.');
  }
  const paths = uncommittedPaths(check);
  const message = await vscode.window.showInputBox({
    title: 'Commit and Launch',
    prompt: `Message of the commit of ${paths.length === 1 ? paths[0] : `${paths.length} files`}`,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'A commit needs a message.' : undefined),
  });
  if (message === undefined || message.trim() === '') return false;
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Committing' },
    async () => {
      try {
        await repository.add(paths.map((path) => resolve(repository.rootUri.fsPath, path)));
        await repository.commit(message);
      } catch (error) {
        throw new Error(`Nothing was launched, as git did not commit: ${reasonOf(error)}`);
      }
    },
  );
  return true;
}

/** Git's own words, which the extension keeps beside its message. */
function reasonOf(error: unknown): string {
  const said = (error as { stderr?: unknown }).stderr;
  const text = typeof said === 'string' && said.trim() !== '' ? said : String(error);
  return text.trim().split('\n').slice(0, 3).join(' ');
}

import { unwatchFile, watchFile } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { files } from '../agent/protocol/names.ts';
import { parseAddress } from './document-uri.ts';
import type { Documents } from './documents.ts';
import { documentScheme } from './ids.ts';
import { folderOfRun } from './run-folder.ts';
import type { Runs } from './runs.ts';

// By asking, not by events: a network file system has none.
const intervalMs = 500;

/** Keeps open logs current, and an editor that is at the end of one at the end. */
export function followLogs(documents: Documents, runs: Runs): vscode.Disposable {
  const watched = new Map<string, string>();
  const atEnd = new Set<vscode.TextEditor>();

  const watch = ({ uri }: vscode.TextDocument) => {
    const run = isLog(uri) ? runs.find(parseAddress(uri.path)?.id ?? '') : undefined;
    if (run === undefined || watched.has(uri.toString())) return;
    const path = join(folderOfRun(run), files.log);
    watched.set(uri.toString(), path);
    watchFile(path, { interval: intervalMs, persistent: false }, () => documents.touch(uri));
  };
  const unwatch = ({ uri }: vscode.TextDocument) => {
    const path = watched.get(uri.toString());
    watched.delete(uri.toString());
    if (path !== undefined) unwatchFile(path);
  };
  const look = (editor: vscode.TextEditor) => {
    const shown = editor.visibleRanges.at(-1)?.end.line ?? 0;
    if (shown >= editor.document.lineCount - 2) atEnd.add(editor);
    else atEnd.delete(editor);
  };

  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(watch),
    vscode.workspace.onDidCloseTextDocument(unwatch),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
      if (isLog(textEditor.document.uri)) look(textEditor);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!isLog(document.uri)) return;
      for (const editor of vscode.window.visibleTextEditors) {
        if (editor.document === document && atEnd.has(editor)) revealEnd(editor);
      }
    }),
    vscode.window.onDidChangeVisibleTextEditors((editors) => {
      for (const editor of atEnd) if (!editors.includes(editor)) atEnd.delete(editor);
    }),
    { dispose: () => [...watched.values()].forEach((path) => void unwatchFile(path)) },
  );
}

/** Scrolls to the last line. */
export function revealEnd(editor: vscode.TextEditor): void {
  const last = editor.document.lineCount - 1;
  editor.revealRange(new vscode.Range(last, 0, last, 0));
}

const isLog = (uri: vscode.Uri): boolean =>
  uri.scheme === documentScheme && parseAddress(uri.path)?.kind === 'log';

import * as vscode from 'vscode';
import type { RunSummary } from '../agent/protocol/rpc.ts';
import { uriOf } from './documents.ts';

/** VS Code's own Markdown preview, as an editor. */
const previewEditor = 'vscode.markdown.preview.editor';

/** Opens a record as a document that is read; as Markdown text where the preview is turned off. */
export async function showRecord(run: Pick<RunSummary, 'id' | 'name'>): Promise<void> {
  const uri = uriOf('record', run);
  const options = { preview: true } satisfies vscode.TextDocumentShowOptions;
  try {
    await vscode.commands.executeCommand('vscode.openWith', uri, previewEditor, options);
  } catch {
    await vscode.window.showTextDocument(uri, options);
  }
}

import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Connection, type Diagnostic, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { loadSettings } from '../../capture/settings.ts';
import { messageOf } from '../../protocol/errors.ts';
import { defaultOutputs } from '../../protocol/names.ts';
import { workspaceLayout } from '../../store/layout.ts';
import type { Folders } from '../folders.ts';
import type { Session } from '../session.ts';
import { findConfigFile } from './config-files.ts';
import { findUnresolvedValues } from './config-values.ts';
import { findDirtyLines } from './dirty-lines.ts';
import { createHeadFiles } from './head-files.ts';
import { watchHead } from './watch-head.ts';

/** After the last key that was pressed. */
const typingMs = 250;
const maxCharacters = 2_000_000;

/**
 * Warns, in the documents that are open and nowhere else, of lines that are not committed and of
 * values that do not resolve. Only in a workspace that records runs.
 */
export function publishDiagnostics(
  connection: Connection,
  session: Session,
  folders: Folders,
): void {
  const documents = new TextDocuments(TextDocument);
  const timers = new Map<string, NodeJS.Timeout>();
  /** Which attempt at a document is the last: an earlier one may end later. */
  const turns = new Map<string, number>();
  const headFiles = createHeadFiles((worktree) => {
    const again = () => {
      headFiles.forget();
      for (const { uri } of documents.all()) schedule(uri);
    };
    watchHead(worktree.gitDir, again).catch((thrown) => session.log(messageOf(thrown)));
  });

  function schedule(uri: string): void {
    if (!uri.startsWith('file:')) return;
    clearTimeout(timers.get(uri));
    const timer = setTimeout(() => {
      timers.delete(uri);
      publish(uri).catch((thrown) => session.log(`${uri}: ${messageOf(thrown)}`));
    }, typingMs);
    timers.set(uri, timer);
  }

  async function publish(uri: string): Promise<void> {
    const document = documents.get(uri);
    if (document === undefined) return;
    const { version } = document;
    const turn = (turns.get(uri) ?? 0) + 1;
    turns.set(uri, turn);
    const diagnostics = await diagnose(document);
    // A newer text has its own turn, and a document that was closed has none.
    if (turns.get(uri) !== turn || documents.get(uri)?.version !== version) return;
    await connection.sendDiagnostics({ uri, version, diagnostics });
  }

  async function diagnose(document: TextDocument): Promise<Diagnostic[]> {
    const named = fileURLToPath(document.uri);
    const root = folders.around(named)?.root;
    if (root === undefined || !isRecording(root)) return [];
    // The root is where links lead to, and so is what is compared with it.
    const path = await realpath(named).catch(() => named);
    const text = document.getText();
    if (text.length > maxCharacters) return [];
    const { environment } = session.deps;
    const config = await findConfigFile(path, text, root);
    return [
      ...(session.trusted && !(await isOutput(path, root))
        ? findDirtyLines(document, await headFiles.read(path))
        : []),
      ...(config === null
        ? []
        : await findUnresolvedValues(document, config, { path, root, environment })),
    ];
  }

  documents.onDidChangeContent(({ document: { uri } }) => {
    schedule(uri);
  });
  documents.onDidSave(({ document: { uri } }) => {
    headFiles.forget();
    schedule(uri);
  });
  documents.onDidClose(({ document: { uri } }) => {
    clearTimeout(timers.get(uri));
    timers.delete(uri);
    turns.delete(uri);
    connection.sendDiagnostics({ uri, diagnostics: [] }).catch(() => {});
  });
  documents.listen(connection);
}

function isRecording(root: string): boolean {
  const { home, settings } = workspaceLayout(root);
  return existsSync(home) || existsSync(settings);
}

/** What runs write, and what we write, is not meant to be committed. */
async function isOutput(path: string, root: string): Promise<boolean> {
  const settings = await loadSettings(root).catch(() => null);
  const { home } = workspaceLayout(root);
  const outputs = (settings?.outputs ?? defaultOutputs).map((name) => resolve(root, name));
  return [home, ...outputs].some((folder) => path.startsWith(`${folder}${sep}`));
}

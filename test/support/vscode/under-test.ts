// For suites that run inside VS Code: the extension as another extension sees it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../extension/extension-api.ts';
import { extensionId } from '../../../extension/ids.ts';
import { until } from '../workspace.ts';

export function extensionUnderTest(): vscode.Extension<ExtensionApi> {
  const extension = vscode.extensions.getExtension<ExtensionApi>(extensionId);
  assert.ok(extension, `${extensionId} is not there: VS Code did not take its manifest`);
  return extension;
}

/** The extension, once it activated by itself and shows so many runs. */
export async function waitForRuns(count: number): Promise<ExtensionApi> {
  const extension = extensionUnderTest();
  await until(() => extension.isActive, 'the extension is activated by what the workspace holds');
  const api = extension.exports;
  await until(() => api.runs().length === count, `${count} runs are listed`);
  return api;
}

/** What a record's document says, once it is the active tab: drawn, as one reads it. */
export async function shownRecord(): Promise<vscode.TextDocument> {
  const uri = await until(() => {
    const active = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    const isDrawn = active instanceof vscode.TabInputCustom;
    return isDrawn && active.uri.scheme === 'runrecord' && active.uri;
  }, 'a record is the active tab, drawn');
  return vscode.workspace.openTextDocument(uri);
}

/** Process ids of the agents of this window. */
export function listAgents(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => isAgent(pid))
    .map(Number);
}

function isAgent(pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return parent === process.pid && words.includes('lsp');
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

/** What is told of an open document, in the order of its lines. */
export function ownDiagnostics(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === 'Run Record')
    .sort((a, b) => a.range.start.compareTo(b.range.start));
}

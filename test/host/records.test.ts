import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../extension/ids.ts';
import {
  extensionUnderTest,
  ownDiagnostics,
  shownRecord,
  waitForRuns,
} from '../support/vscode/under-test.ts';
import { until } from '../support/workspace.ts';

const folder = () => vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder');

describe('in a workspace with two runs', () => {
  let ids: string[];

  before(async () => {
    ids = (await waitForRuns(2)).runs().map(({ id }) => id);
  });

  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('the Runs view lists both, the newest first, with their metrics and artifacts', async () => {
    const api = await waitForRuns(2);
    const rows = api.runs();
    assert.deepEqual(
      rows.map(({ name, status, complete }) => ({ name, status, complete })),
      Array(2).fill({ name: 'digits', status: 'succeeded', complete: true }),
    );
    assert.ok((rows[0]?.createdAt ?? '') > (rows[1]?.createdAt ?? ''));
    for (const row of rows) {
      assert.equal(typeof row.metrics.val_acc, 'number');
      assert.ok(row.artifactCount > 0, 'artifacts are beneath it');
      assert.equal(row.folder, folder().fsPath);
    }
  });

  it('the commands are those of the manifest', async () => {
    const generated =
      /^runrecord\.runs\.|^workbench\.|\.(?:open|focus|removeView|resetViewLocation|toggleVisibility)$/;
    const registered = (await vscode.commands.getCommands(true)).filter(
      (id) => id.startsWith('runrecord.') && !generated.test(id),
    );
    const { commands } = extensionUnderTest().packageJSON.contributes;
    const declared = commands.map(({ command }: { command: string }) => command);
    assert.deepEqual(registered.sort(), declared.sort());
    assert.deepEqual(declared, Object.values(commandIds).sort());
  });

  it('Show Record opens the record as a document to read', async () => {
    await vscode.commands.executeCommand(commandIds.showRecord, ids[0]);
    const document = await shownRecord();
    assert.equal(document.languageId, 'markdown');
    for (const word of [ids[0]?.slice(-8), 'succeeded', 'val_acc', 'epochs=1', 'train.py']) {
      assert.ok(document.getText().includes(word ?? ''), `${word}\n${document.getText()}`);
    }
  });

  it('Show Log opens what the program printed', async () => {
    await vscode.commands.executeCommand(commandIds.showLog, ids[0]);
    const document = vscode.window.activeTextEditor?.document ?? assert.fail('nothing opened');
    assert.match(document.getText(), /digits to learn from/);
  });

  it('Compare With Previous opens the two configurations in the editor’s own diff', async () => {
    await vscode.commands.executeCommand(commandIds.compareWithPrevious, ids[0]);
    const input = await until(() => {
      const active = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return active instanceof vscode.TabInputTextDiff && active;
    }, 'a diff is the active tab');
    const [older, newer] = await Promise.all(
      [input.original, input.modified].map((uri) => vscode.workspace.openTextDocument(uri)),
    );
    assert.match(older?.getText() ?? '', /\blr: 0\.6\b/);
    assert.match(newer?.getText() ?? '', /\blr: 0\.2\b/);
  });

  it('a value that does not resolve is told where it stands', async () => {
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(folder(), 'conf/model.yaml'),
    );
    await vscode.window.showTextDocument(document);
    const [found] = await until(() => {
      const all = ownDiagnostics(document.uri).filter(({ code }) => code === 'unresolved-config');
      return all.length > 0 && all;
    }, 'it is told');
    assert.equal(document.getText(found?.range), '???');
    assert.equal(found?.range.start.line, 1);
    assert.equal(found?.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(found?.message ?? '', /width/);
  });
});

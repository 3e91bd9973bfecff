import assert from 'node:assert/strict';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../../extension/ids.ts';
import {
  listAgents,
  ownDiagnostics,
  shownRecord,
  waitForRuns,
} from '../support/vscode/under-test.ts';
import { until } from '../support/workspace.ts';

describe('in a window of two folders', () => {
  it('the runs of both are listed, each with its folder, by one agent', async () => {
    const rows = (await waitForRuns(2)).runs();
    assert.deepEqual(rows.map(({ name, folder }) => `${name} in ${basename(folder)}`).sort(), [
      'other in second',
      'steps in first',
    ]);
    if (process.platform === 'linux') assert.equal(listAgents().length, 1);
  });

  it('records and warnings are those of the folder that a file lies in', async () => {
    const { runs } = await waitForRuns(2);
    for (const { id, name } of runs()) {
      await vscode.commands.executeCommand(commandIds.showRecord, id);
      assert.match((await shownRecord()).getText(), new RegExp(name ?? ''));
    }
    const second = vscode.workspace.workspaceFolders?.[1]?.uri ?? assert.fail('no second folder');
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(second, 'other.py'),
    );
    await vscode.window.showTextDocument(document);
    const found = await until(() => {
      const all = ownDiagnostics(document.uri);
      return all.length > 0 && all;
    }, 'its changed line is told');
    assert.deepEqual(
      found.map(({ range }) => document.getText(range)),
      ["print('changed')"],
    );
  });

  it('a folder that leaves the window takes its runs with it', async () => {
    vscode.workspace.updateWorkspaceFolders(1, 1);
    const { runs } = await waitForRuns(1);
    assert.equal(basename(runs()[0]?.folder ?? ''), 'first');
  });
});

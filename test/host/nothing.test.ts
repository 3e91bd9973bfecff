import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../extension/ids.ts';
import { extensionUnderTest, listAgents } from '../support/vscode/under-test.ts';
import { until } from '../support/workspace.ts';

describe('in a folder that has nothing to record', () => {
  it('the extension is not activated, and no agent is started', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder');
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(folder, 'notes.txt'),
    );
    await vscode.window.showTextDocument(document);
    // Whatever is activated by the start of a window, or by a file, is active by then.
    await until(() => vscode.extensions.all.some(({ isActive }) => isActive), 'others are active');
    assert.equal(extensionUnderTest().isActive, false);
    assert.deepEqual(listAgents(), []);
  });

  it('a command activates it, and says that there is nothing yet', async () => {
    await vscode.commands.executeCommand(commandIds.showAgentLog);
    const extension = extensionUnderTest();
    assert.ok(extension.isActive);
    assert.deepEqual(extension.exports.runs(), []);
    assert.equal(extension.exports.state(), 'idle');
    assert.deepEqual(listAgents(), []);
  });

  it('a first record brings the agent', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder');
    await vscode.workspace.fs.writeFile(
      vscode.Uri.joinPath(folder, 'runrecord.yaml'),
      new TextEncoder().encode('version: 1\n'),
    );
    await until(() => extensionUnderTest().exports.state() === 'ready', 'the agent is ready');
  });
});

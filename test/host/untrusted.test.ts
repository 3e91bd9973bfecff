import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../../extension/ids.ts';
import { listTree } from '../support/list-tree.ts';
import { ownDiagnostics, waitForRuns } from '../support/vscode/under-test.ts';
import { until } from '../support/workspace.ts';

const folder = () => vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder');

describe('in a workspace that the user does not trust', () => {
  before(async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    await waitForRuns(2);
    for (const { id } of (await waitForRuns(2)).runs()) {
      await vscode.commands.executeCommand(commandIds.showRecord, id);
    }
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(folder(), 'conf/model.yaml'),
    );
    await vscode.window.showTextDocument(document);
    await until(() => ownDiagnostics(document.uri).length > 0, 'what can be read is told');
    const train = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(folder(), 'train.py'),
    );
    await vscode.window.showTextDocument(train);
  });

  it('nothing is launched, and no terminal opened', async () => {
    const terminals = vscode.window.terminals.length;
    await vscode.commands.executeCommand(commandIds.launchRun).then(undefined, () => undefined);
    assert.equal(vscode.window.terminals.length, terminals);
    const { runs } = await waitForRuns(2);
    assert.equal(runs().length, 2);
  });

  it('git is not run: its filters and hooks are programs of the workspace', () => {
    const calls = process.env.RUNRECORD_TEST_GIT_CALLS ?? assert.fail('no list of calls');
    const found = (process.env.PATH ?? '')
      .split(delimiter)
      .find((entry) => existsSync(join(entry, 'git')));
    assert.equal(found, join(calls, '../bin'), 'the git that would be run is the one that counts');
    assert.equal(existsSync(calls) ? readFileSync(calls, 'utf8') : '', '');
  });

  it('the database that came with it is not opened: records are read instead', async () => {
    const { runs } = await waitForRuns(2);
    assert.deepEqual(
      runs().map(({ name }) => name),
      ['digits', 'digits'],
    );
  });

  it('nothing is written', () => {
    const before = readFileSync(process.env.RUNRECORD_TEST_TREE ?? '', 'utf8');
    assert.deepEqual(listTree(folder().fsPath).split('\n'), before.split('\n'));
  });
});

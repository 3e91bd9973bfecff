import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../extension/ids.ts';
import {
  listAgents,
  ownDiagnostics,
  shownRecord,
  waitForRuns,
} from '../support/vscode/under-test.ts';
import { until } from '../support/workspace.ts';

const folder = () => vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder');
const dirtyLines = (uri: vscode.Uri) =>
  ownDiagnostics(uri).filter(({ code }) => code === 'dirty-tree');

describe('in a workspace that the user trusts', () => {
  before(() => waitForRuns(2));
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('a line that is not committed is told, and no other', async () => {
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(folder(), 'train.py'),
    );
    await vscode.window.showTextDocument(document);
    const found = await until(() => {
      const all = dirtyLines(document.uri);
      return all.length > 0 && all;
    }, 'it is told');
    assert.deepEqual(
      found.map(({ range }) => document.getText(range)),
      ['WEIGHT_DECAY = 0.001'],
    );
  });

  it('the warning follows what is typed, before it is saved', async () => {
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(folder(), 'config.json'),
    );
    const editor = await vscode.window.showTextDocument(document);
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.includes('"seed"'));
    const range = document.lineAt(line).range;
    const text = document.getText(range);
    await editor.edit((edit) => edit.replace(range, text.replace('0', '7')));
    await until(() => dirtyLines(document.uri)[0]?.range.start.line === line, 'the line is told');
    await editor.edit((edit) => edit.replace(document.lineAt(line).range, text));
    await until(() => dirtyLines(document.uri).length === 0, 'it is told no more');
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('a new terminal has runrecord on its path', async function () {
    if (process.platform === 'win32') this.skip();
    const answer = vscode.Uri.joinPath(folder(), 'out', 'path.txt');
    const terminal = vscode.window.createTerminal({ name: 'plain', cwd: folder() });
    terminal.sendText('runrecord list > out/path.tmp && mv out/path.tmp out/path.txt');
    const text = await until(
      async () =>
        vscode.workspace.fs.readFile(answer).then(
          (bytes) => new TextDecoder().decode(bytes),
          () => null,
        ),
      'the terminal answers',
    );
    terminal.dispose();
    await vscode.workspace.fs.delete(answer);
    assert.equal(text.match(/\bdigits\b/g)?.length, 2, text);
  });

  it('an agent that is killed is started again, and answers as before', async function () {
    if (process.platform !== 'linux') this.skip();
    const api = await waitForRuns(2);
    const before = api.runs().map(({ id }) => id);
    const [agent] = listAgents();
    assert.ok(agent, 'there is an agent');
    process.kill(agent, 'SIGKILL');
    const next = await until(
      () => listAgents().find((pid) => pid !== agent),
      'another one is there',
    );
    assert.notEqual(next, agent);
    await until(() => api.state() === 'ready', 'it is ready');
    assert.deepEqual(
      api.runs().map(({ id }) => id),
      before,
    );
    await vscode.commands.executeCommand(commandIds.showRecord, before[1]);
    assert.match((await shownRecord()).getText(), /succeeded/);
    assert.equal(listAgents().length, 1, 'one agent for the window');
  });
});

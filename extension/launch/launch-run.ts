import { relative } from 'node:path';
import * as vscode from 'vscode';
import type { Check } from '../../agent/protocol/verbs.ts';
import type { Agent } from '../agent.ts';
import { settingIds } from '../ids.ts';
import { oneLine } from '../text.ts';
import { workspaceRootOf } from '../workspace-marks.ts';
import { askGates } from './ask-gates.ts';
import { type Chosen, chooseCommand, editCommand } from './choose-command.ts';
import { commandLineOf } from './command-line.ts';
import { commitChanges } from './commit-changes.ts';
import { parseGatePolicies } from './gate-settings.ts';
import { programOf } from './program-name.ts';
import { shellKindOf } from './shell.ts';
import { showFinding } from './show-finding.ts';
import { splitWords } from './split-words.ts';
import type { LaunchTerminals } from './terminals.ts';

export interface LaunchParts {
  agent: Agent;
  terminals: LaunchTerminals;
  /** What starts the command line in a terminal: `runrecord` where it is on the path, else its path. */
  door: () => string;
}

/** From the palette to a terminal: choose, edit, hear what the gates say, launch. */
export async function launchRun(parts: LaunchParts): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new Error(
      'Runs are launched in trusted folders only. Manage Workspace Trust changes that.',
    );
  }
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const shell = shellKindOf(vscode.env.shell);
  const launchables = parts.agent.request('runrecord/launchables', { folder: folder.uri.fsPath });
  const chosen = await chooseCommand(folder, launchables, shell);
  const edited = chosen && (await editCommand(chosen, shell));
  if (edited === undefined) return;
  const configured = vscode.workspace.getConfiguration(undefined, folder.uri).get(settingIds.gates);
  const gates = parseGatePolicies(configured);
  const ask = () => checkLaunch(parts.agent, edited, gates);
  if (!(await passGates(edited, ask))) return;
  await parts.terminals.type(
    titleOf(edited),
    edited.cwd,
    commandLineOf({ ...edited, door: parts.door(), gates }, shell),
  );
}

/** Whether to launch: asks again for as long as saving and committing leave something that blocks. */
async function passGates(chosen: Chosen, ask: () => Thenable<Check>): Promise<boolean> {
  const title = `Launch ${titleOf(chosen)}: ${oneLine(chosen.line)}`.replace(/: $/, '');
  for (;;) {
    const check = await ask();
    const decision = await askGates(title, check);
    if (decision === 'launch') return true;
    if (decision === 'cancel') return false;
    if (typeof decision === 'object') {
      await showFinding(decision, workspaceRootOf(chosen.folder));
      return false;
    }
    // What is committed is what lies on the disk, and so is what runs.
    if (!(await vscode.workspace.saveAll(false))) return false;
    if (decision === 'commit-and-launch' && !(await commitChanges(chosen.folder, await ask()))) {
      return false;
    }
    const after = await ask();
    if (after.verdict !== 'block') return true;
  }
}

function checkLaunch(
  agent: Agent,
  { named, line, folder, cwd }: Chosen,
  gates: ReturnType<typeof parseGatePolicies>,
): Thenable<Check> {
  const argv = splitWords(line, shellKindOf(vscode.env.shell));
  const unsaved = vscode.workspace.textDocuments
    .filter(({ isDirty, uri }) => isDirty && uri.scheme === 'file')
    .map(({ uri }) => relative(folder, uri.fsPath).replaceAll('\\', '/'))
    .filter((path) => !path.startsWith('..'));
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Looking at what would be launched' },
    () => agent.request('runrecord/check', { folder, cwd, named, argv, gates, unsaved }),
  );
}

/** What its terminal is called. */
function titleOf({ named, name, line }: Chosen): string {
  const title = named ?? name ?? programOf(line, shellKindOf(vscode.env.shell));
  return oneLine(title) || 'run';
}

/** The only folder, that of the active editor, or the one that the user picks. */
async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    throw new Error(
      'A run is launched in a folder, and none is open. Open the folder of the project first.',
    );
  }
  if (folders.length === 1) return folders[0];
  const active = vscode.window.activeTextEditor?.document.uri;
  const ofActive = active && vscode.workspace.getWorkspaceFolder(active);
  if (ofActive !== undefined) return ofActive;
  return vscode.window.showWorkspaceFolderPick({ placeHolder: 'The folder to launch in' });
}

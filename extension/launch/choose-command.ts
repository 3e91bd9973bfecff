import { relative } from 'node:path';
import * as vscode from 'vscode';
import type { Launchable } from '../../agent/protocol/rpc.ts';
import { oneLine } from '../text.ts';
import { programOf } from './program-name.ts';
import { choosePython, pythonCommand } from './python-command.ts';
import { isTypable, quoteWords, type ShellKind } from './shell.ts';

/** What is to be launched, before its words are edited. */
export interface Chosen {
  /** A run of `runrecord.yaml`: `line` is then added to its own command. */
  named: string | null;
  /** The name that the command had before; null: the agent finds one. */
  name: string | null;
  /** As it will be typed. */
  line: string;
  /** The open folder (absolute), and where the command is started. */
  folder: string;
  cwd: string;
}

interface Item extends vscode.QuickPickItem {
  chosen?: Chosen;
}

const heading = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });

/** Asks which command to launch; undefined where the user turned away. */
export async function chooseCommand(
  folder: vscode.WorkspaceFolder,
  launchables: Promise<Launchable[]>,
  shell: ShellKind,
): Promise<Chosen | undefined> {
  const root = folder.uri.fsPath;
  const items = launchables.then((known) => {
    const named = known.filter(({ kind }) => kind === 'named');
    const recent = known.filter(({ kind, argv }) => kind === 'recent' && isTypable(argv));
    const active = activeFileItem(folder, shell);
    return [
      ...(named.length > 0 ? [heading('runrecord.yaml')] : []),
      ...named.map((one) => itemOf(one, root, shell)),
      ...(active === null ? [] : [heading('active file'), active]),
      ...(recent.length > 0 ? [heading('recent')] : []),
      ...recent.map((one) => itemOf(one, root, shell)),
      heading('other'),
      {
        label: '$(terminal) Type a Command',
        chosen: { named: null, name: null, line: '', folder: root, cwd: root },
      },
    ] satisfies Item[];
  });
  const picked = await vscode.window.showQuickPick<Item>(items, {
    title: 'Launch Run',
    placeHolder: 'What to launch; it can be edited before it starts',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.chosen;
}

function itemOf(
  { kind, name, argv, label, cwd }: Launchable,
  root: string,
  shell: ShellKind,
): Item {
  if (kind === 'named') {
    return {
      label: `$(play) ${oneLine(name)}`,
      description: oneLine(label),
      chosen: { named: name, name: null, line: '', folder: root, cwd: root },
    };
  }
  const line = quoteWords(argv, shell);
  return {
    label: `$(history) ${oneLine(line)}`,
    description: oneLine(cwd === root ? name : `${name} in ${relative(root, cwd)}`),
    chosen: { named: null, name, line, folder: root, cwd },
  };
}

/** The Python file in the active editor, run by the interpreter that was set for its folder. */
function activeFileItem(folder: vscode.WorkspaceFolder, shell: ShellKind): Item | null {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== 'python' || document.uri.scheme !== 'file') return null;
  const root = folder.uri.fsPath;
  const value = vscode.workspace
    .getConfiguration('python', document.uri)
    .get<string>('defaultInterpreterPath');
  const python = choosePython({ value, folder: root });
  const words = pythonCommand(python, document.uri.fsPath, root);
  if (!isTypable(words)) return null;
  const line = quoteWords(words, shell);
  return {
    label: `$(file-code) ${line}`,
    chosen: { named: null, name: null, line, folder: root, cwd: root },
  };
}

/** Lets the user edit what will be launched; undefined where he turned away. */
export async function editCommand(chosen: Chosen, shell: ShellKind): Promise<Chosen | undefined> {
  const isNamed = chosen.named !== null;
  const line = await vscode.window.showInputBox({
    title: isNamed ? `Launch ${oneLine(chosen.named ?? '')}` : 'Launch Run',
    value: chosen.line,
    valueSelection: [chosen.line.length, chosen.line.length],
    placeHolder: isNamed ? 'lr=0.1' : 'python train.py lr=0.1',
    prompt: isNamed
      ? 'Arguments to add to its command, or nothing. Enter launches it.'
      : 'The command, as in a terminal. Enter launches it.',
    ignoreFocusOut: true,
    validateInput: (text) =>
      isNamed || text.trim() !== '' ? undefined : 'Type the command to launch.',
  });
  if (line === undefined) return undefined;
  // Another program is not the run of that name any more.
  const isSame = programOf(line, shell) === programOf(chosen.line, shell);
  return { ...chosen, name: isSame ? chosen.name : null, line: line.trim() };
}

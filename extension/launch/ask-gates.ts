import * as vscode from 'vscode';
import type { Check } from '../../agent/protocol/verbs.ts';
import { uncommittedPaths } from './commit-changes.ts';
import { type Finding, findingsOf } from './gate-findings.ts';

/** What the user decided before a launch; a finding: to look at it instead. */
export type Decision = 'launch' | 'save-and-launch' | 'commit-and-launch' | 'cancel' | Finding;

interface Item extends vscode.QuickPickItem {
  decision?: Decision;
}

const buttonIcons = {
  'Show Changes': 'diff',
  Fix: 'go-to-file',
  Save: 'save',
  Open: 'go-to-file',
  'Show Record': 'preview',
};

/**
 * Shows what the gates found and asks what to do. Nothing is asked where nothing was found; what
 * a policy blocks cannot be launched from here.
 */
export function askGates(title: string, check: Check): Promise<Decision> {
  if (check.verdict === 'clean') return Promise.resolve('launch');
  const picker = vscode.window.createQuickPick<Item>();
  picker.title = title;
  picker.placeholder =
    check.verdict === 'block' ? 'A policy stops this launch' : 'Found before the launch';
  picker.ignoreFocusOut = true;
  picker.matchOnDescription = true;
  const actions = actionItems(check);
  picker.items = [
    ...findingsOf(check).map(itemOf),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    ...actions,
  ];
  picker.activeItems = actions.slice(0, 1);
  return new Promise((resolve) => {
    const settle = (decision: Decision) => {
      resolve(decision);
      picker.dispose();
    };
    picker.onDidTriggerItemButton(({ item }) => settle(item.decision ?? 'cancel'));
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      if (item?.decision !== undefined) settle(item.decision);
    });
    picker.onDidHide(() => settle('cancel'));
    picker.show();
  });
}

function itemOf(finding: Finding): Item {
  const { icon, label, detail, action } = finding;
  const item: Item = { label: `$(${icon}) ${label}`, description: detail };
  if (action === null) return item;
  const button = { iconPath: new vscode.ThemeIcon(buttonIcons[action]), tooltip: action };
  return { ...item, decision: finding, buttons: [button] };
}

function actionItems(check: Check): Item[] {
  const { verdict, gates } = check;
  const isUnsaved = gates.some(
    ({ gate, evidence }) => gate === 'unsaved-editors' && evidence.length > 0,
  );
  const save: Item = { label: '$(save-all) Save All and Launch', decision: 'save-and-launch' };
  const launch: Item = { label: '$(run) Launch Anyway', decision: 'launch' };
  const commit: Item = { label: '$(git-commit) Commit and Launch', decision: 'commit-and-launch' };
  const cancel: Item = { label: '$(close) Cancel', decision: 'cancel' };
  return [
    ...(isUnsaved ? [save] : []),
    ...(verdict === 'block' ? [] : [launch]),
    ...(uncommittedPaths(check).length > 0 ? [commit] : []),
    cancel,
  ];
}

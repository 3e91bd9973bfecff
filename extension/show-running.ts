import * as vscode from 'vscode';
import type { RunSummary } from '../agent/protocol/rpc.ts';
import { describeRun, labelOf } from './run-label.ts';
import type { Runs } from './runs.ts';
import { oneLine } from './text.ts';

/** What can be done with a run that goes on, from the list behind the status bar. */
export type RunningAction = 'record' | 'log' | 'stop';

interface Item extends vscode.QuickPickItem {
  run: RunSummary;
  action: RunningAction;
}

const actions: { action: RunningAction; label: string }[] = [
  { action: 'record', label: '$(preview) Show Record' },
  { action: 'log', label: '$(output) Show Log' },
  { action: 'stop', label: '$(debug-stop) Stop Run' },
];

/** The runs that go on, with what can be done with each; undefined where nothing was chosen. */
export async function chooseRunning(
  runs: Runs,
): Promise<{ run: RunSummary; action: RunningAction } | undefined> {
  const items = runs.live.flatMap((run): (Item | vscode.QuickPickItem)[] => [
    {
      label: `${labelOf(run)}, ${describeRun(run, Date.now())}`,
      kind: vscode.QuickPickItemKind.Separator,
    },
    ...actions.map(({ action, label }) => ({
      label,
      description: runs.live.length > 1 ? labelOf(run) : oneLine(run.argv.join(' ')),
      run,
      action,
    })),
  ]);
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Running now',
    matchOnDescription: true,
  });
  return picked !== undefined && 'action' in picked ? picked : undefined;
}

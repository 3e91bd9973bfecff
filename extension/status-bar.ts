import * as vscode from 'vscode';
import { commandIds } from './ids.ts';
import { describeLive, describeRun, labelOf } from './run-label.ts';
import type { Runs } from './runs.ts';
import { oneLine } from './text.ts';

/** The one item in the status bar, there while runs go on. */
export function showLiveRuns(runs: Runs): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    commandIds.showRunning,
    vscode.StatusBarAlignment.Left,
  );
  item.name = 'Run Record: Running';
  item.command = commandIds.showRunning;
  let timer: NodeJS.Timeout | undefined;

  const draw = () => {
    const { live } = runs;
    const text = describeLive(live, Date.now());
    if (text === '') {
      clearInterval(timer);
      timer = undefined;
      return item.hide();
    }
    item.text = `$(sync~spin) ${text.replaceAll('$(', '$ (')}`;
    item.accessibilityInformation = { label: `Running: ${text}`, role: 'button' };
    timer ??= setInterval(draw, 1000);
    item.show();
  };
  const describe = () => {
    const tooltip = new vscode.MarkdownString();
    for (const run of runs.live) {
      tooltip
        .appendText(`${labelOf(run)}, ${run.status}, ${describeRun(run, Date.now())}`)
        .appendMarkdown('  \n')
        .appendText(oneLine(run.argv.join(' ')))
        .appendMarkdown('\n\n');
    }
    item.tooltip = tooltip;
  };
  const update = () => {
    describe();
    draw();
  };
  update();
  return vscode.Disposable.from(item, runs.onDidChange(update), {
    dispose: () => clearInterval(timer),
  });
}

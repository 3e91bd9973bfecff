import * as vscode from 'vscode';
import type { RunSummary } from '../agent/protocol/rpc.ts';
import type { Agent } from './agent.ts';
import { labelOf } from './run-label.ts';
import { isLive } from './run-status.ts';
import type { Runs } from './runs.ts';

/** How long a program may take to put away what it holds before it is offered to end it. */
const patienceMs = 10_000;

/** Asks, interrupts the program as Ctrl-C would, and where it does not end offers to end it. */
export async function stopRun(agent: Agent, runs: Runs, run: RunSummary): Promise<void> {
  const stop = 'Stop Run';
  const asked = await vscode.window.showWarningMessage(
    `Stop ${labelOf(run)}?`,
    { modal: true, detail: 'The program is interrupted, as by Ctrl-C. Its record is kept.' },
    stop,
  );
  if (asked !== stop) return;
  await agent.request('runrecord/stop', { id: run.id, force: false });
  if (await ends(runs, run.id)) return;
  const end = 'End Now';
  const chosen = await vscode.window.showWarningMessage(
    `${labelOf(run)} was interrupted and still goes on. It may be saving what it has.`,
    end,
  );
  if (chosen === end && isGoingOn(runs, run.id)) {
    await agent.request('runrecord/stop', { id: run.id, force: true });
  }
}

const isGoingOn = (runs: Runs, id: string): boolean => {
  const now = runs.find(id);
  return now !== undefined && isLive(now.status);
};

/** Whether the run has ended within the time that is given to it. */
function ends(runs: Runs, id: string): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (hasEnded: boolean) => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(hasEnded);
    };
    const timer = setTimeout(() => settle(false), patienceMs);
    const subscription = runs.onDidChange(() => {
      if (!isGoingOn(runs, id)) settle(true);
    });
    if (!isGoingOn(runs, id)) settle(true);
  });
}

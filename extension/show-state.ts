import * as vscode from 'vscode';
import type { Agent } from './agent.ts';
import { describeState } from './agent-state.ts';
import { contextKeys } from './ids.ts';
import type { Runs } from './runs.ts';

/** What the view says of the agent, and what welcome views and menus go by. */
export function showState(
  agent: Agent,
  runs: Runs,
  view: vscode.TreeView<unknown>,
): vscode.Disposable {
  const problems = new Map<string, string>();
  const set = (key: string, value: unknown) =>
    void vscode.commands.executeCommand('setContext', key, value);
  const update = () => {
    // That nothing is recorded is not known before the agent has said so.
    const isWaiting = agent.state === 'ready' && !runs.isKnown;
    set(contextKeys.state, isWaiting ? 'starting' : agent.state);
    set(contextKeys.hasRuns, runs.rows.length > 0);
    set(contextKeys.hasOlder, runs.hasOlder);
    // A message takes the place of the welcome view, which says it where there is nothing to show.
    const state = runs.rows.length > 0 ? describeState(agent.state) : undefined;
    // Where nothing is shown the welcome view says this one, with what to do.
    const told = runs.rows.length > 0 ? problems : without(problems, 'no-repository');
    view.message = [state, ...told.values()].filter((text) => text !== undefined).join('\n');
  };
  update();
  return vscode.Disposable.from(
    agent.onDidChangeState((state) => {
      if (state === 'starting') problems.clear();
      update();
    }),
    agent.onProblem(({ code, message, action }) => {
      problems.set(code, `${message} ${action}`.trim());
      update();
    }),
    runs.onDidChange(update),
  );
}

const without = (problems: Map<string, string>, code: string): Map<string, string> =>
  new Map([...problems].filter(([key]) => key !== code));

import * as vscode from 'vscode';
import type { RunSummary } from '../agent/protocol/rpc.ts';
import type { Agent } from './agent.ts';
import { uriOf } from './documents.ts';
import { labelOf } from './run-label.ts';
import { shortId } from './text.ts';

const titles = { config: 'configuration', environment: 'environment' } as const;

/** Opens the two in the editor's own diff, the older one on the left. */
export async function showDifference(
  kind: keyof typeof titles,
  one: RunSummary,
  other: RunSummary,
): Promise<void> {
  const [older, newer] = one.createdAt <= other.createdAt ? [one, other] : [other, one];
  const named = (run: RunSummary) => `${labelOf(run)} ...${shortId(run.id)}`;
  await vscode.commands.executeCommand(
    'vscode.diff',
    uriOf(kind, older),
    uriOf(kind, newer),
    `${named(older)} and ${named(newer)} (${titles[kind]})`,
  );
}

/** Configurations; where they are the same and the environments are not, those. */
export async function compareRuns(agent: Agent, one: RunSummary, other: RunSummary): Promise<void> {
  const { config, environment } = await agent.request('runrecord/compare', {
    a: one.id,
    b: other.id,
  });
  const kind = config.length === 0 && environment.length > 0 ? 'environment' : 'config';
  await showDifference(kind, one, other);
  if (config.length > 0) return;
  const rest =
    kind === 'environment' ? 'their environments differ.' : 'and so are their environments.';
  vscode.window.setStatusBarMessage(`The configurations are the same, ${rest}`, 8000);
}

import * as vscode from 'vscode';
import type { RunSummary } from '../agent/protocol/rpc.ts';
import { describeRun, labelOf } from './run-label.ts';
import { lookOf } from './run-status.ts';
import type { Runs } from './runs.ts';
import type { RunNode } from './runs-tree.ts';
import { oneLine, shortId } from './text.ts';

/** The run that a command was asked for by a menu; else the one that the user picks from `rows`. */
export async function chooseRun(
  runs: Runs,
  given: unknown,
  placeHolder: string,
  rows: readonly RunSummary[] = runs.rows,
): Promise<RunSummary | undefined> {
  const run = runOf(runs, given);
  if (run !== undefined) return run;
  if (rows.length === 0) throw new Error('No run is recorded here yet. Launch Run records one.');
  const picked = await vscode.window.showQuickPick(
    rows.map((row) => ({
      label: `$(${lookOf(row.status).icon}) ${labelOf(row)}`,
      description: `...${shortId(row.id)}  ${describeRun(row, Date.now())}`,
      detail: oneLine(row.argv.join(' ')),
      row,
    })),
    { placeHolder, matchOnDescription: true, matchOnDetail: true },
  );
  return picked?.row;
}

/** Two runs: those that are selected, or that the user picks one after the other. */
export async function chooseTwo(
  runs: Runs,
  given: readonly unknown[],
): Promise<[RunSummary, RunSummary] | undefined> {
  const selected = given.map((one) => runOf(runs, one)).filter((run) => run !== undefined);
  const [a, b] = selected;
  if (selected.length === 2 && a !== undefined && b !== undefined) return [a, b];
  if (selected.length > 2) throw new Error('Two runs are compared at a time: select two of them.');
  const one = a ?? (await chooseRun(runs, undefined, 'The first of the two runs'));
  if (one === undefined) return undefined;
  const others = runs.rows.filter(({ id }) => id !== one.id);
  if (others.length === 0) throw new Error('There is only one run: a comparison takes two.');
  const other = await chooseRun(runs, undefined, 'The other run', others);
  return other === undefined ? undefined : [one, other];
}

/** By a node of the tree, or by an id. */
function runOf(runs: Runs, given: unknown): RunSummary | undefined {
  if (typeof given === 'string') return runs.find(given);
  const node = given as Partial<RunNode> | undefined;
  return node?.kind === 'run' || node?.kind === 'artifact' ? node.run : undefined;
}

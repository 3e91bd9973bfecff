import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact } from '../agent/protocol/record.ts';
import type { RunSummary } from '../agent/protocol/rpc.ts';
import type { Agent } from './agent.ts';
import { chooseRun, chooseTwo } from './choose-run.ts';
import { compareRuns, showDifference } from './compare.ts';
import { uriOf } from './documents.ts';
import type { CommandId } from './ids.ts';
import { commandIds } from './ids.ts';
import { type LaunchParts, launchRun } from './launch/launch-run.ts';
import { revealEnd } from './log-follower.ts';
import { folderOfRun, rootOfRun } from './run-folder.ts';
import type { Runs } from './runs.ts';
import type { RunNode } from './runs-tree.ts';
import { showRecord } from './show-record.ts';
import { chooseRunning } from './show-running.ts';
import { stopRun } from './stop-run.ts';

export interface CommandParts {
  agent: Agent;
  runs: Runs;
  view: vscode.TreeView<RunNode>;
  launch: LaunchParts;
  log: vscode.LogOutputChannel;
}

/** What a command is given: by a menu, the node it stands on, and all that are selected. */
type Handler = (node?: unknown, selected?: unknown) => unknown;

/** Every command, once. */
export function commandTable(parts: CommandParts): Record<CommandId, Handler> {
  const { agent, runs, view } = parts;
  const two = (node: unknown, selected: unknown) =>
    chooseTwo(runs, Array.isArray(selected) ? selected : node ? [node] : view.selection);
  return {
    [commandIds.launchRun]: () => launchRun(parts.launch),
    [commandIds.showRecord]: async (node) => {
      const run = await chooseRun(runs, node, 'The run to show');
      if (run) await showRecord(run);
    },
    [commandIds.showLog]: async (node) => {
      const run = await chooseRun(runs, node, 'The run to show the log of');
      if (run) await showLog(run);
    },
    [commandIds.compareWithPrevious]: async (node) => {
      const later = runs.rows.filter((row) => runs.previousOf(row) !== undefined);
      const run = await chooseRun(runs, node, 'The run to compare with the one before it', later);
      if (run === undefined) return;
      const previous = runs.previousOf(run);
      if (previous === undefined) {
        throw new Error('There is no earlier run of this name. Compare Selected takes any two.');
      }
      await compareRuns(agent, previous, run);
    },
    [commandIds.compareSelected]: async (node, selected) => {
      const pair = await two(node, selected);
      if (pair) await compareRuns(agent, ...pair);
    },
    [commandIds.compareEnvironments]: async (node, selected) => {
      const pair = await two(node, selected);
      if (pair) await showDifference('environment', ...pair);
    },
    [commandIds.copyRunId]: async (node) => {
      const run = await chooseRun(runs, node, 'The run to copy the id of');
      if (run) await vscode.env.clipboard.writeText(run.id);
    },
    [commandIds.openRunFolder]: async (node) => {
      const run = await chooseRun(runs, node, 'The run to open the folder of');
      if (run) await revealFolder(vscode.Uri.file(folderOfRun(run)));
    },
    [commandIds.openArtifact]: (node) => openArtifact(node),
    [commandIds.copyDigest]: async (node) => {
      const digest = artifactOf(node)?.digest;
      if (digest) await vscode.env.clipboard.writeText(digest);
    },
    [commandIds.refreshRuns]: async () => {
      await agent.start();
      await runs.refresh();
    },
    [commandIds.showOlderRuns]: () => runs.showOlder(),
    [commandIds.showRunning]: async () => {
      if (runs.live.length === 0) {
        vscode.window.setStatusBarMessage('No run is going on.', 4000);
        return;
      }
      const chosen = await chooseRunning(runs);
      if (chosen?.action === 'record') await showRecord(chosen.run);
      if (chosen?.action === 'log') await showLog(chosen.run);
      if (chosen?.action === 'stop') await stopRun(agent, runs, chosen.run);
    },
    [commandIds.stopRun]: async (node) => {
      if (runs.live.length === 0) throw new Error('No run is going on.');
      const run = await chooseRun(runs, node, 'The run to stop', runs.live);
      if (run) await stopRun(agent, runs, run);
    },
    [commandIds.restartAgent]: () => agent.restart(),
    [commandIds.showAgentLog]: () => parts.log.show(),
  };
}

/** Registers them; an error becomes one message, its stack goes to the log. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const guard = (handler: Handler) => async (node?: unknown, selected?: unknown) => {
    try {
      await handler(node, selected);
    } catch (error) {
      parts.log.error(error instanceof Error ? error : String(error));
      const message = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(message);
    }
  };
  return vscode.Disposable.from(
    ...Object.entries(commandTable(parts)).map(([id, handler]) =>
      vscode.commands.registerCommand(id, guard(handler)),
    ),
  );
}

function artifactOf(node: unknown): Artifact | undefined {
  return (node as { artifact?: Artifact } | undefined)?.artifact;
}

async function openArtifact(node: unknown): Promise<void> {
  const { run, artifact } = node as Extract<RunNode, { kind: 'artifact' }>;
  const path = resolve(rootOfRun(run), artifact.path);
  if (!existsSync(path)) {
    throw new Error(`${artifact.path} is not there any more. Its digest is in the record.`);
  }
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path));
}

async function showLog(run: RunSummary): Promise<void> {
  revealEnd(await vscode.window.showTextDocument(uriOf('log', run), { preview: true }));
}

/** In the system's own file manager; where the files are elsewhere, in the Explorer. */
async function revealFolder(uri: vscode.Uri): Promise<void> {
  const isHere = vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  await vscode.commands.executeCommand(isHere ? 'revealFileInOS' : 'revealInExplorer', uri);
}

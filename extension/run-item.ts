import * as vscode from 'vscode';
import type { Artifact } from '../agent/protocol/record.ts';
import type { RunSummary } from '../agent/protocol/rpc.ts';
import { commandIds, goesOn, hasPrevious, itemKinds } from './ids.ts';
import { describeRun, labelOf } from './run-label.ts';
import { isLive, lookOf } from './run-status.ts';
import { formatDuration, formatNumber, formatSize, oneLine, shortDigest, shortId } from './text.ts';

/** A row of the Runs view. */
export function runItem(run: RunSummary, previous: boolean, nowMs: number): vscode.TreeItem {
  const item = new vscode.TreeItem(
    labelOf(run),
    run.artifactCount > 0
      ? vscode.TreeItemCollapsibleState.Collapsed
      : vscode.TreeItemCollapsibleState.None,
  );
  const { icon, color } = lookOf(run.status);
  const description = describeRun(run, nowMs);
  item.id = run.id;
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(
    icon,
    color === null ? undefined : new vscode.ThemeColor(color),
  );
  const kind = [itemKinds.run, previous && hasPrevious, isLive(run.status) && goesOn];
  item.contextValue = kind.filter((word) => word !== false).join(' ');
  item.accessibilityInformation = { label: `${labelOf(run)}, ${run.status}, ${description}` };
  return item;
}

/** What is shown while the pointer rests on a run. All of it is text: nothing of it is Markdown. */
export function runTooltip(run: RunSummary): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  const line = (name: string, value: string | null | undefined) => {
    if (value) tooltip.appendText(`${name}: ${oneLine(value)}`).appendMarkdown('  \n');
  };
  tooltip.appendText(`${labelOf(run)} ...${shortId(run.id)}`).appendMarkdown('\n\n');
  tooltip.appendCodeblock(oneLine(run.argv.join(' ')), 'shellscript');
  line('Status', describeEnd(run));
  line('Reason', run.reason);
  line('Started', new Date(run.startedAt ?? run.createdAt).toLocaleString());
  line('Duration', run.durationMs === null ? null : formatDuration(run.durationMs));
  line('Commit', describeCommit(run));
  for (const [name, value] of Object.entries(run.metrics).slice(0, 8)) {
    line(name, formatNumber(value));
  }
  if (!run.complete && !isLive(run.status)) {
    line('Record', 'not complete; Show Record says what is missing');
  }
  if (run.unattended) line('Recorder', 'gone; the run goes on without it');
  return tooltip;
}

function describeEnd(run: RunSummary): string {
  return run.exitCode === null || run.status === 'succeeded'
    ? run.status
    : `${run.status}, exit ${run.exitCode}`;
}

function describeCommit(run: RunSummary): string | null {
  if (run.commit === null) return null;
  const branch = run.branch === null ? '' : ` on ${run.branch}`;
  return `${run.commit.slice(0, 7)}${branch}${run.clean === false ? ', with changes' : ''}`;
}

/** A row beneath a run. A click opens the file, if it is still there. */
export function artifactItem(run: RunSummary, artifact: Artifact): vscode.TreeItem {
  const item = new vscode.TreeItem(oneLine(artifact.path));
  const { attribution, digest, sizeBytes, state } = artifact;
  const parts = [
    sizeBytes === null ? '' : formatSize(sizeBytes),
    shortDigest(digest),
    state === 'present' ? '' : state,
    attribution.kind === 'contested' ? 'contested' : '',
  ];
  item.id = `${run.id} ${artifact.path} ${digest}`;
  item.description = parts.filter((part) => part !== '').join('  ');
  item.iconPath = vscode.ThemeIcon.File;
  item.contextValue = itemKinds.artifact;
  item.tooltip = `${oneLine(artifact.path)}\n${digest ?? 'no digest'}\n${state}, ${attribution.kind}`;
  item.command = {
    command: commandIds.openArtifact,
    title: 'Open Artifact',
    arguments: [{ run, artifact }],
  };
  return item;
}

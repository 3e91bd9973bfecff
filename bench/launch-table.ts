import { cpus, release } from 'node:os';
import type { Figure, LaunchReport } from './launch-budgets.ts';

/** The reports as text: milliseconds, the least of all runs and their median. */
export function describeLaunch(reports: LaunchReport[]): string {
  const machine = `${cpus().length} cores, Node ${process.versions.node}, ${process.platform} ${release()}`;
  return [
    `What a recorded run adds, warm caches, log kept; ${machine}`,
    ...reports.map(describe),
  ].join('\n\n');
}

function describe({ files, runs, whole, added, budgets }: LaunchReport): string {
  const rows = Object.entries(whole).map(([name, figure]) => row(name, figure));
  const sums = Object.entries(added).flatMap(([name, figures]) => [
    row(`added to ${name}`, figures.whole),
    row(`  before it starts`, figures.before),
  ]);
  const judged = budgets.map(
    ({ what, foundMs, limit, kept }) =>
      `  ${what.padEnd(28)}${foundMs.toFixed(0).padStart(8)} ms   at most ${limit}: ${kept ? 'kept' : 'NOT KEPT'}`,
  );
  return [
    `${files.toLocaleString('en')} files, 3 edited, 2 untracked; ${runs} runs of each in turn`,
    `  ${''.padEnd(28)}${'min ms'.padStart(8)}${'median'.padStart(10)}`,
    ...rows,
    ...sums,
    'Budgets, by the minimum',
    ...judged,
  ].join('\n');
}

function row(name: string, { minMs, medianMs }: Figure): string {
  return `  ${name.padEnd(28)}${minMs.toFixed(1).padStart(8)}${medianMs.toFixed(1).padStart(10)}`;
}

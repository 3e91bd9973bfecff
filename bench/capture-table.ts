import { cpus, release } from 'node:os';

export interface Comparison {
  what: string;
  /** Milliseconds, the least of all turns; the others are compared with the first. */
  peers: Record<string, number>;
  budget: { limit: string; kept: boolean } | null;
}

/** The comparisons as text. */
export function describeComparisons(comparisons: Comparison[]): string {
  const machine = `${cpus().length} cores, Node ${process.versions.node}, ${process.platform} ${release()}`;
  return [
    `What capture costs, warm caches, the least of all turns; ${machine}`,
    ...comparisons.map(describe),
  ].join('\n\n');
}

function describe({ what, peers, budget }: Comparison): string {
  const [first = Number.NaN] = Object.values(peers);
  const rows = Object.entries(peers).map(
    ([name, ms]) =>
      `  ${name.padEnd(28)}${ms.toFixed(1).padStart(10)} ms${(ms / first).toFixed(2).padStart(8)} x`,
  );
  const judged =
    budget === null ? [] : [`  at most ${budget.limit}: ${budget.kept ? 'kept' : 'NOT KEPT'}`];
  return [what, ...rows, ...judged].join('\n');
}

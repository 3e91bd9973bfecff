import type { Numeric } from '../agent/protocol/values.ts';

// What is measured on data that the run did not learn from says most, and a score more than a loss.
const preferred = [
  /^(val|valid|validation|eval|test)[_/.-]?(?!.*loss).+/i,
  /(^|[_/.-])(acc|accuracy|auc|f1|bleu|rouge|iou|map|score|reward|r2)([_/.@-]|$)/i,
  /^(val|valid|validation|eval|test).*loss/i,
  /loss|perplexity|rmse|mae|mse/i,
];

/** The metric that stands beside a run where there is room for one; null where it has none. */
export function chooseKeyMetric(
  metrics: Record<string, Numeric | null>,
): { name: string; value: Numeric } | null {
  const known = Object.entries(metrics).filter(
    (entry): entry is [string, Numeric] => entry[1] !== null,
  );
  const chosen =
    preferred
      .map((pattern) => known.find(([name]) => pattern.test(name)))
      .find((entry) => entry !== undefined) ?? known[0];
  return chosen === undefined ? null : { name: chosen[0], value: chosen[1] };
}

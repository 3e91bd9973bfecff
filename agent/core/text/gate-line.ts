import type { GateResult } from '../../protocol/verbs.ts';
import { countOf } from './size.ts';

const shown = 3;

/** What a gate found, in one line: `2 files are not committed: train.py, conf/base.yaml`. */
export function describeGate({ gate, evidence }: GateResult): string {
  const places = [...new Set(evidence.map((item) => item.path ?? ''))].filter(
    (path) => path !== '',
  );
  if (gate === 'dirty-tree' && places.length > 0) {
    return `${countOf(places.length, 'file is', 'files are')} not committed: ${someOf(places)}`;
  }
  const told = evidence.map((item) => {
    const line = item.line === null ? '' : `:${item.line}`;
    return item.path === null ? item.message : `${item.path}${line} ${item.message}`;
  });
  return someOf(told, '; ');
}

function someOf(items: string[], separator = ', '): string {
  const more = items.length - shown;
  const head = items.slice(0, shown).join(separator);
  return more > 0 ? `${head}${separator}and ${more} more` : head;
}

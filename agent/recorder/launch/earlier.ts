import type { DigestCache } from '../../core/seams.ts';
import type { Judgement } from '../../protocol/judgement.ts';
import type { Layout } from '../../store/layout.ts';

export interface Earlier {
  judgements: Judgement[];
  /** Ids of runs of the same fingerprint that had the same inputs, newest first. */
  repeats: string[];
}

/**
 * What is known of earlier runs that concerns a launch. At a launch the index is asked as it is:
 * each run takes itself in at its end, and bringing thousands of runs up to date would be waited
 * for.
 */
export async function findEarlier(
  layout: Layout,
  fingerprint: string | null,
  cache: DigestCache,
): Promise<Earlier> {
  const { readJudgements } = await import('../../store/judgements.ts');
  const judgements = readJudgements(layout);
  if (fingerprint === null) return { judgements, repeats: [] };
  const { findRepeats } = await import('../../store/index/find-repeats.ts');
  const repeats = findRepeats(layout, fingerprint);
  if (repeats.length === 0) return { judgements, repeats };
  const { withSameInputs } = await import('./same-inputs.ts');
  return { judgements, repeats: withSameInputs(layout, repeats, cache) };
}

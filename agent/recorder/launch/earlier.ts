import { existsSync } from 'node:fs';
import type { Judgement } from '../../protocol/judgement.ts';
import type { Layout } from '../../store/layout.ts';
import { processProbe } from '../probe.ts';

export interface Earlier {
  judgements: Judgement[];
  /** Ids of runs of the same fingerprint, newest first. */
  repeats: string[];
}

/**
 * What is known of earlier runs that concerns a launch. At a launch the index is asked as it is:
 * each run takes itself in at its end, and bringing thousands of runs up to date would be waited
 * for.
 */
export async function findEarlier(layout: Layout, fingerprint: string | null): Promise<Earlier> {
  const { readJudgements } = await import('../../store/judgements.ts');
  const judgements = readJudgements(layout);
  if (fingerprint === null || !existsSync(layout.index)) return { judgements, repeats: [] };
  const { openIndex } = await import('../../store/index/open-index.ts');
  const index = openIndex(layout, { probe: processProbe, stale: true });
  try {
    return { judgements, repeats: index.findByFingerprint(fingerprint) };
  } finally {
    index.close();
  }
}

import type { Judgement } from '../../protocol/judgement.ts';
import type { DataEntry } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';
import type { Evidence } from '../../protocol/verbs.ts';
import { canonicalJson } from '../canonical.ts';

/** The newest retirement of each subject decides; `reinstated` undoes the ones before it. */
function retiredDigests(judgements: Judgement[]): Map<string, Judgement> {
  const retired = new Map<string, Judgement>();
  const inOrder = judgements
    .filter((item) => item.kind === 'retirement' && item.subject.digest !== null)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  for (const judgement of inOrder) {
    const digest = judgement.subject.digest as string;
    if (judgement.as === 'reinstated') retired.delete(digest);
    else retired.set(digest, judgement);
  }
  return retired;
}

/** Inputs that somebody has retired. */
export function findRetiredInputs(data: DataEntry[], judgements: Judgement[]): Evidence[] {
  const retired = retiredDigests(judgements);
  return data.flatMap((entry) => {
    const judgement = entry.digest === null ? undefined : retired.get(entry.digest);
    if (judgement === undefined) return [];
    const message = `was ${String(judgement.as)}: ${judgement.reason ?? 'no reason given'}`;
    return [{ path: entry.path, line: null, endLine: null, message }];
  });
}

export interface LaunchMatch {
  /** Value of a resolved config key, undefined where it is not set. */
  config(key: string): Json | undefined;
  /** Drawn anew at each start. */
  isDrawn(key: string): boolean;
  digests: Set<string>;
  packages: Map<string, string | null>;
}

/** Rejections whose reach is the future and whose every named match is equal in this launch. */
export function findRejections(launch: LaunchMatch, judgements: Judgement[]): Evidence[] {
  return judgements.flatMap((judgement) => {
    if (judgement.kind !== 'rejection' || judgement.reach !== 'future') return [];
    if (!matches(launch, judgement.matches)) return [];
    const finding = String(judgement.finding ?? judgement.reason ?? 'no finding given');
    const message = `A run like this was rejected: ${finding}`;
    return [{ path: null, line: null, endLine: null, message }];
  });
}

function matches(launch: LaunchMatch, criteria: unknown): boolean {
  if (typeof criteria !== 'object' || criteria === null) return false;
  const { config, data, packages } = criteria as Record<string, unknown>;
  // What is drawn at each start was no choice, in neither run.
  const keys = Object.entries((config as Record<string, unknown>) ?? {}).filter(
    ([key]) => !launch.isDrawn(key),
  );
  const digests = Array.isArray(data) ? data.map(String) : [];
  const versions = Object.entries((packages as Record<string, unknown>) ?? {});
  if (keys.length + digests.length + versions.length === 0) return false;
  return (
    keys.every(([key, value]) => {
      const mine = launch.config(key);
      return mine !== undefined && canonicalJson(mine) === canonicalJson(value);
    }) &&
    digests.every((digest) => launch.digests.has(digest)) &&
    versions.every(([name, version]) => launch.packages.get(name) === version)
  );
}

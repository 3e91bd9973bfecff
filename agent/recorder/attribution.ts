import type { Artifact } from '../protocol/record.ts';

export interface AttributionOptions {
  id: string;
  /** Other runs that may write into the same places now; asked at each version. */
  overlapping(): string[];
  /** The places were named by the user, not found among the usual ones. */
  declared: boolean;
  /** The run went on for a while with no recorder: what changed then is not known to be its own. */
  unattended: boolean;
}

/**
 * Tells whose a version is (record.md, guarantee 6): this run's where no other run was given the
 * place, contested where another was, and nobody's where the run was not watched in a place that
 * nobody gave to it alone. Never by time.
 */
export function createAttribution(
  options: AttributionOptions,
): (named: boolean) => Artifact['attribution'] {
  return (named) => {
    if (named) return { kind: 'observed', runs: [options.id] };
    const others = options.overlapping();
    if (others.length > 0) return { kind: 'contested', runs: [options.id, ...others].sort() };
    const given = options.declared || !options.unattended;
    return { kind: given ? 'exclusive-directory' : 'unattributed', runs: [options.id] };
  };
}

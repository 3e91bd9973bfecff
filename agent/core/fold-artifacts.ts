import type { ArtifactVersion } from '../protocol/journal.ts';
import type { Artifact } from '../protocol/record.ts';

/**
 * The versions of each artifact after more of them were seen.
 *
 * - The same path and digest again: the entry that stands is brought up to date.
 * - Another digest at the path: the version that was present becomes `overwritten`; where the
 *   new one says `grew`, it takes the place of the version that it continues.
 * - `deleted` or `moved`: the version that was present is marked so.
 */
export function foldArtifacts(artifacts: Artifact[], versions: ArtifactVersion[]): Artifact[] {
  const folded = [...artifacts];
  const places = new Map<string, number[]>();
  folded.forEach((artifact, place) => {
    remember(places, artifact, place);
  });
  for (const { grew, ...version } of versions) {
    const known = places.get(keyOf(version)) ?? [];
    const same = known.findLast((place) => folded[place]?.digest === version.digest);
    const present = known.findLast((place) => folded[place]?.state === 'present');
    const place = placeOf(version, same, present, grew === true);
    if (version.state === 'present' && present !== undefined && present !== place) {
      folded[present] = { ...(folded[present] as Artifact), state: 'overwritten' };
    }
    if (place === undefined) {
      remember(places, version, folded.length);
      folded.push(version);
    } else {
      folded[place] = merge(folded[place] as Artifact, version);
    }
  }
  return folded;
}

/** Which entry the version continues; undefined where it is a new one. */
function placeOf(
  version: Artifact,
  same: number | undefined,
  present: number | undefined,
  grew: boolean,
): number | undefined {
  const isGone = version.state === 'deleted' || version.state === 'moved';
  // Who tells of a removal may not know the digest of what was there.
  if (isGone) return version.digest === null ? (present ?? same) : (same ?? present);
  if (same !== undefined) return same;
  return grew ? present : undefined;
}

function merge(standing: Artifact, version: Artifact): Artifact {
  const { to: _earlier, ...rest } = standing;
  const isGone = version.state === 'deleted' || version.state === 'moved';
  if (isGone) {
    const { state, lastSeenAt, attribution } = version;
    const to = version.to === undefined ? {} : { to: version.to };
    return { ...rest, state, lastSeenAt, attribution, ...to };
  }
  return { ...version, firstSeenAt: standing.firstSeenAt };
}

/** A path that is not UTF-8 is told apart by its bytes. */
function keyOf(artifact: Artifact): string {
  return artifact.pathBytes === undefined
    ? artifact.path
    : `${artifact.path}\0${artifact.pathBytes}`;
}

function remember(places: Map<string, number[]>, artifact: Artifact, place: number): void {
  const key = keyOf(artifact);
  const known = places.get(key);
  if (known === undefined) places.set(key, [place]);
  else known.push(place);
}

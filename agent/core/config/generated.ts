import type { Config, Origin } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';
import { flattenConfig } from './flatten.ts';
import { findDrawn, type LaunchMoment } from './generated-value.ts';

type Resolved = Pick<Config, 'resolved' | 'origins'>;

/** Seeds that people write go up to dates as numbers. */
const chosenSeeds = 100_000_000;
const seedKey = /(?:^|[._-])(?:random_?)?(?:seed|random_state)s?$/i;

/** Whether a value was drawn anew at the start of its run, and says nothing about what was asked. */
export function isGenerated(origin: Origin | null | undefined): boolean {
  return origin?.kind === 'generated';
}

/**
 * Whether the value at launch was an expression that only the program computes (`${mul:2,3}`): what it
 * came to is no difference.
 */
export function isExpression(origin: Origin | null | undefined): boolean {
  return origin?.kind === 'file' && origin.text !== undefined;
}

/**
 * The leaves by which two configurations are the same: without seeds, which tell repeats of one run
 * apart, and without what is drawn at each start. Sorted by key, for a digest.
 */
export function repeatableLeaves({ resolved, origins }: Resolved): [string, Json][] {
  return [...flattenConfig(resolved ?? {})]
    .filter(([key]) => !seedKey.test(key) && !isGenerated(ownOf(origins, key)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * The origins of a configuration with each value marked that can only have been drawn at this
 * start: a time that is now, a folder named after it, the number of the process, the host, a port or
 * an id that nobody wrote. What a file, the command line or the user's program says in so many words
 * stays what it is. `before`: the configuration as it was known at launch; a seed that was open
 * there and has a value now was drawn.
 */
export function markGenerated(
  { resolved, origins }: Resolved,
  moment: LaunchMoment,
  before?: Resolved,
): Record<string, Origin> {
  const marked: Record<string, Origin> = { ...origins };
  const known = before === undefined ? null : flattenConfig(before.resolved ?? {});
  for (const [key, value] of flattenConfig(resolved ?? {})) {
    const origin = ownOf(origins, key);
    const expected = before === undefined ? undefined : ownOf(before.origins, key);
    const open = known !== null && seedKey.test(key) && isOpen(known.get(key), value);
    const what =
      expected?.kind === 'generated'
        ? (expected.what ?? 'time')
        : open && typeof value === 'number' && value >= 0 && canBeDrawn(origin)
          ? 'seed'
          : canBeDrawn(origin)
            ? findDrawn(key, value, moment)
            : null;
    // A literal that somebody wrote over an expression is that person's word.
    if (what === null || origin?.kind === 'override') continue;
    const place = origin ?? expected ?? {};
    Object.defineProperty(marked, key, {
      value: { ...expected, ...place, kind: 'generated', what },
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return marked;
}

/** What was written as it stands, in a file, by the user or in the environment, was not drawn. */
function canBeDrawn(origin: Origin | undefined): boolean {
  return origin === undefined || origin.kind === 'default' || origin.kind === 'program';
}

/**
 * No seed, or one that says "draw one". Where nothing was known before, the program's default may be
 * a number that its author has chosen: those are small.
 */
function isOpen(before: Json | undefined, value: Json): boolean {
  if (before === undefined) return typeof value === 'number' && value >= chosenSeeds;
  return before === null || before === -1 || before === 'random';
}

function ownOf(origins: Record<string, Origin>, key: string): Origin | undefined {
  return Object.hasOwn(origins, key) ? origins[key] : undefined;
}

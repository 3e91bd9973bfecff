import type { Config, Origin } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';
import { canonicalJson } from '../canonical.ts';
import { flattenConfig } from '../config/flatten.ts';
import { isExpression, isGenerated, markGenerated } from '../config/generated.ts';
import type { LaunchMoment } from '../config/generated-value.ts';
import { setMember } from '../config/node.ts';
import type { Sha256 } from '../seams.ts';
import { mergeTrees, type ToldConfig } from './told-config.ts';

/** More of them say no more. */
const mostDifferences = 200;

export interface EffectiveOptions {
  /** As it was known before the program started. */
  atLaunch: Config;
  /** By a configuration system inside the program; null where none spoke. */
  told: ToldConfig | null;
  /** In the program's own words, over all else. */
  said: Record<string, Json>;
  moment: LaunchMoment;
  sha256: Sha256;
  /** A path as the record has it. */
  place(path: string): string;
}

/**
 * The configuration as the program held it: the truth of the record. Origins that the program could
 * not tell are those of the launch where the value is the same; what was open at launch stays told,
 * and where the two differ the record says where.
 */
export function effectiveConfig(options: EffectiveOptions): Partial<Config> {
  const { atLaunch, told, said, moment, sha256, place } = options;
  // A program that reads its files itself, and tells its command line alone, holds both.
  const base = told === null || !told.readsFiles ? (atLaunch.resolved ?? {}) : {};
  const resolved = mergeTrees(mergeTrees(base, told?.values ?? {}), said);
  const before = flattenConfig(atLaunch.resolved ?? {});
  const own = flattenConfig(said);
  const origins: Record<string, Origin> = {};
  for (const [key, value] of flattenConfig(resolved)) {
    const known = isSame(before.get(key), value) ? ownOf(atLaunch.origins, key) : undefined;
    const inside = ownOf(told?.origins, key);
    const origin = own.has(key)
      ? { kind: 'program' as const }
      : betterOf(inside === undefined ? undefined : placed(inside, place), known);
    if (origin !== undefined) setMember(origins, key, origin);
  }
  const marked = markGenerated({ resolved, origins }, moment, atLaunch);
  const differences = differencesOf(before, resolved, { ...atLaunch.origins, ...marked }).filter(
    ({ key }) => !isExpression(ownOf(atLaunch.origins, key)),
  );
  return {
    resolved,
    origins: marked,
    overrides: overridesOf(atLaunch, told),
    unresolved: unresolvedOf(atLaunch, told),
    digest: sha256(canonicalJson(resolved)),
    ...(told === null || differences.length === 0 ? {} : { differences }),
  };
}

/** The one that says more: where a value was written before that it was there by default. */
function betterOf(inside: Origin | undefined, known: Origin | undefined): Origin | undefined {
  if (inside === undefined || known === undefined) return inside ?? known;
  const isVague = inside.kind === 'default' || inside.kind === 'program';
  if (isVague && known.kind !== 'default' && known.kind !== 'program') return known;
  if (inside.kind !== known.kind) return inside;
  if (inside.kind === 'file' && inside.path !== known.path) return inside;
  return { ...known, ...inside };
}

function placed(origin: Origin, place: (path: string) => string): Origin {
  return origin.path === undefined ? origin : { ...origin, path: place(origin.path) };
}

function overridesOf(atLaunch: Config, told: ToldConfig | null): string[] {
  const known = atLaunch.overrides;
  const inside =
    told?.overrides ??
    Object.values(told?.origins ?? {}).flatMap(({ kind, text }) =>
      kind === 'override' && text !== undefined ? [text] : [],
    );
  return [...new Set([...known, ...inside])];
}

/** What was open at launch with what was decided, and what only the program found open. */
function unresolvedOf(atLaunch: Config, told: ToldConfig | null): Config['unresolved'] {
  const known = new Set(atLaunch.unresolved.map(({ key }) => key));
  const more = (told?.unresolved ?? [])
    .filter(({ key }) => !known.has(key))
    .map((item) => ({ ...item, path: null, line: null, decision: null }));
  return [...atLaunch.unresolved, ...more];
}

/** Keys that both know, with other values; what is drawn at each start is none. */
function differencesOf(
  before: Map<string, Json>,
  resolved: Record<string, Json>,
  origins: Record<string, Origin>,
): NonNullable<Config['differences']> {
  const found: NonNullable<Config['differences']> = [];
  for (const [key, inProgram] of flattenConfig(resolved)) {
    const atLaunch = before.get(key);
    if (atLaunch === undefined || isSame(atLaunch, inProgram)) continue;
    if (isGenerated(ownOf(origins, key))) continue;
    found.push({ key, atLaunch, inProgram });
    if (found.length === mostDifferences) break;
  }
  return found;
}

function isSame(a: Json | undefined, b: Json): boolean {
  return a !== undefined && (a === b || canonicalJson(a) === canonicalJson(b));
}

function ownOf(origins: Record<string, Origin> | undefined, key: string): Origin | undefined {
  return origins !== undefined && Object.hasOwn(origins, key) ? origins[key] : undefined;
}

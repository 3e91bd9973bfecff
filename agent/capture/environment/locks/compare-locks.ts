import type { Package } from '../../../protocol/record.ts';
import { normaliseName } from '../distribution-metadata.ts';
import { parseVersion, sameVersion, satisfies } from './pep440.ts';
import type { Choice, Wanted } from './wanted.ts';

/** A package that is not as a lock file has it; for the gate `environment-drift`. */
export interface LockDifference {
  /** Path of the lock file, as in the record. */
  lock: string;
  /** Counted from 1. */
  line: number;
  name: string;
  expected: string;
  /** Null: not installed. */
  found: string | null;
}

/** Packages by ecosystem and name, as they are looked up for each thing that is wanted. */
export type Installed = ReadonlyMap<string, Pick<Package, 'version' | 'source'>>;

export function indexPackages(packages: Package[]): Installed {
  const installed = new Map<string, Package>();
  for (const one of packages) {
    const key = `${one.ecosystem}:${normaliseName(one.name)}`;
    if (!installed.has(key)) installed.set(key, one);
  }
  return installed;
}

/** Each package that is not as wanted, or null where nothing could be compared. */
export function compareWanted(
  lock: string,
  wanted: Wanted[],
  installed: Installed,
): LockDifference[] | null {
  const differences: LockDifference[] = [];
  let compared = 0;
  const hasConda = [...installed.keys()].some((key) => key.startsWith('conda:'));
  // What conda lists, for pip too, says nothing of an environment that conda did not make.
  if (!hasConda && wanted.some(({ ecosystem }) => ecosystem === 'conda')) return null;
  for (const { ecosystem, name, choices, required } of wanted) {
    const found = installed.get(`${ecosystem}:${name}`) ?? null;
    if (found === null && !required) continue;
    const verdicts = choices.map((choice) => (found === null ? false : isMet(choice, found)));
    if (verdicts.every((verdict) => verdict === null)) continue;
    compared += 1;
    if (verdicts.some((verdict) => verdict !== false)) continue;
    const [choice] = choices;
    if (!choice) continue;
    const { line, file = lock } = choice;
    const expected = describeChoices(choices);
    differences.push({ lock: file, line, name, expected, found: describeFound(found, choice) });
  }
  return compared === 0 ? null : differences;
}

/** Null where nothing follows: a version that nobody knows, or a range that is not understood. */
function isMet(choice: Choice, found: Pick<Package, 'version' | 'source'>): boolean | null {
  const { version, specifier, commit } = choice;
  const installedCommit = /@([0-9a-f]{40})(?:#|$)/.exec(found.source ?? '')?.[1];
  if (commit !== undefined && installedCommit !== undefined && commit !== installedCommit)
    return false;
  if (version === null && specifier === undefined) return true;
  if (found.version === null) return null;
  if (version !== null) return sameVersion(version, found.version);
  return parseVersion(found.version) ? satisfies(found.version, specifier ?? '') : null;
}

function describeChoices(choices: Choice[]): string {
  const texts = choices.map(({ version, specifier, commit }) => {
    return version ?? specifier ?? (commit === undefined ? 'any version' : `commit ${commit}`);
  });
  return [...new Set(texts)].join(' or ');
}

function describeFound(
  found: Pick<Package, 'version' | 'source'> | null,
  choice: Choice,
): string | null {
  if (found === null) return null;
  const version = found.version ?? 'of an unknown version';
  // Where the number is as it should be, it is the commit that is not.
  const sameNumber = choice.version === null || sameVersion(choice.version, version);
  const byCommit = choice.commit !== undefined && sameNumber && found.source !== null;
  return byCommit ? `${version} (${found.source})` : version;
}

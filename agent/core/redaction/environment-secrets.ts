import { judgeName } from './secret-name.ts';
import { isNumber, isPath, isSecretValue, isTrivial } from './secret-value.ts';

/** Values that are everywhere in ordinary text. */
const common =
  /^(?:password|secret|changeme|change-me|postgres|postgresql|mysql|mongodb|localhost|example|testing|default|development|production|anonymous|guest)$/i;

/**
 * The values of secret-named variables, longest first: they are replaced wherever they occur.
 * Short and trivial values, paths, numbers, and what another, open variable also says, are not.
 */
export function findEnvironmentSecrets(
  environment: Readonly<Record<string, string | undefined>>,
  isNamed: (name: string) => boolean,
): string[] {
  const open = new Set<string>();
  const found = new Set<string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value.length < 6) continue;
    const rule = isNamed(name) ? 'named' : judgeName(name);
    if (rule === null) {
      open.add(value);
      continue;
    }
    const plain = isTrivial(value) || isNumber(value) || isPath(value) || common.test(value);
    // A number that the user calls a secret is one (a PIN), if it is long enough not to be anywhere.
    if (plain && !(rule === 'named' && isNumber(value))) continue;
    if (isSecretValue(value, rule)) found.add(value);
  }
  return [...found].filter((value) => !open.has(value)).sort((a, b) => b.length - a.length);
}

/** A secret as it may also be written: percent-encoded in a URL, escaped in JSON. */
export function spellingsOf(secret: string): string[] {
  const spellings = new Set([secret, JSON.stringify(secret).slice(1, -1)]);
  try {
    spellings.add(encodeURIComponent(secret));
  } catch {
    // A lone surrogate has no percent-encoding.
  }
  return [...spellings];
}

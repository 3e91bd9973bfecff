import type { Code, DataEntry, Environment, Repository, RunRecord } from '../protocol/record.ts';
import type { Json } from '../protocol/values.ts';
import { canonicalJson } from './canonical.ts';
import { repeatableLeaves } from './config/generated.ts';
import type { Sha256 } from './seams.ts';

/** What of a record decides whether another is a repeat of it. */
export type FingerprintInputs = Pick<
  RunRecord,
  'code' | 'config' | 'data' | 'environment' | 'command'
>;

/**
 * The digest by which two runs are repeats of each other: code tree, config without seeds and
 * generated values, data digests, locked or installed packages, and the command. Null while any of
 * them is unknown: what is unknown is never equal.
 */
export function fingerprint(inputs: FingerprintInputs, sha256: Sha256): string | null {
  const code = codeIdentity(inputs.code);
  if (code === null || inputs.environment === null) return null;
  // What was only seen to be read is not known at a launch, which has to find its repeats.
  const known = inputs.data.filter((entry) => entry.seen.some((seen) => seen !== 'hook'));
  if (known.some((entry) => entry.role === 'input' && isOpen(entry))) return null;
  if (inputs.config.resolved === null && inputs.config.sources.length > 0) return null;
  return sha256(
    canonicalJson({
      code,
      config: repeatableLeaves(inputs.config),
      // What is only named, and too large to be hashed, is no claim: it does not count.
      data: known
        .filter((entry) => !isOpen(entry))
        .map((entry) => [entry.path, entry.mode, entry.version, entry.digest])
        .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
      packages: packageIdentity(inputs.environment),
      command: commandIdentity(inputs),
    }),
  );
}

/** Nothing says yet which content it is; a pointer does by its version. */
function isOpen({ digest, mode, version }: DataEntry): boolean {
  return digest === null && mode !== 'uri' && !(mode === 'pointer' && version !== null);
}

function codeIdentity(code: Code): Json {
  if (code.tree !== null) {
    // What is known only once a program has run cannot tell whether it will be a repeat.
    const known = code.repositories.filter(({ capturedAt }) => capturedAt === undefined);
    const others = [...code.submodules, ...known].map((other): [string, string | null] => [
      other.path,
      repositoryIdentity(other),
    ]);
    return others.some(([, id]) => id === null) ? null : [code.tree, ...others];
  }
  const files = code.files ?? [];
  return files.length === 0 ? null : files.map((file) => [file.path, file.digest]);
}

/** Without a snapshot (it could not be written) only a clean one is known by its commit. */
function repositoryIdentity({ tree, commit, clean }: Repository): string | null {
  return tree ?? (clean === false ? null : commit);
}

/** The lock files where there are any, else the sorted list of what is installed. */
function packageIdentity(environment: Environment): Json {
  const locks = environment.locks.filter((lock) => lock.digest !== null);
  if (locks.length > 0) return locks.map((lock) => [lock.path, lock.digest]);
  return (environment.packages ?? [])
    .map((item) => `${item.ecosystem}:${item.name}==${item.version}`)
    .sort();
}

/** The command without config overrides; an interpreter counts by its version, not its path. */
function commandIdentity({ command, environment }: FingerprintInputs): Json {
  const words = command.argv.filter((_, index) => !command.configWords?.includes(index));
  const interpreter = environment?.interpreter;
  if (interpreter) words[0] = `${interpreter.name} ${interpreter.version}`;
  return words;
}

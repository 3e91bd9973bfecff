import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { KeepObject, Sha256 } from '../../core/seams.ts';
import { messageOf, systemCode } from '../../protocol/errors.ts';
import type { Environment, Package } from '../../protocol/record.ts';
import { type Pin, readPins, sameVersion } from './lock-pins.ts';

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

export interface LockSurvey {
  locks: Environment['locks'];
  differences: LockDifference[];
  problems: string[];
}

export interface LockOptions {
  workspaceRoot: string;
  cwd: string;
  /** Null where they are not known: nothing is compared. */
  packages: Package[] | null;
  keepObject: KeepObject;
  sha256: Sha256;
  /** What is kept of a lock file: indexes are often given with a password. */
  redactText?: ((text: string) => string) | undefined;
}

const lockNames =
  /^(?:uv\.lock|poetry\.lock|Pipfile\.lock|pdm\.lock|pylock(?:\..+)?\.toml|pixi\.lock|conda-lock\.ya?ml|environment\.ya?ml|requirements[^/]*\.txt|renv\.lock|Manifest\.toml|package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|Gemfile\.lock|go\.sum)$/;
const sizeLimitBytes = 50_000_000;

/** The lock files of the workspace and the run's folder: kept, and compared with what is installed. */
export function surveyLocks(options: LockOptions): LockSurvey {
  const survey: LockSurvey = { locks: [], differences: [], problems: [] };
  const installed = new Map<string, string[]>();
  for (const { ecosystem, name, version } of options.packages ?? []) {
    if (ecosystem === 'pypi' && version) installed.set(name, [version]);
  }
  const folders = new Set([options.workspaceRoot, options.cwd]);
  for (const folder of folders) {
    for (const name of listLocks(folder))
      readLock(join(folder, name), name, installed, options, survey);
  }
  return survey;
}

function listLocks(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => lockNames.test(name))
      .sort();
  } catch {
    return [];
  }
}

function readLock(
  path: string,
  fileName: string,
  installed: Map<string, string[]>,
  options: LockOptions,
  survey: LockSurvey,
): void {
  const inside = relative(options.workspaceRoot, path);
  const shown = inside.startsWith('..') ? path : inside;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return;
    if (stat.size > sizeLimitBytes) throw new Error('too large to be kept');
    const bytes = readFileSync(path);
    const kept = keepLock(bytes, options);
    const differences = options.packages ? compare(shown, fileName, bytes, installed) : null;
    survey.differences.push(...(differences ?? []));
    survey.locks.push({ path: shown, ...kept, agrees: differences && differences.length === 0 });
  } catch (error) {
    if (systemCode(error) === 'ENOSPC') throw error;
    survey.locks.push({ path: shown, digest: null, agrees: null });
    survey.problems.push(`${shown}: ${systemCode(error) ?? messageOf(error)}`);
  }
}

/** The digest is always that of the file itself; a copy without its secrets has one of its own. */
function keepLock(bytes: Buffer, options: LockOptions): { digest: string; object?: string } {
  const text = bytes.toString('utf8');
  const redacted = options.redactText?.(text) ?? text;
  if (redacted === text) return { digest: options.keepObject(bytes) };
  return { digest: options.sha256(bytes), object: options.keepObject(Buffer.from(redacted)) };
}

/** Null where nothing in the file can be compared. */
function compare(
  lock: string,
  fileName: string,
  bytes: Buffer,
  installed: Map<string, string[]>,
): LockDifference[] | null {
  const reading = readPins(fileName, bytes.toString('utf8'));
  if (!reading) return null;
  const byName = new Map<string, Pin[]>();
  for (const pin of reading.pins) byName.set(pin.name, [...(byName.get(pin.name) ?? []), pin]);
  const differences: LockDifference[] = [];
  let compared = 0;
  for (const [name, pins] of byName) {
    const found = installed.get(name)?.[0] ?? null;
    if (found === null && !reading.allInstalled) continue;
    compared += 1;
    // A lock may hold one version a platform: any of them will do.
    if (found !== null && pins.some((pin) => sameVersion(pin.version, found))) continue;
    const [pin] = pins;
    if (pin) differences.push({ lock, line: pin.line, name, expected: pin.version, found });
  }
  return compared === 0 ? null : differences;
}

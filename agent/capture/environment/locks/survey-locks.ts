import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { KeepObject, Sha256 } from '../../../core/seams.ts';
import { messageOf, systemCode } from '../../../protocol/errors.ts';
import type { Environment, Package } from '../../../protocol/record.ts';
import {
  compareWanted,
  type Installed,
  indexPackages,
  type LockDifference,
} from './compare-locks.ts';
import type { MarkerValues } from './markers.ts';
import { readLock } from './read-lock.ts';

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
  /** What the interpreter answers to markers. */
  markers: MarkerValues;
  /** `sys.prefix`, where it is known. */
  prefix: string | null;
  keepObject: KeepObject;
  sha256: Sha256;
  /** What is kept of a lock file: indexes are often given with a password. */
  redactText?: ((text: string) => string) | undefined;
}

const lockNames =
  /^(?:uv\.lock|poetry\.lock|Pipfile\.lock|pdm\.lock|pylock(?:\..+)?\.toml|pixi\.lock|conda-lock\.ya?ml|conda-(?:linux|osx|win)-\w+\.lock|environment\.ya?ml|requirements[^/]*\.txt|renv\.lock|Manifest\.toml|package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|Gemfile\.lock|go\.sum)$/;
const sizeLimitBytes = 50_000_000;

/**
 * The lock files between the run's folder and the workspace root: kept, and compared with what is
 * installed.
 */
export function surveyLocks(options: LockOptions): LockSurvey {
  const survey: LockSurvey = { locks: [], differences: [], problems: [] };
  const installed = options.packages === null ? null : indexPackages(options.packages);
  const included = new Set<string>();
  for (const folder of foldersUp(options.cwd, options.workspaceRoot)) {
    for (const name of listLocks(folder)) {
      takeLock(join(folder, name), name, { options, installed, survey, included });
    }
  }
  for (const path of included) {
    const shown = showPath(path, options);
    if (survey.locks.some((lock) => lock.path === shown)) continue;
    const agrees = survey.differences.every((difference) => difference.lock !== shown);
    survey.locks.push({ path: shown, ...keepLock(readFileSync(path), options), agrees });
  }
  return survey;
}

/** The root first: what a project locks for itself comes before a part of it. */
function foldersUp(cwd: string, root: string): string[] {
  const folders: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === root) return folders;
    if (folder === dirname(folder)) return root === cwd ? [cwd] : [root, cwd];
  }
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

interface Survey {
  options: LockOptions;
  installed: Installed | null;
  survey: LockSurvey;
  /** Files that requirements files include. */
  included: Set<string>;
}

function takeLock(path: string, fileName: string, context: Survey): void {
  const { options, installed, survey } = context;
  const shown = showPath(path, options);
  let kept: { digest: string | null; object?: string } = { digest: null };
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return;
    if (stat.size > sizeLimitBytes) throw new Error('too large to be kept');
    const bytes = readFileSync(path);
    kept = keepLock(bytes, options);
    const differences = installed && compare(path, fileName, bytes, installed, context);
    survey.differences.push(...(differences ?? []));
    survey.locks.push({ path: shown, ...kept, agrees: differences && differences.length === 0 });
  } catch (error) {
    if (systemCode(error) === 'ENOSPC') throw error;
    survey.locks.push({ path: shown, ...kept, agrees: null });
    survey.problems.push(`${shown}: ${systemCode(error) ?? messageOf(error)}`);
  }
}

function showPath(path: string, { workspaceRoot }: LockOptions): string {
  const inside = relative(workspaceRoot, path);
  return inside.startsWith('..') ? path : inside;
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
  path: string,
  fileName: string,
  bytes: Buffer,
  installed: Installed,
  { options, included }: Survey,
): LockDifference[] | null {
  const wanted = readLock(fileName, bytes.toString('utf8'), {
    markers: options.markers,
    subdir: condaPlatform(),
    pixiEnvironment: /\/\.pixi\/envs\/([^/]+)/.exec(options.prefix ?? '')?.[1] ?? 'default',
    readBeside: (beside) => {
      const target = join(dirname(path), beside);
      try {
        const text = readFileSync(target, 'utf8');
        included.add(target);
        return text;
      } catch {
        return null;
      }
    },
  });
  if (!wanted) return null;
  const differences = compareWanted(showPath(path, options), wanted, installed);
  return (
    differences?.map((difference) => ({
      ...difference,
      lock:
        difference.lock === showPath(path, options)
          ? difference.lock
          : showPath(join(dirname(path), difference.lock), options),
    })) ?? null
  );
}

/** How conda names this platform. */
function condaPlatform(): string {
  const system = { linux: 'linux', darwin: 'osx', win32: 'win' }[process.platform as string];
  const machine =
    process.arch === 'x64'
      ? '64'
      : process.arch === 'arm64'
        ? process.platform === 'linux'
          ? 'aarch64'
          : 'arm64'
        : process.arch;
  return `${system ?? process.platform}-${machine}`;
}

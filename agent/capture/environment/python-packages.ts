import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf, systemCode } from '../../protocol/errors.ts';
import type { Package } from '../../protocol/record.ts';
import { readCondaPackages } from './conda-packages.ts';
import { type Distribution, readDistributions } from './distribution-metadata.ts';
import { isFile, isFolder } from './find-program.ts';
import {
  isRacy,
  memoryPath,
  type PythonMemory,
  readMemory,
  statText,
  writeMemory,
} from './python-cache.ts';
import { guessPythonFacts } from './python-layout.ts';
import { type PythonFacts, probePython } from './python-probe.ts';
import type { Interpreter } from './resolve-interpreter.ts';

export interface PythonSurvey {
  facts: PythonFacts;
  /**
   * Sorted by name; of two of one name the first on the path counts. Null where nothing was found
   * and something could not be read: that is no empty environment.
   */
  packages: Package[] | null;
  /** Who installed how many: `pip`, `uv`, `poetry` ... */
  installers: Map<string, number>;
  /** What could not be found out. */
  problems: string[];
}

/**
 * What is installed, from the metadata on the interpreter's path, as `importlib.metadata` reads
 * it. Python is started once for each interpreter and set of circumstances; from then on the
 * folders' stats tell whether anything changed (a few ms for hundreds of packages).
 */
export async function surveyPython(
  interpreter: Interpreter,
  cacheFolder: string,
  nowMs: number,
): Promise<PythonSurvey> {
  const memoryFile = memoryPath(interpreter, cacheFolder);
  const memory = readMemory(memoryFile);
  const problems: string[] = [];
  const trusted = memory !== null && isFresh(memory);
  const facts = trusted ? memory.facts : await askPython(interpreter, problems);
  // A file on the path is a zip of modules.
  const folders = facts.path.filter((path) => isFolder(path) || isFile(path));
  const read = readFolders(folders, memory?.folders ?? {}, nowMs, problems);
  const conda = surveyConda(facts.prefix, memory?.conda ?? null, nowMs, problems);
  if (problems.length === 0 && (!trusted || read.changed || conda.changed)) {
    const watched = watch([...folders, ...userFolder(interpreter, facts)], nowMs);
    const memory = { format: 2 as const, facts, folders: read.known, conda: conda.known };
    if (watched) writeMemory(memoryFile, { ...memory, watched });
  }
  // The script's own folder comes first on the path; it changes too often to be remembered.
  const own = interpreter.script ? dirname(interpreter.script) : interpreter.cwd;
  const all = [...readOwnFolder(own), ...read.distributions];
  const packages = [...firstOfName(all), ...conda.packages];
  return {
    facts,
    packages: packages.length === 0 && problems.length > 0 ? null : packages,
    installers: countInstallers(all),
    problems,
  };
}

async function askPython(interpreter: Interpreter, problems: string[]): Promise<PythonFacts> {
  try {
    // On macOS this may be a stub that opens an installer.
    if (process.platform === 'darwin' && interpreter.realPath.startsWith('/usr/bin/')) {
      throw new Error('the system’s Python is never started to be asked');
    }
    return await probePython(interpreter);
  } catch (error) {
    problems.push(
      `packages: ${interpreter.path} could not be asked where it looks for modules (${messageOf(error)}); only its usual folders were read`,
    );
    return guessPythonFacts(interpreter);
  }
}

function isFresh(memory: PythonMemory): boolean {
  return Object.entries(memory.watched).every(([path, stat]) => statText(path) === stat);
}

/** Null where something changed just now, so that its stat could hide the next change. */
function watch(folders: string[], nowMs: number): PythonMemory['watched'] | null {
  const watched: PythonMemory['watched'] = {};
  for (const folder of folders) {
    if (!/(?:site|dist)-packages$/.test(folder)) continue;
    if (!isFolder(folder)) {
      watched[folder] = statText(folder);
      continue;
    }
    const paths = readdirSync(folder).filter((name) => name.endsWith('.pth'));
    for (const path of [folder, ...paths.map((name) => join(folder, name))]) {
      if (isRacy(path, nowMs)) return null;
      watched[path] = statText(path);
    }
  }
  return watched;
}

/** It joins the path on the day that it is made. */
function userFolder({ env }: Interpreter, { version }: PythonFacts): string[] {
  const base = env.PYTHONUSERBASE ?? (env.HOME ? join(env.HOME, '.local') : null);
  const minor = version.split('.').slice(0, 2).join('.');
  return base ? [join(base, 'lib', `python${minor}`, 'site-packages')] : [];
}

function readFolders(
  folders: string[],
  remembered: PythonMemory['folders'],
  nowMs: number,
  problems: string[],
): { distributions: Distribution[]; known: PythonMemory['folders']; changed: boolean } {
  const known: PythonMemory['folders'] = {};
  const distributions: Distribution[] = [];
  let changed = false;
  for (const folder of folders) {
    const stat = statText(folder);
    const before = remembered[folder];
    try {
      const found = before?.stat === stat ? before.distributions : readDistributions(folder);
      changed ||= before?.stat !== stat;
      if (!isRacy(folder, nowMs)) known[folder] = { stat, distributions: found };
      distributions.push(...found);
    } catch (error) {
      problems.push(`packages: ${folder}: ${systemCode(error) ?? messageOf(error)}`);
    }
  }
  return { distributions, known, changed };
}

/** Their files are large: they are read again when the folder has changed. */
function surveyConda(
  prefix: string,
  remembered: PythonMemory['conda'],
  nowMs: number,
  problems: string[],
): { packages: Package[]; known: PythonMemory['conda']; changed: boolean } {
  const folder = join(prefix, 'conda-meta');
  if (!isFolder(folder)) return { packages: [], known: null, changed: remembered !== null };
  const stat = statText(folder);
  if (remembered?.stat === stat) {
    return { packages: remembered.packages, known: remembered, changed: false };
  }
  try {
    const packages = readCondaPackages(prefix);
    return { packages, known: isRacy(folder, nowMs) ? null : { stat, packages }, changed: true };
  } catch (error) {
    problems.push(`packages: ${folder}: ${systemCode(error) ?? messageOf(error)}`);
    return { packages: [], known: null, changed: true };
  }
}

function readOwnFolder(folder: string): Distribution[] {
  try {
    return readDistributions(folder);
  } catch {
    return [];
  }
}

function firstOfName(distributions: Distribution[]): Package[] {
  const byName = new Map<string, Package>();
  for (const { name, version, source } of distributions) {
    if (byName.has(name)) continue;
    byName.set(name, { ecosystem: 'pypi', name, version, source, imported: null });
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function countInstallers(distributions: Distribution[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { installer } of distributions) {
    if (installer) counts.set(installer, (counts.get(installer) ?? 0) + 1);
  }
  return counts;
}

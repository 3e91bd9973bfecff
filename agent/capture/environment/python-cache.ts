import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Package } from '../../protocol/record.ts';
import type { Distribution } from './distribution-metadata.ts';
import type { PythonFacts } from './python-probe.ts';
import type { Interpreter } from './resolve-interpreter.ts';

/** What is known of one interpreter since the launch before, with what makes it stale. */
export interface PythonMemory {
  format: 2;
  facts: PythonFacts;
  /** Stats of what decides where modules come from: `.pth` files and the folders they lie in. */
  watched: Record<string, string>;
  /** Distributions by folder, with the stat of the folder. */
  folders: Record<string, { stat: string; distributions: Distribution[] }>;
  /** What conda installed, with the stat of its folder; null where it did not. */
  conda: { stat: string; packages: Package[] } | null;
}

const variables =
  /^(?:PYTHON(?:PATH|HOME|NOUSERSITE|USERBASE|SAFEPATH|PLATLIBDIR|EXECUTABLE)|HOME|__PYVENV_LAUNCHER__)$/;

/** The file that remembers this interpreter under these circumstances. */
export function memoryPath(interpreter: Interpreter, cacheFolder: string): string {
  const { path, realPath, venv, isolation, env, cwd } = interpreter;
  const key = JSON.stringify([
    path,
    statText(realPath),
    venv ? statText(join(venv, 'pyvenv.cfg')) : null,
    isolation,
    Object.entries(env)
      .filter(([name]) => variables.test(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    env.PYTHONPATH ? cwd : null,
  ]);
  return join(cacheFolder, 'python', `${shortHash(key)}.json`);
}

export function readMemory(path: string): PythonMemory | null {
  const memory = readJson<PythonMemory>(path);
  return memory?.format === 2 ? memory : null;
}

/** Never fatal: without it the next launch asks again. */
export function writeMemory(path: string, memory: PythonMemory): void {
  writeJson(path, memory);
}

/** What is remembered of a folder of modules that has this stat. */
export function readFolderMemory<T>(folder: string, stat: string, cacheFolder: string): T | null {
  const memory = readJson<{ stat: string; found: T }>(folderMemoryPath(folder, cacheFolder));
  return memory?.stat === stat ? memory.found : null;
}

export function writeFolderMemory<T>(
  folder: string,
  stat: string,
  cacheFolder: string,
  found: T,
): void {
  writeJson(folderMemoryPath(folder, cacheFolder), { stat, found });
}

function folderMemoryPath(folder: string, cacheFolder: string): string {
  return join(cacheFolder, 'python', `modules-${shortHash(folder)}.json`);
}

function shortHash(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

function readJson<T>(path: string): T | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return null;
  }
}

function writeJson(path: string, value: unknown): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(value));
    renameSync(temporary, path);
  } catch {
    // A full or read-only disk shows itself where it matters: at the launch line.
  }
}

/** Inode, size and times of a file or folder; empty where there is none that can be asked. */
export function statText(path: string): string {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat ? `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}` : '';
  } catch {
    return '';
  }
}

/** A folder changed so lately that its next change could leave the same stat. */
export function isRacy(path: string, nowMs: number): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined || nowMs - Math.max(stat.mtimeMs, stat.ctimeMs) < 2_000;
}

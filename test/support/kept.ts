import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Exit, ExitFacts, LaunchFailure, Started } from '../../agent/recorder/keeper.ts';

const driver = fileURLToPath(new URL('keep.ts', import.meta.url));

/** The folder of one run, and what the keeper left in it. */
export interface RunFolder {
  path: string;
  /** Command and arguments that run `command` under a keeper; options as `keep.ts` has them. */
  keep(options: object, ...command: string[]): string[];
  log(): string;
  exit(): ExitFacts;
  process(): Started;
  /** What the client said: `launched`, `ended`, `quiet`, `troubles`. */
  said(kind: 'launched'): Started | LaunchFailure;
  said(kind: 'ended'): Exit & { wasInterrupted: boolean; logAbsent: string | null };
  said(kind: string): unknown;
  has(name: string): boolean;
  file(name: string): string;
  remove(): void;
}

export function makeRunFolder(): RunFolder {
  const path = mkdtempSync(join(tmpdir(), 'keeper-'));
  const file = (name: string) => readFileSync(join(path, name), 'utf8');
  const said = (kind: string) => {
    const lines = file('report').trim().split('\n');
    return lines.map((line) => JSON.parse(line)).find((line) => line.kind === kind)?.value;
  };
  return {
    path,
    keep(options, ...command) {
      const all = { folder: path, report: join(path, 'report'), ...options };
      return [process.execPath, driver, JSON.stringify(all), '--', ...command];
    },
    log: () => file('output.log'),
    exit: () => JSON.parse(file('exit.json')),
    process: () => JSON.parse(file('process.json')),
    said: said as RunFolder['said'],
    has: (name) => existsSync(join(path, name)),
    file,
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 9, retryDelay: 50 }),
  };
}

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  stdout(): string;
  finished: Promise<Finished>;
}

/** Starts a command with pipes (Latin-1: one character a byte), in a process group of its own. */
export function start(command: string[], options: { input?: string; cwd?: string } = {}): Running {
  const [file = '', ...words] = command;
  const child = spawn(file, words, { cwd: options.cwd, detached: true, stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('latin1').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('latin1').on('data', (text) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, stdout: () => stdout, finished };
}

export function run(command: string[], options: { input?: string; cwd?: string } = {}) {
  return start(command, options).finished;
}

/** Waits for a state that another process brings about. */
export async function until(what: string, test: () => boolean, limitMs = 20_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!test()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

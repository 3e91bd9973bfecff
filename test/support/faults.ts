import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ExitFile, ProcessFile } from '../../agent/core/liveness.ts';
import type { ProcessIdentity, RunRecord } from '../../agent/protocol/record.ts';
import { finish, until, type Workspace } from './workspace.ts';

/** A recorder that was started and may be killed. */
export interface Running {
  child: ChildProcess;
  /** Of the run; there from the launch line on. */
  id: string;
  finished: ReturnType<typeof finish>;
  stdout(): string;
}

/** Records a command; resolves when the program has printed `text`. */
export async function startRun(
  workspace: Workspace,
  args: readonly string[],
  text: string,
): Promise<Running> {
  const before = new Set(workspace.runs());
  const child = workspace.start(['run', '--quiet', ...args]);
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const finished = finish(child);
  await until(() => printed.includes(text), `the program to print ${text}`);
  const id = workspace.runs().find((run) => !before.has(run)) as string;
  return { child, id, finished, stdout: () => printed };
}

/** Whether a process is there and has not ended. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

export function runFile(workspace: Workspace, id: string, name: string): string {
  return join(workspace.root, '.runrecord/runs', id, name);
}

/** A JSON file of the run's folder, or null. */
export function readRunJson<T>(workspace: Workspace, id: string, name: string): T | null {
  try {
    return JSON.parse(readFileSync(runFile(workspace, id, name), 'utf8')) as T;
  } catch {
    return null;
  }
}

export function processFile(workspace: Workspace, id: string): ProcessFile | null {
  return readRunJson<ProcessFile>(workspace, id, 'process.json');
}

export function exitFile(workspace: Workspace, id: string): ExitFile | null {
  return readRunJson<ExitFile>(workspace, id, 'exit.json');
}

/** SIGKILL, and waits until the process has gone. Nothing where it has gone already. */
export async function killHard(process_: ProcessIdentity | number | null | undefined) {
  const pid = typeof process_ === 'number' ? process_ : process_?.pid;
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    return;
  }
  await until(() => !isRunning(pid), `process ${pid} to be gone`);
}

/** Waits until somebody has written the record's last line. */
export function untilClosed(workspace: Workspace, id: string): Promise<RunRecord> {
  return until(async () => {
    const journal = readFileSync(runFile(workspace, id, 'journal.jsonl'), 'utf8');
    if (!journal.includes('"type":"closed"')) return null;
    // Its finisher gives the lock back last.
    if (readRunJson(workspace, id, 'lock') !== null) return null;
    return workspace.show(id);
  }, `run ${id} to be closed`);
}

/** Ends what a test may have left behind in this workspace: its programs and their keepers. */
export async function endAll(workspace: Workspace): Promise<void> {
  for (const id of workspace.runs()) {
    const known = processFile(workspace, id);
    await killHard(known?.process);
    await killHard(known?.keeper);
    await killHard(readRunJson<{ process: ProcessIdentity }>(workspace, id, 'lock')?.process);
  }
}

/**
 * Everything in the repository that a run must not touch: digests of all files of `.git` but
 * objects and our references, with the times of those that people notice.
 */
export function repositoryState(root: string): Record<string, string> {
  const git = join(root, '.git');
  const state: Record<string, string> = {};
  const entries = readdirSync(git, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(git.length + 1);
    if (/^objects(\/|$)|^refs\/runrecord(\/|$)/.test(name)) continue;
    if (entry.isSymbolicLink()) state[name] = readlinkSync(path);
    else if (entry.isFile()) {
      const time = ['index', 'HEAD', 'config'].includes(name)
        ? statSync(path, { bigint: true }).mtimeNs
        : '';
      state[name] = `${createHash('sha256').update(readFileSync(path)).digest('hex')} ${time}`;
    } else state[name] = 'folder';
  }
  return state;
}

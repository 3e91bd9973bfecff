import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { files } from '../protocol/names.ts';
import type { Exit, ExitFacts, KeeperSpec, LaunchFailure, Started } from './keeper-types.ts';
import { identifyProcess } from './process-identity.ts';

export interface InheritedProgram {
  launched: Promise<Started | LaunchFailure>;
  ended: Promise<Exit>;
  signal(name: NodeJS.Signals): void;
}

/** Of a terminal: it sends these to the program itself, as to the whole process group. */
const terminalSignals = new Set<NodeJS.Signals>(['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGCONT']);

/**
 * The program as a child of this process, on the user's own descriptors: Windows, and machines
 * without Python. There is no log, no resource use, and no exit when this process is killed.
 */
export function startInherited(spec: KeeperSpec, wasInterrupted: () => boolean): InheritedProgram {
  const launched = Promise.withResolvers<Started | LaunchFailure>();
  const ended = Promise.withResolvers<Exit>();
  const onTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  const startedAt = new Date();
  const startedMs = performance.now();
  let child: ChildProcess;

  const facts = (change: Partial<ExitFacts>): ExitFacts => ({
    exitCode: null,
    signal: null,
    startedAt: startedAt.toISOString(),
    endedAt: new Date().toISOString(),
    durationMs: performance.now() - startedMs,
    peakMemoryBytes: null,
    cpuTimeMs: null,
    interrupted: wasInterrupted(),
    oomKills: null,
    log: null,
    failure: null,
    ...change,
  });

  const start = (argv: string[]) => {
    const [file = '', ...words] = argv;
    child = spawn(file, words, { cwd: spec.cwd, env: spec.environment, stdio: 'inherit' });
    child.on('error', (error: NodeJS.ErrnoException) => {
      // A script without a `#!` line: shells run it themselves.
      if (error.code === 'ENOEXEC' && file !== '/bin/sh') start(['/bin/sh', file, ...words]);
      else fail(error.code ?? 'EIO', `${file}: ${error.message}`);
    });
    child.on('spawn', () => {
      const identity = identifyProcess(child.pid ?? 0);
      const process = identity ?? { pid: child.pid ?? 0, startTime: null, bootId: null };
      const at = startedAt.toISOString();
      writeWhole(spec.folder, files.process, { process, keeper: null, startedAt: at });
      launched.resolve({ kind: 'started', process, keeper: null, startedAt: at });
    });
    child.on('exit', (exitCode, signal) => {
      const exit = facts({ exitCode, signal });
      writeWhole(spec.folder, files.exit, exit);
      ended.resolve({ known: true, leftRunning: false, ...exit });
    });
  };

  const fail = (errno: string, message: string) => {
    writeWhole(spec.folder, files.exit, facts({ failure: { errno, message } }));
    const exitCode = errno === 'ENOENT' ? 127 : 126;
    launched.resolve({ kind: 'launch-failure', errno, message, exitCode });
  };

  start(spec.argv);
  return {
    launched: launched.promise,
    ended: ended.promise,
    signal(name) {
      if (onTerminal && terminalSignals.has(name)) return;
      if (name in constants.signals) child.kill(name);
    },
  };
}

/** By rename, so that a reader sees all or nothing; a full disk must not end the run. */
export function writeWhole(folder: string, name: string, value: unknown): void {
  const path = join(folder, name);
  try {
    const file = openSync(`${path}.tmp`, 'w');
    try {
      writeSync(file, `${JSON.stringify(value)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.tmp`, path);
  } catch {
    // The journal's own lines still tell the end.
  }
}

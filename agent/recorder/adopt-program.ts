import { setTimeout as wait } from 'node:timers/promises';
import { files } from '../protocol/names.ts';
import type { ProcessIdentity } from '../protocol/record.ts';
import { readExitFile } from '../store/exit-file.ts';
import { writeWhole } from './keeper-inherited.ts';
import type { Exit, Keeper } from './keeper-types.ts';
import { identifyProcess, isSameProcessAlive } from './process-identity.ts';

const lookMs = 200;

export interface AdoptOptions {
  /** A program that is held: it exists, and waits to be let go. */
  pid: number;
  /** The run's folder, absolute. What the program or its host leaves there as `exit.json` counts. */
  folder: string;
  /** Lets the program go on: its launch line is on disk. */
  letGo(): void | Promise<void>;
}

/**
 * Stands in the place of a keeper for a program that somebody else has started: a debugger, a
 * notebook, a terminal. It is followed by pid and start time; there is no log of ours, and its
 * exit is what it leaves behind (else nobody knows it, and the run is `lost`).
 */
export function adoptProgram({ pid, folder, letGo }: AdoptOptions): Keeper {
  const ended = Promise.withResolvers<Exit>();
  // Before anything else happens: later the number may be another process's.
  const held = identifyProcess(pid);
  let interrupted = false;
  return {
    async go() {
      if (held === null || isSameProcessAlive(held) === false) {
        const message = `process ${pid} has ended before its launch was recorded`;
        return { kind: 'launch-failure', errno: 'ESRCH', message, exitCode: 126 };
      }
      const startedAt = new Date().toISOString();
      writeWhole(folder, files.process, { process: held, keeper: null, startedAt });
      await letGo();
      void followToEnd(held, folder).then(ended.resolve, ended.reject);
      return { kind: 'started', process: held, keeper: null, startedAt };
    },
    signal(name) {
      if (name === 'SIGINT') interrupted = true;
      if (held !== null && isSameProcessAlive(held) !== false) process.kill(pid, name);
    },
    ended: ended.promise,
    quiet: ended.promise.then(() => null),
    abandon() {},
    release() {},
    logAbsent: 'the program was adopted: somebody else has its output',
    get interrupted() {
      return interrupted;
    },
    troubles: [],
  };
}

async function followToEnd(held: ProcessIdentity, folder: string): Promise<Exit> {
  while (isSameProcessAlive(held) !== false) await wait(lookMs);
  const exit = readExitFile(folder);
  const endedAt = new Date().toISOString();
  if (exit === null || (exit.exitCode === null && exit.signal === null)) {
    return { known: false, reason: 'the program was adopted, and left no exit behind' };
  }
  return {
    ...exit,
    known: true,
    leftRunning: false,
    startedAt: exit.startedAt ?? endedAt,
    endedAt: exit.endedAt ?? endedAt,
    durationMs: exit.durationMs ?? 0,
    log: null,
    failure: null,
  };
}

import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunIndex } from '../store/index/open-index.ts';
import type { Session } from './session.ts';

/** So few are read here in the time that another process takes to start. */
const fewJournals = 50;
const lookMs = 500;

/**
 * Has a process of its own read what is far behind: the first reading of many records takes
 * memory that this one, which stays for as long as its window, would not give back. What is
 * missing afterwards (all of it, where that process failed) is the caller's to read.
 */
export async function readApart(
  index: RunIndex,
  root: string,
  { deps, log }: Session,
  { meanwhile, isOver }: { meanwhile(): void; isOver(): boolean },
): Promise<void> {
  if (index.path() === null || index.behind() < fewJournals) return;
  const [command = process.execPath, ...words] = deps.indexCommand(root);
  const child = spawn(command, words, {
    cwd: root,
    env: deps.environment,
    stdio: 'ignore',
    windowsHide: true,
  });
  const ended = new Promise<true>((resolve) => {
    child.once('error', (error) => {
      log(`The records of ${root} are read here: ${error.message}`);
      resolve(true);
    });
    child.once('exit', () => resolve(true));
  });
  while (!(await Promise.race([ended, wait(lookMs, false)]))) {
    if (isOver()) {
      child.kill();
      return;
    }
    meanwhile();
  }
}

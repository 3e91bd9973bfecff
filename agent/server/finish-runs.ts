import { spawn } from 'node:child_process';
import type { Unfinished } from '../store/index/unfinished.ts';
import type { Session } from './session.ts';

/** A recorder that starts or hands over may be out of sight for a moment. */
const graceMs = 1500;

export interface Finisher {
  /** Looks at the runs without an end; true where one is to be looked at again soon. */
  look(root: string, runs: readonly Unfinished[]): boolean;
}

/**
 * Has the records finished whose recorder and keeper are gone, each by a process of its own that
 * outlives this one. Who of several agents comes first finishes; the others find it done.
 */
export function createFinisher(session: Session): Finisher {
  const abandonedSinceMs = new Map<string, number>();
  const taken = new Set<string>();
  return {
    look(root, runs) {
      const nowMs = performance.now();
      const abandoned = runs.filter(({ id, isAbandoned }) => isAbandoned && !taken.has(id));
      const ids = new Set(abandoned.map(({ id }) => id));
      for (const id of abandonedSinceMs.keys()) if (!ids.has(id)) abandonedSinceMs.delete(id);
      for (const id of ids) {
        const sinceMs = abandonedSinceMs.get(id) ?? nowMs;
        abandonedSinceMs.set(id, sinceMs);
        if (nowMs - sinceMs < graceMs) continue;
        taken.add(id);
        finish(session, root, id);
      }
      return [...ids].some((id) => !taken.has(id));
    },
  };
}

function finish({ deps, log }: Session, root: string, id: string): void {
  const [command = process.execPath, ...args] = deps.attendCommand(root, id);
  const child = spawn(command, args, {
    cwd: root,
    env: deps.environment,
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
  });
  child.on('error', (error) => log(`Run ${id} could not be finished: ${error.message}`));
  child.unref();
}

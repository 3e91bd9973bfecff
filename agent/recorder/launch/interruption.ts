import { constants } from 'node:os';
import { inheritedLimits } from '../keeper-inheritance.ts';

const stopping: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The user stopped the launch before the program was started. `exitCode` is a shell's. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`${signal} came before the program was started`);
    this.name = 'Interrupted';
    this.exitCode = 128 + constants.signals[signal];
  }
}

export interface Interruption {
  /** Rejects with `Interrupted`; never resolves. */
  readonly raised: Promise<never>;
  /** Aborted with it: for work that would go on for long. */
  readonly signal: AbortSignal;
  /** @throws Interrupted where a signal has come */
  check(): void;
  dispose(): void;
}

/**
 * Catches what stops a launch while it is prepared, so that nothing is left of it. From the start
 * of the program on such signals are the program's: `dispose` once somebody else catches them.
 */
export function catchInterruption(environment: NodeJS.ProcessEnv): Interruption {
  const { ignored } = inheritedLimits(environment);
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = new AbortController();
  promise.catch(() => {});
  let came: Interrupted | null = null;
  const handlers = stopping
    .filter((signal) => !ignored.includes(signal))
    .map((signal) => {
      const handler = () => {
        came ??= new Interrupted(signal);
        reject(came);
        abort.abort(came);
      };
      process.on(signal, handler);
      return { signal, handler };
    });
  return {
    raised: promise,
    signal: abort.signal,
    check() {
      if (came !== null) throw came;
    },
    dispose() {
      for (const { signal, handler } of handlers) process.off(signal, handler);
    },
  };
}

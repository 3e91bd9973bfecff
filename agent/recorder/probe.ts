import { identifyProcess, isSameProcessAlive } from './process-identity.ts';

/** How the store tells whether the processes of a run are still there. */
export const processProbe = {
  identifyProcess,
  /** One that cannot be seen into from here is not taken for dead. */
  isAlive: (identity: Parameters<typeof isSameProcessAlive>[0]) =>
    isSameProcessAlive(identity) !== false,
};

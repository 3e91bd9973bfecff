import { setImmediate } from 'node:timers/promises';

/**
 * Between two pieces of work that wait for nothing: takes what git has answered meanwhile, so that it
 * has its next question while the rest is read here.
 */
export const breathe = (): Promise<void> => setImmediate();
